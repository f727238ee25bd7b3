"""Writing the text at one place of the outline."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError

from regulator.accounts.models import User
from regulator.casework.errors import StaleVersion
from regulator.casework.identifiers import find
from regulator.statistics.numbers import NUMBERS
from regulator.statistics.reports.composing import texts_of
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.outline import places
from regulator.statistics.reports.permissions import WRITE, permit_now
from regulator.statistics.reports.prose import LONGEST, cases_in, faults
from regulator.statistics.reports.services.holding import changing, record, refuse_unless_open, undo_signature
from regulator.statistics.told import library


def checked_text(text: str, *, report: Report, place: str) -> str:
    """``text`` in the form in which it is kept at ``place`` of ``report`` (2 queries where it tells a case,
    else none). Raises ``ValidationError`` by field for one that is too long, that names a number which there
    is not, that tells a case which does not stand in the library or is told already, or that seems to
    identify a person: it is published."""
    kept, wrong = _read(text)
    _refuse([*wrong, *_wrong_cases(cases_in(kept), report, place)])
    return kept


def _read(text: str) -> tuple[str, list[str]]:
    """``text`` as it is kept, and what is wrong with it by itself (no query)."""
    kept = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    wrong = faults(kept, list(NUMBERS))
    if len(kept) > LONGEST:
        wrong.append(f"Use {LONGEST:,} characters or fewer.")
    wrong += [
        f"This seems to hold {found.kind.label}: “{found.text[:40]}”. Take it out: the report is published."
        for found in find(kept)[:5]
    ]
    return kept, wrong


def _refuse(wrong: Sequence[str]) -> None:
    if wrong:
        raise ValidationError({"text": wrong})


def _wrong_cases(cases: Sequence[int], report: Report, place: str) -> Iterator[str]:
    """What is wrong with telling these cases there: they do not stand, or the report tells them elsewhere."""
    if not cases:
        return
    gone = library().gone(cases)
    told = told_at(report)
    for number in cases:
        if number in gone:
            yield f"There is no case {number} in the library of learning. Choose from the list of cases."
        elsewhere = told.get(number, place)
        if elsewhere != place:
            heading = places()[elsewhere].heading
            yield f"Case {number} is told already in “{heading}”. A report tells a case once."


def told_at(report: Report) -> dict[int, str]:
    """The place at which a text of the report tells a case, by the case's number (1 query)."""
    standing = texts_of(report)
    return {number: place for place, block in standing.items() for number in cases_in(block.text)}


def write_block(*, report: Report, place: str, text: str, by: User, version: int) -> Block:
    """Write the text at ``place``; the earlier versions are kept. An empty text takes the block out.

    ``version`` is the number of the version that was read, 0 where there was none. A signature of the report
    is undone. The same text again is no new version. Raises ``NotPermitted``; ``LookupError`` for a place
    that the outline has not; ``StaleVersion`` where somebody wrote another version meanwhile;
    ``NotAllowedNow`` for a published edition; ``ValidationError`` as ``checked_text``.
    """
    if place not in places():
        raise LookupError(f"the outline has no place {place!r}")
    permit_now(by, WRITE)
    kept, wrong = _read(text)  # before the chain is held: of a long text it takes a while
    with changing(report, by=by, permission=WRITE) as held:
        refuse_unless_open(held)
        wrong += _wrong_cases(cases_in(kept), held, place)  # here, so that two never tell one case at once
        _refuse(wrong)
        newest = held.blocks.filter(place=place).order_by("-number").first()
        number = newest.number if newest else 0
        if number != version:
            raise StaleVersion(read=version, current=number, what="text")
        if newest is not None and newest.text == kept:
            return newest
        if newest is None and not kept:
            raise ValidationError({"text": "Enter the text."})
        block = Block.objects.create(report=held, place=place, number=number + 1, text=kept, written_by=by)
        undo_signature(held, by)
        record("block_written", held, by, place=place, number=block.number)
    return block
