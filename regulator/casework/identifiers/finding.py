"""What is looked for, and one look for all of it. How each is recognised has a module of its own.

Spaces that do not break, characters of no width, digits and letters of other scripts' forms, and letters that
look like Latin ones, hide nothing: the text is folded first, and what is found is told in places of the text
as it was written.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from regulator.casework.identifiers import births, contact, names, nhs_numbers
from regulator.casework.identifiers.folding import folded


class Kind(StrEnum):
    """What a finding is. The value is what the API says; ``label`` what people read."""

    NHS_NUMBER = "nhs_number"
    DATE_OF_BIRTH = "date_of_birth"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS: Final = {
    Kind.NHS_NUMBER: "an NHS number",
    Kind.DATE_OF_BIRTH: "a date of birth",
    Kind.EMAIL: "an e-mail address",
    Kind.PHONE: "a telephone number",
    Kind.NAME: "a person’s name",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier: ``text`` is the written text from ``start`` to ``end`` (in characters)."""

    kind: Kind
    start: int
    end: int
    text: str

    @property
    def normalised(self) -> str:
        """The same identifier however it was spaced and capitalised."""
        plain = folded(self.text)[0].casefold()
        kept = plain if self.kind is Kind.EMAIL else "".join(c for c in plain if c.isalnum())
        return f"{self.kind}:{kept}"


_SEEKERS: Final = (
    (Kind.NHS_NUMBER, nhs_numbers.seek),
    (Kind.EMAIL, contact.emails),
    (Kind.DATE_OF_BIRTH, births.seek),
    (Kind.PHONE, contact.phones),
    (Kind.NAME, names.seek),
)


def find(text: str) -> tuple[Finding, ...]:
    """Every identifier in ``text``, in its order; no two overlap. Takes time linear in its length."""
    plain, places = folded(text)
    taken: list[tuple[int, int, Kind]] = []
    for kind, seek in _SEEKERS:
        taken += [(start, end, kind) for start, end in seek(plain)]
    found: list[Finding] = []
    for start, end, kind in _apart(taken):
        first, last = (start, end) if places is None else (places[start], places[end - 1] + 1)
        found.append(Finding(kind, first, last, text[first:last]))
    return tuple(found)


def _apart(taken: list[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """Of findings that overlap the first, of those that begin together the longest."""
    kept: list[tuple[int, int, Kind]] = []
    for each in sorted(taken, key=lambda one: (one[0], -one[1])):
        if not kept or each[0] >= kept[-1][1]:
            kept.append(each)
    return kept
