"""One rule for every text that anybody writes on a case: it identifies nobody, or they say why."""

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from django.core.exceptions import ValidationError

from regulator.accounts.actors import Actor, LinkHolder
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.confirmation import IdentifierConfirmation, digests_of
from regulator.casework.identifiers import Finding, Kind, find
from regulator.casework.models import Case

LONGEST_REASON: Final = 2_000
MOST_CONFIRMED: Final = 50
"""How many findings one reason may answer for: beyond that the text is a list of people."""
MOST_FOUND: Final = 1_000
"""How many findings are looked at before a text is refused for all of them."""
_SHOWN: Final = 5
_AROUND: Final = 15
_PIECE: Final = 200_000
_OVERLAP: Final = 1_000
_LONGEST_NAME: Final = 250
_SPACE: Final = r"\s+"
_BETWEEN_TEXTS: Final = "\n\x00;\x00\n"


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with the field and the line (from 1) that it stands in; places count in the field's text."""

    field: str
    line: int
    excerpt: str
    finding: Finding

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same on this case, and is kept: kind and digest."""
        return self.finding.kind.value, digests_of(self.finding)[0]

    def is_among(self, confirmed: Set[tuple[str, str]]) -> bool:
        """Whether it was confirmed, also under a former key of the portal's that still counts."""
        kind = self.finding.kind.value
        return any((kind, digest) in confirmed for digest in digests_of(self.finding))

    @property
    def where(self) -> str:
        """ "an NHS number on line 3: “…943 476 5919…”"."""
        return f"{self.finding.kind.label} on line {self.line}: “{self.excerpt}”"

    def as_data(self) -> dict[str, str | int]:
        """What the API says of it."""
        finding = self.finding
        return {
            "field": self.field,
            "kind": finding.kind.value,
            "line": self.line,
            "start": finding.start,
            "end": finding.end,
        }


class IdentifiersFound(ValidationError):
    """A text seems to identify somebody. Each field's message says what, where, and what to do."""

    def __init__(self, found: tuple[Placed, ...]) -> None:
        self.found = found
        fields = dict.fromkeys(each.field for each in found)
        super().__init__(
            {name: [_message([each for each in found if each.field == name])] for name in fields}
        )

    @property
    def summary(self) -> str:
        """All that was found, in a line."""
        return _listed(list(self.found))


def refuse_identifiers(
    *,
    case: Case,
    texts: Mapping[str, str],
    by: Actor,
    reason: str = "",
    stored: Mapping[str, str] | None = None,
    asked_for: Mapping[str, Kind] | None = None,
) -> None:
    """Raise ``IdentifiersFound`` unless every identifier in ``texts`` was confirmed on this case, or is now.

    ``texts`` are by field; one that ``stored`` holds unchanged is not asked about again, nor what its field
    is there for (``asked_for``: an address for service by e-mail), nor the employer's own name and those of
    its sites: a practice may bear its owner's. With a ``reason`` each finding is kept as confirmed, and one
    event says so in digests. Call it inside ``writing``. No query where nothing is found. Raises
    ``ValidationError`` for a reason that itself identifies somebody, or that would answer for more than
    ``MOST_CONFIRMED`` findings.
    """
    known, wanted = stored or {}, asked_for or {}
    asked = {name: text for name, text in texts.items() if text and text != known.get(name)}
    found = (each for each in _placed(asked) if each.finding.kind != wanted.get(each.field))
    first = next(found, None)
    if first is None:
        return
    confirmed = set(case.identifier_confirmations.values_list("kind", "digest"))
    own = _own_names(case)
    unconfirmed = (
        each
        for each in chain([first], found)
        if not each.is_among(confirmed) and not _is_own_name(each, asked[each.field], own)
    )
    standing = tuple(islice(unconfirmed, MOST_FOUND))
    if not standing:
        return
    reason = reason.strip()
    if not reason or not isinstance(by, User | LinkHolder):
        raise IdentifiersFound(standing)
    _confirm(case, standing, by, reason)


def refuse_on_any(*, cases: Iterable[Case], texts: Mapping[str, str], by: Actor, reason: str = "") -> None:
    """Raise as ``refuse_identifiers`` would on the first of ``cases`` that refuses these texts; keep nothing.

    Asked once before a deed on many cases, so that nothing is done on some of them for a text that the others
    refuse. The deed's service asks again on each, and keeps there what was confirmed.
    """
    if reason.strip():
        found = {each.key for each in _placed(texts)}
        if found:
            _check_reason(reason.strip(), len(found))
        return
    for case in cases:
        refuse_identifiers(case=case, texts=texts, by=by)


