"""A page of the list: which entries, in which order, after which; and how many there are in all.

A page begins after an entry, never after a number of them, so the last page costs what the first does. On
PostgreSQL the plan is chosen here, by what the register's list of words knows: where something sought is
rare, all that is found is gathered and sorted; where all of it is common, the order is walked until a page
is full. All tables below are the register's own, and all that was typed is a parameter.
"""

# ruff: noqa: S608

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db import connection

from enforcement.register import finding
from enforcement.register.finding import TABLE, Asked
from enforcement.register.models import EntryText
from enforcement.register.words import Sought

PAGE_SIZE: Final = 20
MOST_COUNTED: Final = 10_000
"""Up to here a result is counted; beyond, it is "more than" so many."""
LEAST_TOLD: Final = 100
"""Of several things that are each common, "more than" so many is said rather than all counted."""
MOST_GATHERED: Final = 2_000
"""Where something sought stands in no more entries than that, all that is found is gathered."""
MOST_WALKED: Final = 4_000
"""So many entries are walked for a page before all is gathered after all; for a longer page more."""
WALKED_FOR_ONE: Final = 160
"""So many are walked for each entry of a page: of what stands in one of a hundred, a page is full by then."""

Key = tuple[str | int, ...]
Column = tuple[str, bool]
"""A column, and whether it descends."""

