"""A scene that is copied is the scene that was made, and one that differs in anything is made."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from regulator.accounts.models import User
from regulator.organisations.models import Employer
from tests.course import COURSE
from tests.factories import EmployerFactory, begin_numbers, staff
from tests.remembering import remembered

pytestmark = pytest.mark.django_db
MADE: list[str] = []
"""What was really made, in its order."""
MORNING = datetime(2025, 3, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel(db: None) -> Iterator[time_machine.Traveller]:
    MADE.clear()
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


class Again:
    """The course of a test, begun anew as often as wanted: what is written inside is rolled back."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()
        begin_numbers()

    def __exit__(self, *raised: Any) -> None:
        transaction.set_rollback(True)
        self._atomic.__exit__(*raised)


class House:
    """An employer, and what is said of it."""

    @remembered
    def __init__(self, name: str) -> None:
        MADE.append(name)
        self.employer = EmployerFactory.create(name=name)
        self.said: list[str] = []

    @remembered
    def rename(self, name: str) -> Employer:
        MADE.append(name)
        self.said.append(name)
        self.employer.name = name
        self.employer.save()
        return Employer.objects.get()


@remembered
def filed(travel: time_machine.Traveller) -> str:
    MADE.append("file")
    travel.shift(timedelta(days=2))
    transaction.on_commit(lambda: MADE.append("after commit"))
    return default_storage.save("remembered/told.txt", ContentFile(b"The log."))


def test_from_the_third_time_on_a_scene_is_copied() -> None:
    keys, names = [], []
    for _ in range(4):
        with Again():
            house = House("A house of three")
            keys.append(house.employer.pk)
            names.append(list(Employer.objects.values()))
            assert house.employer == Employer.objects.get()
            assert EmployerFactory.create().key != house.employer.key
    assert MADE == ["A house of three"] * 2
    assert keys[1:] == [keys[1]] * 3
    assert names[1:] == [names[1]] * 3


def test_what_is_changed_in_a_scene_is_as_it_was_left() -> None:
    for _ in range(4):
        with Again():
            house = House("A house renamed")
            employer, said = house.employer, house.said
            read = house.rename("Another")
            assert house.employer is employer
            assert employer.name == read.name == Employer.objects.get().name == "Another"
            assert house.said == ["Another"]
            assert read is not employer
    assert MADE == ["A house renamed", "Another"] * 2
    del said


def test_no_scene_sees_what_was_done_to_its_copy() -> None:
    for _ in range(4):
        with Again():
            house = House("A house alone")
            assert house.said == []
            house.said.append("By hand.")
            house.employer.name = "By hand."
    with Again():
        assert House("A house alone").employer.name == "A house alone"


def test_files_time_and_deeds_after_commit_come_back(travel: time_machine.Traveller) -> None:
    for time in range(4):
        travel.move_to(MORNING)
        with Again():
            before = len(connection.run_on_commit)
            name = filed(travel)
            assert datetime.now(UTC) == MORNING + timedelta(days=2)
            assert default_storage.open(name).read() == b"The log."
            [(_, deed, _)] = connection.run_on_commit[before:]
            deed()
            default_storage.delete(name)
        assert MADE[-1] == "after commit", time
    assert MADE.count("file") == 2


@pytest.fixture
def known(request: pytest.FixtureRequest) -> str:
    """The name of a house that is copied from now on."""
    name: str = request.node.name
    for _ in range(3):
        with Again():
            House(name)
    assert len(MADE) == 2
    return name


def test_after_other_rows_it_is_made(known: str) -> None:
    with Again():
        staff()
        House(known)
    assert len(MADE) == 3


def test_after_rows_that_were_taken_back_it_is_copied(known: str) -> None:
    with Again():
        with Again():
            User.objects.create_user("one@example.invalid")
        House(known)
    assert len(MADE) == 2


def test_at_another_time_it_is_made(known: str, travel: time_machine.Traveller) -> None:
    travel.shift(timedelta(seconds=1))
    with Again():
        House(known)
    assert len(MADE) == 3


def test_under_other_settings_it_is_made(known: str, settings: Any) -> None:
    settings.A_WORD_OF_THIS_TEST = "another"
    with Again():
        House(known)
    assert len(MADE) == 3


def test_while_queries_are_counted_it_is_made(known: str) -> None:
    with Again(), CaptureQueriesContext(connection) as counted:
        House(known)
    assert len(MADE) == 3
    assert any(each["sql"].startswith("INSERT") for each in counted)


def test_with_another_argument_it_is_made() -> None:
    for name in ("One", "One", "Two", "One", "Two", "Two"):
        with Again():
            assert House(name).employer.name == name
    assert MADE == ["One", "One", "Two", "Two"]


def test_what_its_arguments_hold_counts() -> None:
    for said in ("a", "a", "b", "a"):
        with Again():
            house = House("A house that holds")
            house.said = [said]
            house.rename("Another")
            assert house.said == [said, "Another"]


def test_where_the_clock_runs_it_is_made() -> None:
    with time_machine.travel(MORNING):
        for _ in range(3):
            with Again():
                House("A house in time")
    assert len(MADE) == 3


def test_a_test_that_patches_anything_remembers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User, "patched", True, raising=False)
    for _ in range(3):
        with Again():
            House("A house patched")
    assert len(MADE) == 3


def test_a_scene_that_fails_fails_each_time() -> None:
    @remembered
    def broken() -> None:
        MADE.append("broken")
        EmployerFactory.create()
        raise ValueError("No.")

    for _ in range(4):
        with Again(), pytest.raises(ValueError, match="No"):
            broken()
    assert len(MADE) == 4


@pytest.mark.django_db(transaction=True)
def test_what_stays_written_is_never_copied() -> None:
    assert not COURSE.is_on
    before = COURSE.number
    House("A house that stays")
    assert COURSE.number != before
    assert MADE == ["A house that stays"]
