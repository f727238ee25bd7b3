"""The paper of a bundle: a case as it stood after one of its events, in words, as an ordered PDF with an
index.

The same events, and the same texts beside them, give the same bytes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from regulator.accounts.models import User
from regulator.casework.desk import DeskTable, FactSection
from regulator.casework.evidence.confidence import without_confidences
from regulator.casework.evidence.letters import LETTERS
from regulator.casework.evidence.past import State
from regulator.casework.evidence.showing import Block, in_words
from regulator.casework.mentions import told_to
from regulator.casework.models import Case, Event
from regulator.casework.telling import events_of, timeline
from regulator.casework.wording import as_text
from regulator.documents import render

TEMPLATE: Final = Path(__file__).parent.parent / "documents" / "bundle.typ"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file on the case: where it lies in the bundle, or why it was left out."""

    name: str
    path: str
    size: int
    sha256: str
    left_out: str = ""

    def rows(self) -> list[list[str]]:
        where = ["Left out", self.left_out] if self.left_out else ["In this bundle", self.path]
        return [where, ["Size", f"{self.size:,} bytes"], ["SHA-256", self.sha256]]


def as_pdf(case: Case, state: State, *, head: Event | None, files: Sequence[Enclosed], asker: User) -> bytes:
    """The paper of ``case`` in ``state``, just after ``head``. Other cases that ``asker`` may not see are not
    named in it."""
    made_at = head.occurred_at if head else case.created_at
    chapters = [
        *_state(case, state, asker),
        _letters(case, state),
        _timeline(case, head),
        _chapter("Attachments", _attachments(files), "No file was attached."),
    ]
    facts = {
        "reference": str(case),
        "subject": f"{case.kind_label} of {case.employer}",
        "head": {
            "sequence": str(head.sequence) if head else "none",
            "when": as_text(made_at),
            "hash": head.hash if head else "none",
        },
        "chapters": chapters,
    }
    return render(TEMPLATE, facts, made_at=made_at)


def _state(case: Case, state: State, asker: User) -> Iterable[dict[str, Any]]:
    """Facts first, then clocks, and then the rest, as ``showing`` puts them."""
    blocks = in_words(case, state)
    facts, tables = told_to(
        asker,
        [each for each in blocks if not isinstance(each, DeskTable)],
        [each for each in blocks if isinstance(each, DeskTable)],
    )
    yield _chapter("Facts and coding", list(map(_block, facts)))
    clocks = [each for each in tables if each.title in _CLOCKS]
    rest = [each for each in tables if each.title not in _CLOCKS]
    yield _chapter("Clocks", list(map(_block, clocks)))
    yield _chapter("Texts and other records", list(map(_block, rest)))


_CLOCKS: Final = frozenset({"Clocks", "When clocks stood still", "More time asked for"})


def _chapter(title: str, blocks: list[dict[str, Any]], empty: str = "None.") -> dict[str, Any]:
    return {"title": title, "blocks": blocks, "empty": empty}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, FactSection):
        return {"title": block.title, "empty": "None.", "rows": [_pairs(block.rows)]}
    return {
        "title": block.title,
        "empty": block.empty,
        "rows": [_pairs(row) for row in block.labelled_rows()],
    }


def _pairs(rows: Iterable[tuple[object, object]]) -> list[list[str]]:
    return [[str(label), as_text(value)] for label, value in rows]


def _letters(case: Case, state: State) -> dict[str, Any]:
    letters = [each for read in LETTERS.values() for each in read(case, state)]
    blocks = [
        {
            "title": f"Letter {place}: {each.subject}",
            "empty": "",
            "rows": [
                _pairs(
                    [("To", each.to), ("Sent", each.sent), ("Template", each.template), ("Text", each.body)]
                )
            ],
        }
        for place, each in enumerate(letters, 1)
    ]
    return _chapter("Letters as they were sent", blocks, "No letter had been sent.")


def _timeline(case: Case, head: Event | None) -> dict[str, Any]:
    happened = events_of(case).filter(sequence__lte=head.sequence if head else 0)
    events = without_confidences(happened.order_by("sequence"))
    cells = [
        [
            str(row.sequence),
            "\n".join(filter(None, (f"{row.label} {row.moved}".strip(), row.reason))),
            f"{row.who}\n{as_text(row.occurred_at)}",
        ]
        for row in timeline(case, events)
    ]
    block = {
        "title": "Every event, the first one first",
        "empty": "No event was recorded.",
        "headings": ["Event", "What happened", "By whom, and when"],
        "rows": cells,
    }
    return _chapter("Timeline", [block])


def _attachments(files: Sequence[Enclosed]) -> list[dict[str, Any]]:
    return [
        {"title": f"File {place}: {each.name}", "empty": "", "rows": [each.rows()]}
        for place, each in enumerate(files, 1)
    ]
