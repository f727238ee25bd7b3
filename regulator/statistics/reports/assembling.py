"""The report in the order of its outline: sections, and in each its text and tables. Pure.

Pages and the PDF draw from this; so no form can hold a sentence, a table or a told case that another lacks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.prose import filled
from regulator.statistics.tables import Table

__all__ = ["Chapter", "Item", "assembled", "chapters"]


@dataclass(frozen=True, slots=True)
class Item:
    """A text (its parts, numbers and told cases in place: ``prose.filled``) or a table."""

    prose: tuple[dict[str, Any], ...] = ()
    table: Table | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A section with its items; ``parts`` are the sections below it, of a chapter alone."""

    key: str
    level: int
    heading: str
    items: tuple[Item, ...]
    parts: tuple["Chapter", ...] = field(default=())


def assembled(content: Content) -> tuple[Chapter, ...]:
    """Every section that holds something, or below which one does, in order."""
    found = [
        Chapter(each["key"], each["level"], each["heading"], tuple(_items(each["holds"], content)))
        for each in content.data["sections"]
    ]
    return tuple(
        each for place, each in enumerate(found) if each.items or _holds_below(each, found[place + 1 :])
    )


def chapters(content: Content) -> tuple[Chapter, ...]:
    """The same as chapters with their parts."""
    made: list[tuple[Chapter, list[Chapter]]] = []
    for each in assembled(content):
        if each.level == 2 or not made:
            made.append((each, []))
        else:
            made[-1][1].append(each)
    return tuple(
        Chapter(each.key, each.level, each.heading, each.items, tuple(parts)) for each, parts in made
    )


def _items(holds: Sequence[dict[str, str]], content: Content) -> Iterator[Item]:
    for each in holds:
        if "table" in each:
            yield Item(table=content.tables[each["table"]])
        elif text := content.texts.get(each["text"], ""):
            yield Item(tuple(filled(text, content.number_texts, content.cases)), place=each["text"])


def _holds_below(section: Chapter, after: Sequence[Chapter]) -> bool:
    for each in after:
        if each.level <= section.level:
            return False
        if each.items:
            return True
    return False
