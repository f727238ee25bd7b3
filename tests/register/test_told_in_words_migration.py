"""What migration 0004 writes into the entries that it finds is what the service writes into new ones."""

from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from enforcement.register.models import RegisterEntry
from enforcement.register.services import Happening
from tests.register.entries import cited, entry

pytestmark = pytest.mark.usefixtures("provisions")
MIGRATION = import_module("enforcement.register.migrations.0004_told_in_words")
COLUMNS = ("pk", "provisions_in_words", "timeline_in_words")
EMPTY = {"provisions_in_words": "", "timeline_in_words": ""}


def _written() -> list[tuple[Any, ...]]:
    return list(RegisterEntry.objects.order_by("pk").values_list(*COLUMNS))


def _filled(monkeypatch: pytest.MonkeyPatch, number: int, batch: int) -> list[tuple[Any, ...]]:
    """The columns of a filled register, which the migration then finds empty."""
    for place in range(number):
        told = tuple(Happening(date(2025, 1, 10 + day), f"Thing {day}; “é”") for day in range(place % 3))
        references = (("17(4)", "6(5)(b)"), ("7",), ())[place % 3]
        entry(citations=cited(*references), timeline=told)
    written = _written()
    RegisterEntry.objects.update(**EMPTY)
    monkeypatch.setattr(MIGRATION, "A_BATCH", batch)
    return written


@pytest.mark.parametrize("batch", [1, 3, 4, 100])
def test_it_writes_what_the_service_wrote(monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    written = _filled(monkeypatch, 7, batch)
    assert {each[1] for each in written} > {""}
    before = list(RegisterEntry.objects.order_by("pk").values("slug", "version", "updated_at", "timeline"))
    MIGRATION.fill(apps, None)
    assert _written() == written
    assert before == list(
        RegisterEntry.objects.order_by("pk").values("slug", "version", "updated_at", "timeline")
    )


def test_an_empty_register_is_left_empty() -> None:
    MIGRATION.fill(apps, None)
    assert not RegisterEntry.objects.exists()


def test_it_takes_three_queries_for_each_batch(
    monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    _filled(monkeypatch, 6, 3)
    with django_assert_max_num_queries(2 * 5 + 1):
        MIGRATION.fill(apps, None)
