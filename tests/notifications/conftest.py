"""What the tests of notifications share: a fixed day, and the reference data."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection

from regulator.casework import triggers
from tests.reference import ship_reference


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Noon of Monday 2 March 2026, and it stays noon."""
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def reference(db: None) -> None:
    """The criteria and the taxonomy, as the project ships them."""
    ship_reference()


@pytest.fixture
def flushable(transactional_db: None) -> Iterator[None]:
    """A transactional test that appends events: its tables can be emptied afterwards, triggers and all."""
    yield
    triggers.drop(connection)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM casework_event")
    triggers.install(connection)
