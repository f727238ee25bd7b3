"""What moved between two freezes: by table and cell, by number, by text and by told case. Pure.

Rows are matched by what they are called, and rows of a tree by the whole way to them, so that a row that was
added in between does not shift the others.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from regulator.statistics.reports.frozen import Content
from regulator.statistics.tables import Cell, Mark, Table, shown

__all__ = ["Moved", "MovedCell", "moved", "row_names"]

NOT_THERE: Final = "not there"
_Place = tuple[str, str]
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MovedCell:
    """One cell, before and after, as people read them."""

    row: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedTable:
    name: str
    title: str
    cells: tuple[MovedCell, ...]


@dataclass(frozen=True, slots=True)
class MovedNumber:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MovedCase:
    """A case of the library: ``what`` became of it in the report, in words; ``title`` is empty of one that
    was withdrawn from the library."""

    number: int
    title: str
    what: str

    @property
    def called(self) -> str:
        return f"Case {self.number}, “{self.title}”," if self.title else f"Case {self.number}"


@dataclass(frozen=True, slots=True)
class Moved:
    """``texts`` are the places whose text is another. False where nothing moved."""

    tables: tuple[MovedTable, ...]
    numbers: tuple[MovedNumber, ...]
    texts: tuple[str, ...]
    cases: tuple[MovedCase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tables or self.numbers or self.texts or self.cases)

    @property
    def cells(self) -> int:
        return sum(len(each.cells) for each in self.tables)


def moved(before: Content, after: Content) -> Moved:
    """What ``after`` says otherwise than ``before``, in the order of ``after``."""
    names = list(dict.fromkeys([*after.tables, *before.tables]))
    tables = (_table(before.tables.get(name), after.tables.get(name)) for name in names)
    numbers = _numbers(before, after)
    places = dict.fromkeys([*after.texts, *before.texts])
    return Moved(
        tuple(each for each in tables if each is not None),
        tuple(numbers),
        tuple(place for place in places if before.texts.get(place, "") != after.texts.get(place, "")),
        tuple(_cases_moved(before, after)),
    )


def _cases_moved(before: Content, after: Content) -> Iterator[MovedCase]:
    """Compared as they were frozen, called as they may be shown."""
    was, now = ({each["number"]: each for each in of.data.get("cases", ())} for of in (before, after))
    for number in sorted({*was, *now}):
        shown = after.cases.get(number) or before.cases[number]
        title = "" if "withdrawn_on" in shown else str(shown["title"])
        if number not in was:
            yield MovedCase(number, title, "is told now")
        elif number not in now:
            yield MovedCase(number, title, "is no longer told" if title else "was withdrawn from the library")
        elif was[number] != now[number]:
            yield MovedCase(number, title, "was revised in the library")


def _numbers(before: Content, after: Content) -> Iterator[MovedNumber]:
    for name in dict.fromkeys([*after.numbers, *before.numbers]):
        was, now = before.number_texts.get(name, NOT_THERE), after.number_texts.get(name, NOT_THERE)
        if was != now:
            yield MovedNumber(name, *_both(was, now))


def _table(before: Table | None, after: Table | None) -> MovedTable | None:
    either = after or before
    if either is None:
        return None
    was, now = _cells(before), _cells(after)
    cells = tuple(
        MovedCell(row, column, *_both(was.get((row, column), NOT_THERE), now.get((row, column), NOT_THERE)))
        for row, column in dict.fromkeys([*now, *was])
        if was.get((row, column)) != now.get((row, column))
    )
    return MovedTable(either.name, either.title, cells) if cells else None


def _both(was: str, now: str) -> tuple[str, str]:
    """Before and after; neither number, where one of them is kept back."""
    return (was, now) if Mark.CONFIDENTIAL not in (was, now) else (str(Mark.CONFIDENTIAL),) * 2


def _cells(table: Table | None) -> dict[_Place, str]:
    """Each cell beside the row's name, by the row and the column."""
    if table is None:
        return {}
    found: dict[_Place, str] = {}
    columns = table.columns[table.headings :]
    for row, cells in zip(row_names(table), table.rows, strict=True):
        for column, cell in zip(columns, cells.cells[table.headings :], strict=True):
            found[row, column.heading] = shown(cell, column.kind)
    return found


def row_names(table: Table) -> Iterator[str]:
    """What each row is called: the way to it in a tree, and which of several of one name it is."""
    way: list[str] = []
    times: Counter[_Key] = Counter()
    for row in table.rows:
        del way[row.depth :]
        own = ", ".join(_text(cell) for cell in row.cells[: table.headings])
        way.append(own)
        key = tuple(way)
        times[key] += 1
        again = f" ({times[key]})" if times[key] > 1 else ""
        yield f"{' > '.join(way)}{again}"


def _text(cell: Cell) -> str:
    return str(cell)
