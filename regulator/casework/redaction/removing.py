"""How rows and files go. Every redactor of rows is one of these two: rows that are words and nothing else are
deleted; of a row whose being there is a fact, the words alone are taken."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case as Choice
from django.db.models import Count, F, Model, Q, QuerySet, Value, When
from django.db.models.fields.files import FieldFile

from regulator.casework.models import Case
from regulator.casework.redaction.kinds import REMOVED, Group, Redactor

Rows = Callable[[], "QuerySet[Any]"]


def deleting(label: str, group: Group, rows: Rows, case: str) -> Redactor:
    """Deletes ``rows``; ``case`` is the way from one to the key of its case (``"event__case"``)."""

    def remove(of: Case) -> int:
        found = rows().filter(**{case: of.pk})
        number = found.count()
        if number:
            found.delete()
        return number

    return Redactor(label, group, partial(_count, rows, Q(), case), remove)


def blanking(label: str, group: Group, rows: Rows, case: str, values: Mapping[str, Any]) -> Redactor:
    """Takes the words of ``rows`` that stay: each field gets its value of ``values``.

    ``REMOVED`` stands only where something was said: an answer that was never given stays empty, so that
    what the database holds to ("answered with an answer") goes on holding.
    """
    says = _says_anything(values)

    def remove(of: Case) -> int:
        found = rows().filter(says, **{case: of.pk})
        keys = list(found.values_list("pk", flat=True).distinct())
        if keys:
            table = found.model
            emptied = {name: _emptied(table, name, value) for name, value in values.items()}
            table._default_manager.filter(pk__in=keys).update(**emptied)
        return len(keys)

    return Redactor(label, group, partial(_count, rows, says, case), remove)


def _emptied(table: type[Model], name: str, value: Any) -> Choice:
    """The value where the field says anything that is to go, else what it holds: one UPDATE for all."""
    field = table._meta.get_field(name)
    return Choice(When(_field_says(name, value), then=Value(value, field)), default=F(name))


def _count(rows: Rows, says: Q, case: str, keys: Collection[int]) -> dict[int, int]:
    counted = rows().filter(says, **{f"{case}__in": keys}).order_by().annotate(of_case=F(case))
    numbers = counted.values("of_case").annotate(number=Count("pk", distinct=True))
    return dict(numbers.values_list("of_case", "number"))


def _says_anything(values: Mapping[str, Any]) -> Q:
    says = Q()
    for name, value in values.items():
        says |= _field_says(name, value)
    return says


def _field_says(name: str, value: Any) -> Q:
    """That the field holds something that is to go."""
    says = ~Q(**{name: value})
    return says & ~Q(**{name: ""}) if value == REMOVED else says


def forget_file(file: FieldFile) -> None:
    """Take the bytes off the storage once the transaction is committed, however others of it fare."""
    if file.name:
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