ORDERS: Final[dict[str, tuple[Column, ...]]] = {
    "newest": (("served_on", True), ("entry_id", True)),
    "oldest": (("served_on", False), ("entry_id", False)),
    "employer": (("employer", False), ("served_on", True), ("entry_id", True)),
    "changed": (("changed", True), ("entry_id", True)),
    "unchanged": (("changed", False), ("entry_id", False)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to show: entries that hold what is ``sought``, served between two days, and changed by
    the register's change of number ``changed_from`` or a later one."""

    sought: Sought
    served_from: date | None = None
    served_to: date | None = None
    changed_from: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: behind the entry of this key, or where ``backwards`` ends before it."""

    key: Key
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The keys of a page's entries in their order, whether there are any before and after them, how many
    there are in all (or, with ``more``, more than how many), and what of what was sought stands on no entry
    at all."""

    keys: tuple[int, ...]
    before: bool
    after: bool
    total: int
    missing: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class _Total:
    """How many there are; with ``more``, there are more."""

    number: int
    more: bool = False

    @classmethod
    def up_to_most(cls, counted: int) -> "_Total":
        return cls(min(counted, MOST_COUNTED), counted > MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a condition, with its parameters."""

    sql: str
    params: tuple[str | int, ...] = ()


def by_days(wanted: Wanted) -> Wanted:
    """The same, with each year, month and day of service as days: along these an order can be walked."""
    spans = [term.days for term in wanted.sought.terms if term.days is not None]
    others = tuple(term for term in wanted.sought.terms if term.days is None)
    first = [*(first for first, _ in spans), *([wanted.served_from] if wanted.served_from else [])]
    last = [*(last for _, last in spans), *([wanted.served_to] if wanted.served_to else [])]
    sought = Sought(others, wanted.sought.nothing)
    return replace(
        wanted,
        sought=sought,
        served_from=max(first, default=None),
        served_to=min(last, default=None),
    )


def place_of(text: EntryText, order: str) -> str:
    """The place of an entry in an order, as an address says it: "2021-07-20.15"."""
    return ".".join(str(getattr(text, column)) for column, _ in ORDERS[order])


def read_place(said: str, order: str) -> Key | None:
    """What ``place_of`` wrote; ``None`` for anything else."""
    columns = [column for column, _ in ORDERS[order]]
    parts = said.rsplit(".", len(columns) - 1)
    if len(parts) != len(columns) or "\x00" in said or len(said) > 300:
        return None
    try:
        return tuple(_value(column, part) for column, part in zip(columns, parts, strict=True))
    except ValueError:
        return None


def find(
    wanted: Wanted, order: str, place: Place | None = None, size: int = PAGE_SIZE, *, counts: bool = True
) -> Found:
    """One page (at most four queries). Whoever does not say how many there are has them not counted."""
    wanted = by_days(wanted)
    return _find(finding.asked(wanted.sought), wanted, order, place, size, counts)


def find_marked(mark: str, entries: int, order: str, place: Place | None = None) -> Found:
    """One page of the entries of a mark, of which there are so many (at most two queries)."""
    term = Asked("", (mark,), (), most=entries, exact=True)
    return _find([term], Wanted(Sought(())), order, place)


def _find(
    terms: Sequence[Asked],
    wanted: Wanted,
    order: str,
    place: Place | None,
    size: int = PAGE_SIZE,
    counts: bool = True,
) -> Found:
    missing = tuple(term.said for term in terms if term.most == 0)
    if wanted.sought.nothing or missing:
        return Found((), before=False, after=False, total=0, missing=missing)
    keys, total = _page(terms, _dates(wanted), order, place, size + 1, counts)
    backwards = place is not None and place.backwards
    more, keys = len(keys) > size, keys[:size]
    if backwards:
        return Found(tuple(reversed(keys)), before=more, after=True, total=total.number, more=total.more)
    return Found(tuple(keys), before=place is not None, after=more, total=total.number, more=total.more)


def _page(
    terms: Sequence[Asked], dates: _Part, order: str, place: Place | None, size: int, counts: bool
) -> tuple[list[int], _Total]:
    if not terms or connection.vendor != "postgresql":
        return _plain(terms, dates, order, place, size), _known(terms, dates) if counts else _Total(0)
    least = min((term.most for term in terms if term.most is not None), default=MOST_GATHERED + 1)
    if least > MOST_GATHERED:
        keys, full = _walked(terms, dates, order, place, size)
        if full:
            return keys, _known(terms, dates) if counts else _Total(0)
    return _gathered(terms, dates, order, place, size)


def _plain(terms: Sequence[Asked], dates: _Part, order: str, place: Place | None, size: int) -> list[int]:
    where = _all_of(_holding(terms), dates, _beyond(order, place))
    sql = f"SELECT entry_id FROM {TABLE} WHERE {where.sql} ORDER BY {_by(order, place)} LIMIT {size}"
    return [key for (key,) in _rows(sql, where.params)]


def _count(terms: Sequence[Asked], dates: _Part) -> _Total:
    where = _all_of(_holding(terms), dates)
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {TABLE} WHERE {where.sql} LIMIT {MOST_COUNTED + 1}) AS found"
    ((total,),) = _rows(sql, where.params)
    return _Total.up_to_most(int(total))


def _known(terms: Sequence[Asked], dates: _Part) -> _Total:
    """How many there are, from the list of words where it knows (one query at most)."""
    if len(terms) == 1 and terms[0].exact and not dates.params:
        return _Total.up_to_most(terms[0].most or 0)
    if not terms or connection.vendor != "postgresql":
        return _count(terms, dates)
    return _ahead(terms, dates)


def _ahead(terms: Sequence[Asked], dates: _Part) -> _Total:
    """How many there are among the latest ``MOST_WALKED``: all, where there are no others; else a number that
    there are more than, in full hundreds; where there are too few to say so, the index is asked after all."""
    sought = finding.expression(terms)
    by_index = _Part(f"SELECT register_counted(%s::tsquery, {MOST_COUNTED + 1})", (sought,))
    if dates.params:
        where = _all_of(_holding(terms), dates)
        rows = f"SELECT 1 FROM {TABLE} WHERE {where.sql} LIMIT {MOST_COUNTED + 1}"
        by_index = _Part(f"SELECT count(*) FROM ({rows}) AS found", where.params)
    sql = f"""WITH ahead AS MATERIALIZED (SELECT count(*) AS passed,
            count(*) FILTER (WHERE vector @@ %s::tsquery) AS found
            FROM (SELECT vector FROM {TABLE} WHERE {dates.sql} ORDER BY {_by("newest", None)}
                LIMIT {MOST_WALKED}) AS walked)
        SELECT passed, found,
            CASE WHEN passed = {MOST_WALKED} AND found <= {LEAST_TOLD} THEN ({by_index.sql}) END
        FROM ahead"""
    ((passed, found, counted),) = _rows(sql, (sought, *dates.params, *by_index.params))
    if counted is not None:
        return _Total.up_to_most(int(counted))
    return (
        _Total(found) if passed < MOST_WALKED else _Total((found - 1) // LEAST_TOLD * LEAST_TOLD, more=True)
    )


def _walked(
    terms: Sequence[Asked], dates: _Part, order: str, place: Place | None, size: int
) -> tuple[list[int], bool]:
    """What fits among the next entries in the order, and whether that is a page, or all there are."""
    most = max(MOST_WALKED, WALKED_FOR_ONE * size)
    where = _all_of(dates, _beyond(order, place))
    by = _by(order, place)
    ahead = f"FROM {TABLE} WHERE {where.sql} ORDER BY {by} LIMIT {most}"
    sql = f"""SELECT keys, CASE WHEN cardinality(keys) < {size} THEN (SELECT count(*) FROM (SELECT 1 {ahead})
            AS passed) END
        FROM (SELECT ARRAY(SELECT entry_id FROM (SELECT * {ahead}) AS ahead WHERE vector @@ %s::tsquery
            ORDER BY {by} LIMIT {size}) AS keys OFFSET 0) AS walked"""
    params = (*where.params, *where.params, finding.expression(terms))
    ((keys, passed),) = _rows(sql, params)
    return keys, passed is None or passed < most


def _gathered(
    terms: Sequence[Asked], dates: _Part, order: str, place: Place | None, size: int
) -> tuple[list[int], _Total]:
    beyond = _beyond(order, place)
    sql = f"""WITH found AS MATERIALIZED (SELECT * FROM register_gathered(%s::tsquery) WHERE {dates.sql})
        SELECT ARRAY(SELECT entry_id FROM found WHERE {beyond.sql} ORDER BY {_by(order, place)} LIMIT {size}),
            (SELECT count(*) FROM found)"""
    ((keys, total),) = _rows(sql, (finding.expression(terms), *dates.params, *beyond.params))
    return keys, _Total.up_to_most(total)


def _holding(terms: Sequence[Asked]) -> _Part:
    if not terms:
        return _Part("true")
    if connection.vendor == "postgresql":
        return _Part("vector @@ %s::tsquery", (finding.expression(terms),))
    return _Part(f"entry_id IN ({finding.CONDITION[connection.vendor]})", (finding.expression(terms),))


def _dates(wanted: Wanted) -> _Part:
    sides = ((">=", wanted.served_from), ("<=", wanted.served_to))
    parts = [_Part(f"served_on {sign} %s", (day.isoformat(),)) for sign, day in sides if day is not None]
    if wanted.changed_from is not None:
        parts.append(_Part("changed >= %s", (wanted.changed_from,)))
    return _all_of(*parts)


def _beyond(order: str, place: Place | None) -> _Part:
    """Behind a place in an order. Where directions are mixed, the first column is said once more by
    itself, so that its index is begun at the right place."""
    if place is None:
        return _Part("true")
    columns = ORDERS[order]
    first, ascends = columns[0][0], columns[0][1] == place.backwards
    if len({descends for _, descends in columns}) == 1:
        names = ", ".join(column for column, _ in columns)
        marks = ", ".join(["%s"] * len(columns))
        return _Part(f"({names}) {'>' if ascends else '<'} ({marks})", place.key)
    sign, other = (">", "<") if ascends else ("<", ">")
    rest = ", ".join(column for column, _ in columns[1:])
    marks = ", ".join(["%s"] * (len(columns) - 1))
    sql = f"{first} {sign}= %s AND ({first} {sign} %s OR ({rest}) {other} ({marks}))"
    return _Part(sql, (place.key[0], *place.key))


def _by(order: str, place: Place | None) -> str:
    turned = place is not None and place.backwards
    return ", ".join(f"{column} {'DESC' if down != turned else 'ASC'}" for column, down in ORDERS[order])


def _all_of(*parts: _Part) -> _Part:
    told = [part for part in parts if part.sql != "true"]
    sql = " AND ".join(f"({part.sql})" for part in told)
    return _Part(sql or "true", tuple(each for part in told for each in part.params))


def _value(column: str, said: str) -> str | int:
    if column == "served_on":
        return date.fromisoformat(said).isoformat()
    if column == "employer":
        return said
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        raise ValueError(said)
    return int(said)


def _rows(sql: str, params: Sequence[str | int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
