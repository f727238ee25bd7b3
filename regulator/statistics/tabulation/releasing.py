"""A cross-table as it may leave CQC: small counts kept back, and none given away that is kept back elsewhere.

Tables of one period share the totals of their fields. So that one is never subtracted from another, in every
table of two fields the values whose totals are kept back are joined as one, and all totals are shown. Whoever
has several such tables then knows the same totals from each, and nothing that any of them keeps back.

A population may have a ``Breakdown`` that is public of every year, such as notifications by modality and
type of employer. A release by its field ``of`` is of a whole year, as the breakdown is. By ``of`` alone, or
by the breakdown's own two fields, it is the breakdown. Else the values of which the breakdown keeps anything
back are joined. Whichever table agrees with the breakdown then agrees with the release as well, for within
each modality the cases of the joined values can be dealt out among them in any way, and no line of the
release changes: so it tells nothing of what the breakdown keeps back, with however many other releases.

Why, and what this does not cover: docs/decisions/0038.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from regulator import clock
from regulator.periods import Period, reporting_year_of
from regulator.statistics.protecting import EVERY_MODALITY, protected
from regulator.statistics.suppression import RULE
from regulator.statistics.tables import Cell, Mark, Table
from regulator.statistics.tabulation.crossing import ALL, Crossed, as_table, label_of
from regulator.statistics.tabulation.registries import Breakdown, Dimension, Population, dimensions_of
from regulator.statistics.totals.cells import SOURCES

__all__ = ["MOST_PROTECTED", "NotForRelease", "for_release", "joined"]

MOST_PROTECTED: Final = 1_000
"""So many cells are protected while somebody waits for the page: some seconds at worst."""
_ONLY: Final = "c1"
"""The key of the one column of counts of a table by one field."""
_MODALITY: Final = "modality"
_Cells = Mapping[tuple[str, str], Cell]
_Places = frozenset[tuple[int, str]]


class NotForRelease(ValueError):
    """A table that cannot be made safe. ``str()`` says why, and what can be asked for instead."""


def for_release(found: Crossed) -> Table:
    """The table as it may leave CQC: small counts kept back (docs/decisions/0038). For a whole reporting year
    the margins that are public of it are taken as known, and are shown: what the annual report prints once
    the year is over, and what the dashboard prints while it runs.

    The queries are those of the population's ``breakdown``, where it has one by a field of the table. Raises
    ``NotForRelease`` for a table by a field that was typed, for one of more than ``MOST_PROTECTED`` cells,
    and for one by the field of a breakdown over other days than a reporting year that is over, or by another
    field that is public by the breakdown's field ``across`` already.
    """
    _refuse_what_was_typed(found)
    breakdown = _breakdown_beside(found)
    if breakdown is None:
        return _in_parts(found, {}) if found.columns_by else _protected(found, _public_totals(found))
    of, across = _dimension(found, breakdown.of), _dimension(found, breakdown.across)
    _refuse_unless_a_year_that_is_over(found.period, of)
    other = found.columns_by if found.rows_by is of else found.rows_by
    if other is not None and other is not across and other.is_published:
        raise NotForRelease(
            f"{other.label} is public by {_small(across)} already: by {_small(of)} as well, the two together "
            f"would give small counts away. Choose {_small(across)}, or a field that the annual report does "
            "not print."
        )
    cells = breakdown.cells(found.period)
    if other is None or other is across:
        return _as_public(found, _labelled(cells, of, across), of)
    return _in_parts(found, {of.label: _kept_back(cells, of)})


def joined(found: Crossed, kept_back: Mapping[str, Collection[str]]) -> Crossed:
    """The table of two fields with the values joined whose totals the release by their field alone keeps
    back, or that ``kept_back`` names for a field by its label; and notes that say so. So many more are
    joined, the least first, as it takes for the sum of them not to be small."""
    for dimension in (found.rows_by, found.columns_by):
        if dimension is not None:
            alone = _alone(found, dimension)
            values = kept_back.get(dimension.label)
            if values is None:
                values = _marked(_protected(alone, _public_totals(alone)))
            found = _with_joined(found, dimension, _enough(alone, values))
    return found


def _in_parts(found: Crossed, kept_back: Mapping[str, Collection[str]]) -> Table:
    """The table of two fields with all its totals shown, unless there is too little in all for that."""
    fit = joined(found, kept_back)
    table = as_table(fit)
    is_shown = found.total >= RULE.least or not found.total or _is_total_public(found)
    return _protected(fit, _totals(table) if is_shown else frozenset())


def _totals(table: Table) -> _Places:
    bottom, last = len(table.rows) - 1, table.columns[-1].key
    return frozenset(
        [(number, last) for number in range(bottom)] + [(bottom, column.key) for column in table.columns[1:]]
    )


def _alone(found: Crossed, dimension: Dimension) -> Crossed:
    """The table by one of its fields."""
    is_rows = found.rows_by is dimension
    counts: dict[tuple[str, str], int] = {}
    for (row, column), count in found.counts.items():
        place = (row if is_rows else column, "")
        counts[place] = counts.get(place, 0) + count
    rows = found.rows if is_rows else found.columns
    return replace(found, rows_by=dimension, columns_by=None, rows=rows, columns=("",), counts=counts)


def _marked(table: Table) -> list[str]:
    """The values whose total a table by one field keeps back."""
    return [str(row.cells[0]) for row in table.rows[:-1] if row.cells[1] is Mark.CONFIDENTIAL]


def _enough(alone: Crossed, values: Collection[str]) -> list[str]:
    """These values, and so many more, the least first, as it takes for their sum not to be small."""
    sizes = {value: alone.counts.get((value, ""), 0) for value in alone.rows}
    chosen = list(values)
    others = [each for each in alone.rows if each not in chosen]
    waiting = sorted(others, key=lambda each: (sizes[each], each))
    while chosen and waiting and sum(sizes.get(each, 0) for each in chosen) < RULE.least:
        chosen.append(waiting.pop(0))
    return chosen


def _breakdown_beside(found: Crossed) -> Breakdown | None:
    """The breakdown by whose field ``of`` the table counts."""
    breakdown = found.population.breakdown
    if breakdown is None:
        return None
    of = _dimension(found, breakdown.of)
    return breakdown if of in (found.rows_by, found.columns_by) else None


def _dimension(found: Crossed, name: str) -> Dimension:
    return dimensions_of(found.rows_by.population)[name]


def _small(dimension: Dimension) -> str:
    return dimension.label[:1].lower() + dimension.label[1:]


def _refuse_what_was_typed(found: Crossed) -> None:
    for dimension in (found.rows_by, found.columns_by):
        if dimension is not None and dimension.is_typed:
            raise NotForRelease(
                f"“{dimension.label}” is what employers typed, and may name a place. Choose another field, "
                "or keep this table inside CQC."
            )


def _refuse_unless_a_year_that_is_over(period: Period, of: Dimension) -> None:
    year = reporting_year_of(period.start)
    if not _is_year(period):
        raise NotForRelease(
            f"By {_small(of)} a table is released for a whole reporting year: what is released of a part "
            f"could be taken off what is public of all of it. Ask for {year.label}; to tell parts of it "
            "apart choose the month or the quarter as the other field."
        )
    if not _is_over(year):
        raise NotForRelease(
            f"{year.label} is not over. By {_small(of)} a table is released once its reporting year is over: "
            "only then is it settled which counts are kept back in public. Ask for an earlier year."
        )


def _is_year(period: Period) -> bool:
    return period == reporting_year_of(period.start)


def _is_over(period: Period) -> bool:
    return period.end < clock.today()


def _protected(found: Crossed, known: _Places, hidden: _Places = frozenset()) -> Table:
    table = as_table(found)
    if len(table.rows) * (len(table.columns) - 1) > MOST_PROTECTED:
        raise NotForRelease(
            "This table has more cells than can be protected while you wait. Choose a field with fewer "
            "values."
        )
    total = None if found.columns_by is None else ALL
    return protected(table, total=total, known=known, hidden=hidden)


def _public_totals(alone: Crossed) -> _Places:
    """Of a table by one field, the counts that can be read elsewhere."""
    if not _is_total_public(alone):
        return frozenset()
    rows = range(len(alone.rows) + 1) if _is_public(alone.rows_by, alone.period) else [len(alone.rows)]
    return frozenset((number, _ONLY) for number in rows)


def _is_total_public(found: Crossed) -> bool:
    """Whether the count of all is: in the annual report on a year that is over, on the dashboard before."""
    return _is_year(found.period) and (_is_over(found.period) or _is_on_dashboard(found.population))


def _is_public(dimension: Dimension, year: Period) -> bool:
    """Whether, of a reporting year whose total is public, the counts by a field are. While it runs nothing
    finer than the modality is."""
    if _is_over(year):
        return dimension.is_published
    return dimensions_of(dimension.population).get(_MODALITY) is dimension


def _is_on_dashboard(population: Population) -> bool:
    """Whether the public totals count the same, by month and modality and from day to day."""
    return any(source.figure == population.figure for source in SOURCES.values())


def _labelled(cells: _Cells, of: Dimension, across: Dimension) -> dict[tuple[str, str], Cell]:
    """The cells of the breakdown by what their values are called."""
    return {
        (at if at == EVERY_MODALITY else label_of(across, at), label_of(of, value)): cell
        for (at, value), cell in cells.items()
    }


def _as_public(found: Crossed, cells: _Cells, of: Dimension) -> Table:
    """The table with what the breakdown shows shown, and what it keeps back kept back: values that count
    nothing, and are kept back, among it."""
    kept_back = [place for place, cell in cells.items() if cell is Mark.CONFIDENTIAL]
    whole = _with_values(found, of, dict.fromkeys(value for _, value in kept_back))
    turned = of is not whole.rows_by
    table = as_table(whole)
    bottom, last = len(table.rows) - 1, table.columns[-1].key
    hidden = set()
    for number, row in enumerate(table.rows):
        for column in table.columns[1:]:
            ends = (
                EVERY_MODALITY if number == bottom else str(row.cells[0]),
                EVERY_MODALITY if column.key == last else column.heading,
            )
            place = ends if turned else (ends[1], ends[0])
            if cells.get(place) is Mark.CONFIDENTIAL:
                hidden.add((number, column.key))
    places = {(number, column.key) for number in range(bottom + 1) for column in table.columns[1:]}
    return _protected(whole, frozenset(places - hidden), frozenset(hidden))


def _with_values(found: Crossed, of: Dimension, values: Mapping[str, None]) -> Crossed:
    """The table with a line for each of the values too."""
    if found.rows_by is of:
        return replace(found, rows=(*found.rows, *(each for each in values if each not in found.rows)))
    more = tuple(each for each in values if each not in found.columns)
    return replace(found, columns=(*found.columns, *more))


def _kept_back(cells: _Cells, of: Dimension) -> list[str]:
    """What the values are called of which the breakdown keeps anything back."""
    values = dict.fromkeys(value for (_, value), cell in cells.items() if cell is Mark.CONFIDENTIAL)
    return [label_of(of, value) for value in values]


def _with_joined(found: Crossed, dimension: Dimension, values: Collection[str]) -> Crossed:
    """The table with these values of a field as one line, the last, and a note that says so."""
    if len(values) < 2:
        return found
    is_rows = found.rows_by is dimension
    together = f"{len(values)} values together"
    line = found.rows if is_rows else found.columns
    line = (*(each for each in line if each not in values), together)
    counts: dict[tuple[str, str], int] = {}
    for (row, column), count in found.counts.items():
        place = (
            together if is_rows and row in values else row,
            together if not is_rows and column in values else column,
        )
        counts[place] = counts.get(place, 0) + count
    note = (
        f"{dimension.label}: {len(values)} values are joined as one. Tables by this field alone keep small "
        "counts of theirs back, which this table could give away."
    )
    return replace(
        found,
        rows=line if is_rows else found.rows,
        columns=found.columns if is_rows else line,
        counts=counts,
        joined=(*found.joined, note),
    )
