"""Cases that a freeze tells otherwise than the library does now."""

from collections.abc import Mapping
from dataclasses import dataclass

from regulator.statistics.reports.frozen import Content
from regulator.statistics.told import ToldCase, library

__all__ = ["Overtaken", "overtaken"]


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A case that was withdrawn or revised since: ``what`` became of it and what ``to_do``, in words."""

    number: int
    what: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.what} {self.to_do}"


def overtaken(frozen: Mapping[int, Content]) -> dict[int, list[Overtaken]]:
    """Of each content, by its key: the cases that it tells and that were withdrawn from the library or
    revised there since, by number (1 query; none where no case is told)."""
    told = {
        key: {each["number"]: each["revision"] for each in content.data.get("cases", ())}
        for key, content in frozen.items()
    }
    numbers = {number for revisions in told.values() for number in revisions}
    standing = library().standing(numbers) if numbers else {}
    return {key: _overtaken(revisions, standing) for key, revisions in told.items()}


def _overtaken(revisions: Mapping[int, int], standing: Mapping[int, ToldCase]) -> list[Overtaken]:
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
