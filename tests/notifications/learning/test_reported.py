"""What the library gives to the annual report: public cases, a query each. What they say comes from the
public tables alone; what is offered is asked of the cases too, for one may have been restricted since."""

from collections.abc import Callable, Set
from datetime import timedelta
from typing import Any, Final

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.learning.library import take_out
from notifications.learning.models import PublishedLearning
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.statistics.reports.prose import placed
from regulator.statistics.told import PARTS, library
from tests.notifications.learning.making import learning_in
from tests.notifications.learning.test_public_tables import PUBLIC, tables
from tests.notifications.learning.told import TEXTS, published
from tests.statistics.reports.room import Room

pytestmark = pytest.mark.django_db
PREFIXES: Final = {
    "diagnostic_imaging": "imaging",
    "radiotherapy": "radiotherapy",
    "nuclear_medicine": "nuclear",
}


RESTRICTED: Final = {
    "learning_learningcase",
    "notifications_notification",
    "casework_case",
    "casework_restriction",
}


def asked(deed: Callable[[], Any], more: Set[str] = frozenset()) -> Any:
    """What it answers, from the public tables, and ``more``, in one query."""
    with CaptureQueriesContext(connection) as captured:
        found = deed()
    assert len(captured) == 1
    assert tables(captured.captured_queries) <= PUBLIC | more
    return found


def test_a_case_that_stands_is_told_whole_and_a_withdrawn_one_not_at_all() -> None:
    stands, gone = published(title="One"), published()
    take_out(gone.number)
    numbers = [stands.number, gone.number, gone.number + 99]
    found = asked(lambda: library().standing(numbers))
    assert list(found) == [stands.number]
    told = found[stands.number]
    assert (told.title, told.path) == ("One", stands.get_absolute_url())
    assert told.modality == "Diagnostic imaging"
    assert told.cause == "Referrer, then Incorrect referral, then Wrong patient"
    assert {name: getattr(told, name) for name, _ in PARTS} == {
        name: text for name, text in TEXTS.items() if name != "title"
    }
    assert asked(lambda: library().gone(numbers)) == {gone.number, gone.number + 99}


def test_those_to_choose_from_are_of_the_modality_newest_first_and_bounded() -> None:
    first, second = published(), published(title="Vertebrae looked alike")
    therapy = published(modality="radiotherapy", sub_modality="", tiers=("", "", ""))
    take_out(published().number)

    def chosen(*of: Any) -> list[int]:
        return [each.number for each in asked(lambda: library().choices(*of), RESTRICTED)]

    assert chosen("", "", 9) == [therapy.number, second.number, first.number]
    assert chosen("diagnostic_imaging", "", 9) == [second.number, first.number]
    assert chosen("diagnostic_imaging", "", 1) == [second.number]
    assert chosen("diagnostic_imaging", "vertebra", 9) == [second.number]
    assert chosen("radiotherapy", "vertebra", 9) == []
    [own] = library().choices("radiotherapy", "", 9)
    assert (own.title, own.modality, own.cause) == (therapy.title, "radiotherapy", "")


def test_those_first_published_in_a_period_are_the_oldest_first() -> None:
    now = clock.now()
    made = [published() for _ in range(4)]
    for days, each in zip((0, 3, 2, 5), made, strict=True):
        PublishedLearning.objects.filter(pk=each.pk).update(published_at=now + timedelta(days=days))
    found = asked(lambda: library().first_published(now, now + timedelta(days=5)), RESTRICTED)
    assert [each.number for each in found] == [made[0].number, made[2].number, made[1].number]


@pytest.mark.usefixtures("reference")
def test_whoever_withdraws_a_case_takes_it_off_the_published_report(client: Client) -> None:
    desk, room = learning_in("published"), Room()
    entry = PublishedLearning.objects.get()
    report = room.started()
    room.write(report, placed(entry.number), f"{PREFIXES[entry.modality]}_themes")
    room.freeze(report)
    room.publish(room.sign(report))
    address = f"/statistics/reports/{report.slug}/"
    assert entry.learning in client.get(address).content.decode()
    desk.withdraw()
    said = client.get(address).content.decode()
    assert entry.learning not in said
    assert "This case was withdrawn from the library on" in said
    assert client.get(f"{address}report.pdf").status_code == 410
    assert first_broken_link() is None
