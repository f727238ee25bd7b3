"""How rows and files go. Rows that are words and nothing else are deleted; of a row whose being there is a
fact, the words alone are taken."""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Case as Choice
from django.db.models import Count, F, Model, Q, QuerySet, Value, When
from django.db.models.fields.files import FileField

from regulator.casework.models import Case
from regulator.casework.redaction.kinds import REMOVED, Group, Redactor


def deleting(label: str, group: Group, table: type[Model], case: str, *, of: Q | None = None) -> Redactor:
    """Deletes the rows of ``table``, or those of ``of``; ``case`` is the way from one to the key of its case
    (``"event__case"``)."""
    which = of or Q()

    def remove(held: Case) -> int:
        found = table._default_manager.filter(which, **{case: held.pk}).order_by()
        number = found.count()
        if number:
            found.delete()
        return number

    return Redactor(label, group, partial(counted, table, which, case), remove)


def blanking(
    label: str,
    group: Group,
    table: type[Model],
    case: str,
    values: Mapping[str, Any],
    *,
    of: Q | None = None,
    also: Callable[[], Mapping[str, Any]] = dict,
) -> Redactor:
    """Takes the words of rows that stay: each field gets its value of ``values``, in one UPDATE.

    ``REMOVED`` stands only where something was said: an answer that was never given stays empty, so that
    what the database holds to ("answered with an answer") goes on holding. The bytes of a file are taken off
    the storage. ``of`` says which rows are meant, where not all are; a row that holds nothing that is to go
    is passed over. ``also`` answers what else the rows are set to then.
    """
    says = Q()
    for name, value in values.items():
        says |= _says(name, value)
    says = says & of if of is not None else says
    files = [name for name in values if isinstance(table._meta.get_field(name), FileField)]

    def remove(held: Case) -> int:
        said = table._default_manager.filter(says, **{case: held.pk}).order_by()
        found = list(said.only("pk", *files))
        if found:
            for name in files:
                for row in found:
                    forget_file(getattr(row, name).storage, getattr(row, name).name)
            emptied = {name: _emptied(table, name, value) for name, value in values.items()}
            rows = table._default_manager.filter(pk__in=[row.pk for row in found])
            rows.update(**emptied, **also())
        return len(found)

    return Redactor(label, group, partial(counted, table, says, case), remove)


def counted(table: type[Model], which: Q, case: str, keys: Collection[int]) -> dict[int, int]:
    """By case, how many rows of ``table`` are meant (one query)."""
    rows: QuerySet[Model] = table._default_manager.filter(which, **{f"{case}__in": keys})
    numbers = rows.order_by().values(of_case=F(case)).annotate(number=Count("pk", distinct=True))
    return dict(numbers.values_list("of_case", "number"))


def forget_file(storage: Storage, name: str | None) -> None:
    """Take the bytes off the storage once the transaction is committed, however others of it fare. What a
    process leaves that dies in between is found by ``casework.leftovers``."""
    if name:
        transaction.on_commit(partial(storage.delete, name), robust=True)


def _says(name: str, value: Any) -> Q:
    """That the field holds something that is to go."""
    says = ~Q(**{name: value})
    return says & ~Q(**{name: ""}) if value == REMOVED else says


def _emptied(table: type[Model], name: str, value: Any) -> Choice:
    """The value where the field says anything that is to go, else what it holds."""
    field: Any = table._meta.get_field(name)
    return Choice(When(_says(name, value), then=Value(value, field)), default=F(name))
