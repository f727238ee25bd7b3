"""Making anew what is derived from the entries: what they are found by, the index, texts of provisions."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.apps import apps as current
from django.db import connection, transaction

from enforcement.register import finding
from enforcement.register.index import TEXT_COLUMNS, Standing, lines_of, sort_of
from enforcement.register.texts import counted, row_of

A_BATCH: Final = 1000

Lookup = Callable[[str, str], Any]
"""A model by its app and name: of today, or in a migration of then."""


def rebuild() -> int:
    """Write all of it anew, in one transaction that holds the register; answers how many entries there are.

    Takes time in proportion to the entries, and memory to the lines of the index and the words.
    """
    with transaction.atomic():
        revisions = current.get_model("register", "Revision")
        revisions.objects.get_or_create(pk=1)
        revisions.objects.select_for_update().get(pk=1)
        for name in ("EntryText", "IndexLine", "ProvisionText", "Word"):
            current.get_model("register", name).objects.all().delete()
        return fill(current.get_model)


def fill(model: Lookup) -> int:
    """Write the derived rows of every entry into empty tables; answers how many entries there are."""
    lines: Counter[tuple[Standing, int]] = Counter()
    texts: dict[tuple[str, str, Any], Any] = {}
    words: Counter[str] = Counter()
    number = 0
    for batch in _batches(model):
        changes = _changes(model, [each.slug for each in batch])
        rows = []
        for entry in batch:
            citations = list(entry.citations.all())
            rows.append(
                model("register", "EntryText")(
                    entry=entry, changed=changes.get(entry.slug, 0), **row_of(entry, citations)
                )
            )
            lines.update(lines_of(entry, citations))
            texts |= {(each.instrument, each.reference, each.in_force_from): each for each in citations}
        model("register", "EntryText").objects.bulk_create(rows)
        for row in rows:
            words.update(counted(row.words))
        number += len(batch)
    _write_index(model, lines)
    _write_texts(model, texts.values())
    table = model("register", "Word")
    table.objects.bulk_create(
        (table(word=word, entries=entries) for word, entries in words.items()), batch_size=A_BATCH
    )
    if number and connection.vendor == "sqlite":
        finding.rebuild(connection)
    return number


def _batches(model: Lookup) -> Iterator[list[Any]]:
    last = 0
    entries = model("register", "RegisterEntry").objects.order_by("pk").prefetch_related("citations")
    while batch := list(entries.filter(pk__gt=last)[:A_BATCH]):
        yield batch
        last = batch[-1].pk


def _changes(model: Lookup, slugs: list[str]) -> dict[str, int]:
    """The number of the last change of each entry."""
    changes = model("register", "Change").objects.filter(slug__in=slugs).order_by("number")
    return dict(changes.values_list("slug", "number"))


def _write_index(model: Lookup, counted: Counter[tuple[Standing, int]]) -> None:
    lines: dict[tuple[str, str, int], Any] = {}
    table = model("register", "IndexLine")
    for (standing, year), entries in counted.items():
        place = (standing.kind, standing.key, year)
        if place not in lines:
            lines[place] = table(kind=standing.kind, key=standing.key, year=year, entries=0)
        lines[place].name, lines[place].sort = standing.name, sort_of(standing)
        lines[place].entries += entries
    table.objects.bulk_create(lines.values(), batch_size=A_BATCH)


def _write_texts(model: Lookup, citations: Any) -> None:
    names = ("instrument", "reference", "in_force_from", *TEXT_COLUMNS)
    table = model("register", "ProvisionText")
    table.objects.bulk_create(table(**{name: getattr(each, name) for name in names}) for each in citations)