def _confirm(case: Case, standing: tuple[Placed, ...], by: Actor, reason: str) -> None:
    once = {each.key: each for each in standing}
    _check_reason(reason, len(standing) if len(standing) == MOST_FOUND else len(once))
    person = by if isinstance(by, User) else None
    rows = [
        IdentifierConfirmation(
            case=case, field=each.field[:60], kind=kind, digest=digest, reason=reason, confirmed_by=person
        )
        for (kind, digest), each in once.items()
    ]
    IdentifierConfirmation.objects.bulk_create(rows)
    payload = {
        "confirmed": [{"field": row.field, "kind": row.kind, "digest": row.digest} for row in rows],
        "reason_sha256": text_digest(reason),
    }
    append("casework.identifiers_confirmed", case=case, by=by, payload=payload)


def _check_reason(reason: str, answers_for: int) -> None:
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"identifies_nobody": f"Use {LONGEST_REASON:,} characters or fewer."})
    if find(reason):
        raise ValidationError(
            {"identifies_nobody": "Give the reason without a name, a number or an address of a person."}
        )
    if answers_for > MOST_CONFIRMED:
        raise ValidationError(
            {
                "identifies_nobody": f"{answers_for} identifiers are too many to confirm together: at most "
                f"{MOST_CONFIRMED}. Take them out of the text."
            }
        )


def _own_names(case: Case) -> list["re.Pattern[str]"]:
    """Those names of the case's employer and its sites that read like a person's, to be looked for (two
    queries)."""
    names = [case.employer.name, *case.employer.sites.values_list("name", flat=True)]
    like = (name for name in names if any(each.kind is Kind.NAME for each in find(name)))
    return [re.compile(rf"(?<!\w){_SPACE.join(map(re.escape, name.split()))}(?!\w)", re.I) for name in like]


def _is_own_name(placed: Placed, text: str, own: list["re.Pattern[str]"]) -> bool:
    """Whether a name stands inside the whole of one of ``own``: "Mr Patel" in "Mr Patel Dental Care"."""
    finding = placed.finding
    if finding.kind is not Kind.NAME:
        return False
    begin = max(0, finding.start - _LONGEST_NAME)
    around = text[begin : finding.end + _LONGEST_NAME]
    return any(
        begin + match.start() <= finding.start and finding.end <= begin + match.end()
        for name in own
        for match in name.finditer(around)
    )


def _placed(texts: Mapping[str, str]) -> Iterator[Placed]:
    """What stands in each text, field by field. Short ones are read in one go first: mostly nothing does."""
    short = sum(map(len, texts.values())) <= _PIECE
    if short and not find(_BETWEEN_TEXTS.join(texts.values())):
        return
    for name, text in texts.items():
        line, counted = 1, 0
        for finding in _findings(text):
            line += text.count("\n", counted, finding.start)
            counted = finding.start
            yield Placed(name, line, _excerpt(text, finding), finding)


def _findings(text: str) -> Iterator[Finding]:
    """Those of ``find``, piece by piece, so that a document full of them is not held in memory.

    Pieces overlap by more than a finding and its context are long.
    """
    for place in range(0, len(text), _PIECE):
        base = max(0, place - _OVERLAP)
        for each in find(text[base : place + _PIECE + _OVERLAP]):
            start = base + each.start
            if place <= start < place + _PIECE:
                yield replace(each, start=start, end=base + each.end)


def _excerpt(text: str, finding: Finding) -> str:
    start, end = max(0, finding.start - _AROUND), min(len(text), finding.end + _AROUND)
    before, after = text[start : finding.start], text[finding.end : end]
    if start:
        before = f"…{before.partition(' ')[2]}"
    if end < len(text):
        after = f"{after.rpartition(' ')[0]}…"
    return " ".join(f"{before}{finding.text}{after}".split())


def _message(found: list[Placed]) -> str:
    return f"This seems to identify somebody: {_listed(found)}. Take it out, or say why it identifies nobody."


def _listed(found: list[Placed]) -> str:
    shown = "; ".join(each.where for each in found[:_SHOWN])
    return f"{shown}; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else shown
