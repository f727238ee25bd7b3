"""Cases that a freeze tells otherwise than the library does now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Freeze, FrozenCase
from regulator.statistics.told import library

__all__ = ["Overtaken", "overtaken"]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A case that was withdrawn or revised since: ``what`` became of it and what ``to_do``, in words."""

    number: int
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}"


def overtaken(freeze: int) -> list[Overtaken]:
    """The cases that the freeze (its key) tells and that were withdrawn from the library or revised there
    since, by number (2 queries; 1 where it tells no case)."""
    tells = Exists(FrozenCase.objects.filter(freeze=OuterRef("pk")))
    text = Freeze.objects.filter(tells, pk=freeze).values_list("content", flat=True).first()
    return _overtaken(Content.read(text).data.get("cases", ())) if text else []


def _overtaken(cases: Iterable[Mapping[str, Any]]) -> list[Overtaken]:
    revisions = {each["number"]: each["revision"] for each in cases}
    standing = library().standing(revisions)
    found = []
    for number, revision in sorted(revisions.items()):
        now = standing.get(number)
        if now is None:
            what = f"Case {number} was withdrawn from the library since."
            found.append(Overtaken(number, what, "Take it out of the text and freeze the report again."))
        elif now.revision != revision:
            what = f"Case {number} was revised in the library since."
            found.append(Overtaken(number, what, "Freeze the report again."))
    return found
