"""Other cases that the page of a case names: whoever may not see one is told that there is one, and no
more."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from regulator.accounts.models import User
from regulator.casework.desk import DeskTable, FactSection
from regulator.casework.models import Case

UNSEEN: Final = "A restricted case"


def unseen_by(by: User, named: Iterable[Case]) -> set[int]:
    """The keys of those among ``named`` that are restricted and that ``by`` may not see. One query where a
    restricted case is named; none otherwise."""
    restricted = {each.pk for each in named if each.is_restricted}
    if not restricted:
        return set()
    seen = Case.objects.for_user(by).filter(pk__in=restricted)
    return restricted - set(seen.values_list("pk", flat=True))


def told_to(
    by: User, sections: Sequence[FactSection], tables: Sequence[DeskTable]
) -> tuple[list[FactSection], list[DeskTable]]:
    """The facts and the tables of a case's page as ``by`` may read them.

    A row that names a restricted case which ``by`` may not see says "A restricted case" and nothing else. One
    query where a restricted case is named; none otherwise.
    """
    rows: list[tuple[object, ...]] = [row for each in sections for row in each.rows]
    rows += [row for each in tables for row in each.rows]
    unseen = unseen_by(by, (each for row in rows for each in _cases(row)))
    if not unseen:
        return list(sections), list(tables)
    return (
        [replace(each, rows=tuple(_fact(row, unseen) for row in each.rows)) for each in sections],
        [replace(each, rows=tuple(_cells(row, unseen) for row in each.rows)) for each in tables],
    )


def row_for_anybody(case: Case, *cells: object) -> tuple[object, ...]:
    """A row about a case for readers who may be anybody of CQC's staff: of a restricted one no cell is told,
    not even its reference."""
    return (UNSEEN, *[""] * len(cells)) if case.is_restricted else (str(case), *cells)


def _fact(row: tuple[str | Case, object], unseen: set[int]) -> tuple[str | Case, object]:
    if not any(each.pk in unseen for each in _cases(row)):
        return row
    return (UNSEEN, "") if isinstance(row[0], Case) else (row[0], UNSEEN)


def _cells(row: tuple[object, ...], unseen: set[int]) -> tuple[object, ...]:
    if not any(each.pk in unseen for each in _cases(row)):
        return row
    return (UNSEEN, *[""] * (len(row) - 1))


def _cases(row: Iterable[object]) -> Iterable[Case]:
    """The cases among the cells of a row, also those in a list within a cell."""
    for cell in row:
        if isinstance(cell, Case):
            yield cell
        elif isinstance(cell, list | tuple):
            yield from _cases(cell)
