"""A word of its own in every field of every row that hangs on some cases, and where one is left."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, models, transaction

from notifications.models import Pattern
from regulator.casework.models import Case

MARK: Final = "zqcanary"
"""In small letters, so that it is the same where the search folds it."""
SHORTEST: Final = 20
"""From how many characters on a field without choices is taken for one that may hold words."""
_AS_IT_IS_KEPT: Final[dict[str, Callable[[str], Any]]] = {
    "casework.Referral.files": lambda word: [{"attachment": 1, "name": word, "sha256": "0" * 64}],
    "casework.Referral.sections": lambda word: [{"title": word, "rows": [[word, word]]}],
    "plans.Plan.content": lambda word: [
        {
            "finding": 1,
            "position": "partly",
            "why": word,
            "actions": [
                {
                    "action": 1,
                    "strength": "barrier",
                    "planned_for": "2025-05-01",
                    **dict.fromkeys(("what", "owner_role", "effect_check"), word),
                }
            ],
        }
    ],
    "notifications.Receipt.facts": lambda word: {"told": [[word, word]]},
}


def _by_the_portal(row: models.Model) -> Sequence[str]:
    """The fields of this row in which no word of anybody's can stand, though in others of its table it can: a
    duplicate is named by two references, a cluster of equipment by what was typed."""
    duplicate = isinstance(row, Pattern) and row.kind == Pattern.Kind.DUPLICATE
    return ("key", "title") if duplicate else ()


def reaching() -> dict[type[models.Model], str]:
    """Every model from which foreign keys lead to a case, with the way to it; the case itself with none."""
    found: dict[type[models.Model], str] = {Case: ""}
    left = [each for each in apps.get_models(include_auto_created=True) if each is not Case]
    grew = True
    while grew:
        grew = False
        for model in list(left):
            ways = [
                f"{field.name}__{found[field.related_model]}".removesuffix("__")
                for field in model._meta.concrete_fields
                if field.is_relation and field.related_model in found
            ]
            if ways:
                found[model] = min(ways, key=len)
                left.remove(model)
                grew = True
    return found


def fields_of(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The fields of a model that may hold words, or a file."""
    return [each for each in model._meta.concrete_fields if _may_hold_words(each)]


def _may_hold_words(field: "models.Field[Any, Any]") -> bool:
    if isinstance(field, models.TextField | models.JSONField | models.FileField):
        return True
    if not isinstance(field, models.CharField) or field.choices:
        return False
    return field.max_length is None or field.max_length >= SHORTEST


def named(model: type[models.Model], field: "models.Field[Any, Any]") -> str:
    return f"{model._meta.label}.{field.name}"


def rows_of(model: type[models.Model], way: str, cases: Sequence[int]) -> "models.QuerySet[Any]":
    return model._default_manager.filter(**{f"{way or 'pk'}__in": cases}).distinct()


def plant(cases: Sequence[int], kept: Sequence[str]) -> dict[str, str]:
    """Put a word of its own into every field that is not ``kept`` of every row of ``cases``; answers them by
    field. Written past all services, because it matters what goes, not how it came."""
    words: dict[str, str] = {}
    numbers = count(1)
    for model, way in reaching().items():
        for row in rows_of(model, way, cases):
            own = _by_the_portal(row)
            open_to_words = [
                each for each in fields_of(model) if each.name not in own and named(model, each) not in kept
            ]
            said = [each for each in open_to_words if getattr(row, each.attname)]
            for fields in (open_to_words, said):  # where the database forbids the first, what is filled in
                planted = {each: f"{MARK}{next(numbers):05}" for each in fields}
                if _written(model, row, planted):
                    words |= {named(model, each): word for each, word in planted.items()}
                    break
    return words


def _written(model: type[models.Model], row: models.Model, planted: dict[Any, str]) -> bool:
    values = {each.name: _as_value(each, named(model, each), word) for each, word in planted.items()}
    try:
        with transaction.atomic():
            if values:
                model._default_manager.filter(pk=row.pk).update(**values)
    except IntegrityError:
        return False
    return True


def _as_value(field: "models.Field[Any, Any]", name: str, word: str) -> Any:
    if name in _AS_IT_IS_KEPT:
        return _AS_IT_IS_KEPT[name](word)
    if isinstance(field, models.FileField):
        return default_storage.save(f"{word}.txt", ContentFile(word.encode()))
    if isinstance(field, models.JSONField):
        return [word]
    if isinstance(field, models.EmailField):
        return f"{word}@example.invalid"
    return word


def left_in_the_database() -> list[str]:
    """Where the mark still stands: table and column, over every table that the database has."""
    return sorted(set(_standing(MARK)))


def said_in_the_database(words: str) -> list[str]:
    """The same of any words."""
    return sorted(set(_standing(words)))


def _standing(words: str) -> Iterator[str]:
    sought = words.encode()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if sought in _as_bytes(value):
                        yield f"{table}.{column}"


def _as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def left_on_the_disk() -> list[str]:
    """The files whose name or content holds the mark."""
    folder = Path(default_storage.location)  # type: ignore[attr-defined]
    files = [each for each in folder.rglob("*") if each.is_file()]
    return [str(each) for each in files if MARK in each.name or MARK.encode() in each.read_bytes()]
