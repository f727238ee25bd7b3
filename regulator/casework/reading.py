"""The short lists that hang on a case (notes, letters, clocks), read in one statement for its page.

Each app registers its own in ``CASE_LISTS``. ``read_lists`` takes two queries however many lists there are;
whoever shows one asks ``listed``, which asks the database only for a case whose lists nobody has read.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import connection, models
from django.db.models import F, IntegerField, QuerySet, Value, Window
from django.db.models.functions import JSONObject, RowNumber

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class CaseList:
    """Rows that hang on one case: ``rows`` answers them by its primary key, unsliced; they come in the order
    of their table. ``kind`` is the only kind of case that has any (``""``: any)."""

    rows: Callable[[int], QuerySet[Any]]
    kind: str = ""


CASE_LISTS: Registry[CaseList] = Registry("list that hangs on a case")
_READ: Final = "_lists"


def listed(case: Case, name: str) -> list[Any]:
    """The rows of one list, in its table's order, each knowing the people that it names. No query once
    ``read_lists`` has read them, else two."""
    read: dict[str, list[Any]] = vars(case).get(_READ, {})
    if name in read:
        return read[name]
    found = list(_in_order(CASE_LISTS.get(name).rows(case.pk)))
    _introduce(found)
    return found


def read_lists(case: Case) -> None:
    """Read every list that a case of this kind can have, and the people whom their rows name: two queries."""
    names = [name for name, each in _named() if each.kind in ("", case.kind)]
    rows = together([CASE_LISTS.get(name).rows(case.pk) for name in names])
    _introduce([row for each in rows for row in each])
    vars(case)[_READ] = dict(zip(names, rows, strict=True))


def _named() -> Iterable[tuple[str, CaseList]]:
    return [(name, CASE_LISTS.get(name)) for name in CASE_LISTS]


def together(lists: Sequence[QuerySet[Any]]) -> list[list[Any]]:
    """The rows of several tables in one statement: each row comes as one JSON object, and is made into what
    it is again."""
    selects = [
        rows.order_by()
        .annotate(
            list_at=Value(at, output_field=IntegerField()),
            row_at=Window(RowNumber(), order_by=_order(rows.model)),
            row=JSONObject(**{each.attname: F(each.attname) for each in rows.model._meta.concrete_fields}),
        )
        .values_list("list_at", "row_at", "row")
        for at, rows in enumerate(lists)
    ]
    found: list[list[Any]] = [[] for _ in lists]
    for at, _, row in sorted(selects[0].union(*selects[1:], all=True), key=lambda each: each[:2]):
        found[at].append(_made(lists[at].model, row))
    return found


def _in_order(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.order_by(*_order(rows.model))


def _order(model: type[models.Model]) -> list[Any]:
    return list(model._meta.ordering or ["pk"])


def _made(model: type[models.Model], row: dict[str, Any]) -> models.Model:
    fields = model._meta.concrete_fields
    values = [_value(each, row[each.attname]) for each in fields]
    return model.from_db(connection.alias, [each.attname for each in fields], values)


def _value(field: "models.Field[Any, Any]", value: Any) -> Any:
    """What stood in a column, from what JSON makes of it."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    if isinstance(field, models.DecimalField):
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-field.decimal_places))
    if isinstance(field, models.ForeignKey):
        return field.target_field.to_python(value)
    found = field.to_python(value)
    if isinstance(found, datetime) and found.tzinfo is None:
        return found.replace(tzinfo=UTC)
    return found


def _introduce(rows: Sequence[models.Model]) -> None:
    """Let each row know the people whom it names: one query, where anybody is named."""
    naming = [
        (row, field)
        for row in rows
        for field in row._meta.concrete_fields
        if field.related_model is User and getattr(row, field.attname) is not None
    ]
    keys = {getattr(row, field.attname) for row, field in naming}
    people = User.objects.in_bulk(keys) if keys else {}
    for row, field in naming:
        setattr(row, field.name, people[getattr(row, field.attname)])
