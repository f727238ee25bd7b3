"""A fixed day, the reference data, and somebody who searches."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.search.finding import holding
from regulator.casework.search.following import follow
from tests.factories import staff
from tests.reference import ship_reference

Find = Callable[..., list[Case]]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """Noon of Monday 2 March 2026, and it stays noon."""
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def reference(db: None) -> None:
    ship_reference()


@pytest.fixture
def officer(db: None) -> User:
    return staff()


@pytest.fixture
def find(officer: User) -> Find:
    """The cases that somebody who looks for it finds, once the index has followed all that happened."""

    def search(typed: str, by: User = officer) -> list[Case]:
        while follow():
            pass
        return list(Case.objects.for_user(by).filter(holding(typed)).order_by("pk"))

    return search
