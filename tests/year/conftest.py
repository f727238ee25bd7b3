"""The published year 2023/24: its folder, its tables as read, and the year loaded once for a whole module."""

from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

import enforcement
from enforcement.year.published import PublishedYear
from enforcement.year.tables import read_year

FOLDER = Path(enforcement.__file__).parent / "data" / "years" / "2023-24"


@pytest.fixture(scope="package")
def published() -> PublishedYear:
    """The tables themselves, from which every expectation is read."""
    return read_year(FOLDER)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The year loaded by its command, once for the module, taken back after it. What it printed last."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference_data", stdout=StringIO())
        call_command("load_year", str(FOLDER), stdout=out, stderr=StringIO())
        yield out.getvalue().strip()
        transaction.set_rollback(True)


@pytest.fixture
def rows_of_every_table() -> Callable[[], dict[str, int]]:
    """Counts the rows of each table of the database, whatever app it belongs to."""

    def count() -> dict[str, int]:
        with connection.cursor() as cursor:
            counts = {}
            for table in sorted(connection.introspection.django_table_names(only_existing=True)):
                cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
                counts[table] = cursor.fetchone()[0]
        return counts

    return count
