"""What a freeze holds, as plain data that is kept and read back. Pure.

The same content has the same bytes: keys are sorted, decimals are texts. A table is read back as it was
frozen, so that every form draws from a ``Table`` and none from the cases.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from regulator.periods import Period, reporting_year
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table, as_plain, shown
from regulator.statistics.told import PARTS, ToldCase

__all__ = ["Content", "FrozenNumber", "day_in_words", "written_cases", "written_table"]

_MARKS: Final = {mark.value: mark for mark in Mark}


@dataclass(frozen=True, slots=True)
class FrozenNumber:
    """One number for prose: ``cell`` as it was, ``kind`` how it is shown."""

    name: str
    meaning: str
    kind: Kind
    cell: Cell

    @property
    def text(self) -> str:
        return shown(self.cell, self.kind)


@dataclass(frozen=True)
class Content:
    """The plain data of a freeze, and what it says.

    ``data`` has the keys ``year``, ``as_of``, ``values_sha256``, ``figures`` (name, title, meaning, unit,
    basis, caveats, source, previous_published_in, tables), ``tables``, ``numbers``, ``sections`` (key, level,
    heading, holds: each a ``table`` or a ``text``), ``disagreements`` (as ``statistics.disagreements`` has
    them), ``texts`` (place to text) and, where the text tells any, ``cases`` (as ``ToldCase`` has them,
    sorted by number). ``withdrawn`` are cases that were taken out of the library since, by number with the
    day: what was frozen stays and so does its digest, but no form shows them.
    """

    data: Mapping[str, Any]
    withdrawn: Mapping[int, date] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> "Content":
        return cls(json.loads(text))

    def written(self) -> str:
        """As it is kept."""
        return json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def input_sha256(self) -> str:
        """SHA-256 (hex) over everything but the day on which it was read."""
        everything = {key: value for key, value in self.data.items() if key != "as_of"}
        canonical = json.dumps(everything, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("ascii")).hexdigest()

    @property
    def period(self) -> Period:
        return reporting_year(self.data["year"])

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.data["as_of"])

    @property
    def values_sha256(self) -> str:
        return str(self.data["values_sha256"])

    @cached_property
    def tables(self) -> dict[str, Table]:
        """By name, in the order of the figures."""
        return {each["name"]: _table(each) for each in self.data["tables"]}

    @cached_property
    def numbers(self) -> dict[str, FrozenNumber]:
        found: Iterable[Mapping[str, Any]] = self.data["numbers"]
        return {
            each["name"]: FrozenNumber(
                each["name"], each["meaning"], Kind(each["kind"]), _cell(each["value"], Kind(each["kind"]))
            )
            for each in found
        }

    @cached_property
    def number_texts(self) -> dict[str, str]:
        """Each number as prose shows it."""
        return {name: number.text for name, number in self.numbers.items()}

    @cached_property
    def cases(self) -> dict[int, dict[str, Any]]:
        """Each case that the text tells, by its number, as every form shows it: ``number``, ``title``,
        ``modality``, ``cause``, ``path`` and ``told``, a list of texts with ``name`` and ``heading``; of one
        that was withdrawn ``number``, ``title``, ``withdrawn_on`` (ISO) and ``words`` alone."""
        return {each["number"]: self._case(each) for each in self.data.get("cases", ())}

    def _case(self, held: Mapping[str, Any]) -> dict[str, Any]:
        number = held["number"]
        if number in self.withdrawn:
            day = self.withdrawn[number]
            return {
                "number": number,
                "title": f"Case {number}",
                "withdrawn_on": day.isoformat(),
                "words": f"This case was withdrawn from the library on {day_in_words(day)}.",
            }
        return {
            **{name: held[name] for name in ("number", "title", "modality", "cause", "path")},
            "told": [{"name": name, "heading": heading, "text": held[name]} for name, heading in PARTS],
        }

    @property
    def texts(self) -> Mapping[str, str]:
        """What is written at each place of the outline."""
        found: Mapping[str, str] = self.data["texts"]
        return found


def written_table(table: Table) -> dict[str, Any]:
    """A table as a freeze keeps it: as JSON shows it, and how many of its columns name the row."""
    return as_plain(table) | {"headings": table.headings}


def written_cases(cases: Iterable[ToldCase]) -> list[dict[str, Any]]:
    """Cases as a freeze keeps them, sorted by number."""
    return [asdict(each) for each in sorted(cases, key=lambda each: each.number)]


def day_in_words(day: date) -> str:
    """ "3 June 2019"."""
    return f"{day.day} {day:%B} {day.year}"


def _table(told: Mapping[str, Any]) -> Table:
    columns = tuple(Column(each["key"], each["heading"], Kind(each["kind"])) for each in told["columns"])
    return Table(
        name=told["name"],
        title=told["title"],
        columns=columns,
        rows=tuple(
            Row(
                tuple(_cell(row[column.key], column.kind) for column in columns),
                depth=row["depth"],
                is_total=row["is_total"],
            )
            for row in told["rows"]
        ),
        unit=told["unit"],
        basis=told["basis"],
        notes=tuple(told["notes"]),
        source=told["source"],
        number=told["number"],
        headings=told["headings"],
    )


def _cell(value: int | str, kind: Kind) -> Cell:
    """A cell, read back: a text stays one where the column holds texts, else it is a mark or a decimal."""
    if isinstance(value, int):
        return value
    if value in _MARKS:
        return _MARKS[value]
    return value if kind is Kind.TEXT else Decimal(value)
