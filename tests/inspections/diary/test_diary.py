"""The diary: a person's dates as a page and as a calendar, the secret that opens it, and who leads how
much."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar

from inspections import services as inspections
from inspections.diary import queries
from inspections.diary.models import FeedKey
from inspections.diary.services import end_key, make_key
from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Access, Event
from regulator.casework.services import restrict
from regulator.organisations.models import Employer, Modality
from regulator.organisations.policies import NotPermitted
from regulator.people import services as people
from regulator.people.services import HandingOver
from tests.factories import EmployerFactory, staff
from tests.inspections.letters import Kind, send_letter
from tests.people.second_step import App

MORNING = datetime(2026, 3, 20, 9, tzinfo=UTC)
PLANNED = date(2026, 5, 4)
PAGE = "admin:diary_feedkey_changelist"
WHY = "A lost telephone."


@pytest.fixture(autouse=True)
def travel(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lead() -> User:
    return staff(Role.INSPECTOR)


def opened(lead: User | None, employer: Employer | None = None, on: date = PLANNED) -> Inspection:
    return inspections.open_inspection(
        employer=employer or EmployerFactory.create(),
        site=None,
        modality=Modality.RADIOTHERAPY,
        trigger=Inspection.Trigger.PLANNED,
        planned_on=on,
        by=lead or staff(Role.INSPECTOR),
        lead=lead,
    )


@dataclass(frozen=True)
class Shown:
    """One event as a calendar reads it."""

    uid: str
    start: date
    end: date
    title: str
    busy: bool
    version: int
    url: str


def feed(secret: str) -> list[Shown]:
    answer = Client().get(reverse("diary_feed", args=[secret]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    return [
        Shown(
            uid=str(event["uid"]),
            start=event.decoded("dtstart"),
            end=event.decoded("dtend"),
            title=str(event["summary"]),
            busy=event["transp"] == "OPAQUE",
            version=int(str(event["sequence"])),
            url=str(event["url"]),
        )
        for event in Calendar.from_ical(answer.content).walk("VEVENT")
    ]


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_planned_stands_in_the_calendar_as_a_whole_day(lead: User) -> None:
    inspection = opened(lead)
    [event] = feed(make_key(by=lead))
    assert (event.start, event.end) == (PLANNED, PLANNED + timedelta(days=1))
    assert event.title == f"{inspection.case.reference}: inspection planned, radiotherapy"
    assert event.busy
    assert event.url.endswith(reverse("admin:casework_case_change", args=[inspection.case.pk]))


def test_no_employer_and_no_site_is_named(lead: User) -> None:
    employer = EmployerFactory.create(name="Invented Harbour Trust")
    opened(lead, employer)
    answer = Client().get(reverse("diary_feed", args=[make_key(by=lead)]))
    assert b"Harbour" not in answer.content


def test_a_day_that_moves_keeps_its_name_and_counts_on(lead: User) -> None:
    inspection = opened(lead)
    secret = make_key(by=lead)
    [before] = feed(secret)
    send_letter(inspection, Kind.ANNOUNCEMENT, by=lead)
    [after] = feed(secret)
    assert before.uid == after.uid
    assert after.version > before.version


def test_the_visit_takes_the_place_of_the_plan_and_what_is_due_stands_beside_it(
    lead: User, travel: time_machine.Traveller
) -> None:
    inspection = opened(lead)
    send_letter(inspection, Kind.ANNOUNCEMENT, by=lead)
    travel.move_to(datetime(2026, 5, 5, 9, tzinfo=UTC))
    inspections.visit(
        inspection=inspection, visited_on=date(2026, 5, 5), by=lead, version=inspection.case.version
    )
    visit, due = feed(make_key(by=lead))
    assert (visit.start, visit.busy) == (date(2026, 5, 5), True)
    assert due.title.endswith("due")
    assert not due.busy
    assert due.start == inspection.case.deadlines.get().due_on


def test_a_case_that_was_called_off_and_somebody_elses_are_not_there(lead: User) -> None:
    inspection = opened(lead)
    opened(staff(Role.INSPECTOR))
    inspections.stand_down(
        inspection=inspection, by=lead, version=inspection.case.version, reason="No capacity."
    )
    assert feed(make_key(by=lead)) == []


def test_what_somebody_elses_team_does_stands_there_as_long_as_one_is_on_it(lead: User) -> None:
    inspection = opened(staff(Role.INSPECTOR))
    joined = inspections.join_team(
        inspection=inspection, person=lead, by=lead, version=inspection.case.version
    )
    secret = make_key(by=lead)
    assert [event.start for event in feed(secret)] == [PLANNED]
    inspections.leave_team(inspection=inspection, member=joined, by=lead, version=inspection.case.version)
    assert feed(secret) == []


def test_a_case_that_the_person_may_not_open_any_more_is_not_there(lead: User) -> None:
    inspection = opened(lead)
    secret = make_key(by=lead)
    manager = staff(Role.ENFORCEMENT_MANAGER)
    case = inspection.case
    restrict(case=case, people=[manager, lead], reason="A concern.", by=manager, version=case.version)
    assert len(feed(secret)) == 1
    Access.objects.filter(person=lead).update(ended_at=MORNING)
    assert feed(secret) == []


def test_a_new_address_ends_the_former_and_an_ended_one_opens_nothing(lead: User) -> None:
    first = make_key(by=lead)
    second = make_key(by=lead)
    assert Client().get(reverse("diary_feed", args=[first])).status_code == 404
    feed(second)
    end_key(by=lead)
    assert Client().get(reverse("diary_feed", args=[second])).status_code == 404
    with pytest.raises(NotAllowedNow):
        end_key(by=lead)
    types = list(Event.objects.filter(type__startswith="diary.").values_list("type", flat=True))
    assert types == ["diary.key_made", "diary.key_made", "diary.key_ended"]


def test_the_secret_is_not_kept(lead: User) -> None:
    secret = make_key(by=lead)
    key = FeedKey.objects.get()
    assert secret not in (key.digest, str(key))
    assert secret not in str(list(Event.objects.values("payload")))


def test_whoever_left_or_changed_role_has_no_feed(lead: User) -> None:
    secret = make_key(by=lead)
    for change in ({"is_active": False}, {"is_active": True, "role": Role.ANALYST}):
        User.objects.filter(pk=lead.pk).update(**change)
        assert Client().get(reverse("diary_feed", args=[secret])).status_code == 404


def _leave(person: User, by: User) -> None:
    nobody = HandingOver(rest=None, rest_is_said=True)
    people.deactivate(person=person, to=nobody, reason=WHY, by=by, version=person.version)
    people.reactivate(person=person, reason=WHY, by=by, version=person.version)


def _come_back(person: User, by: User) -> None:
    """Of a sign-in that was closed before addresses ended with it."""
    User.objects.filter(pk=person.pk).update(is_active=False)
    people.reactivate(person=person, reason=WHY, by=by, version=person.version)


def _lose_the_second_step(person: User, by: User) -> None:
    App.of(person)
    people.reset_factors(person=person, reason=WHY, by=by, version=person.version)


def _be_signed_out(person: User, by: User) -> None:
    Client().force_login(person)
    people.end_sessions(person=person, reason=WHY, by=by, version=person.version)


def _be_signed_out_of_nothing_else(person: User, by: User) -> None:
    people.end_sessions(person=person, reason=WHY, by=by, version=person.version)


def _hold_no_role_for_a_while(person: User, by: User) -> None:
    for role in (None, Role.INSPECTOR):
        people.give_role(person=person, role=role, reason=WHY, by=by, version=person.version)


@pytest.mark.parametrize(
    "deed",
    [
        _hold_no_role_for_a_while,
        _leave,
        _come_back,
        _lose_the_second_step,
        _be_signed_out,
        _be_signed_out_of_nothing_else,
    ],
)
def test_the_address_ends_with_all_other_access(lead: User, deed: Callable[[User, User], None]) -> None:
    administrator, colleague = staff(Role.ADMINISTRATOR), staff(Role.INSPECTOR)
    secret, kept = make_key(by=lead), make_key(by=colleague)
    deed(lead, administrator)
    assert User.objects.get(pk=lead.pk).is_active
    assert Client().get(reverse("diary_feed", args=[secret])).status_code == 404
    feed(kept)
    ended = Event.objects.get(type="diary.key_ended")
    assert (ended.actor, ended.payload) == (administrator, {"key": FeedKey.objects.get(person=lead).pk})
    feed(make_key(by=lead))
    assert first_broken_link() is None


@pytest.mark.parametrize("secret", ["x", "a" * 5_000, "%00", "..%2F..", "é"])
def test_nonsense_opens_nothing(secret: str) -> None:
    assert Client().get(f"/diary/{secret}/inspections.ics").status_code == 404


def test_the_secret_stays_out_of_the_log(lead: User, caplog: pytest.LogCaptureFixture) -> None:
    secret = make_key(by=lead)
    with caplog.at_level(logging.INFO):
        Client().get(reverse("diary_feed", args=[secret]))
        Client().get(reverse("diary_feed", args=[f"{secret}x"]))
    assert secret not in caplog.text


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.ENFORCEMENT_MANAGER, Role.ANALYST], ids=str)
def test_only_whoever_conducts_inspections_has_an_address(role: Role) -> None:
    other = staff(role)
    with pytest.raises(NotPermitted):
        make_key(by=other)
    client = browser(other)
    page = client.get(reverse(PAGE))
    assert page.status_code == 200
    assert "In my own calendar" not in page.content.decode()
    assert client.post(reverse(PAGE), {"do": "make"}).status_code == 403
    assert not FeedKey.objects.exists()


def test_the_database_lets_one_key_stand(lead: User) -> None:
    make_key(by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeedKey.objects.create(person=lead, digest="0" * 64)


def test_the_page_shows_the_address_once(lead: User) -> None:
    opened(lead)
    client = browser(lead)
    made = client.post(reverse(PAGE), {"do": "make"})
    [address] = [line.strip() for line in made.content.decode().splitlines() if "inspections.ics" in line]
    path = address.removeprefix('<p class="desk-quote">').removesuffix("</p>").split("://")[1]
    assert Client().get(f"/{path.partition('/')[2]}").status_code == 200
    assert "no-store" in made.headers["Cache-Control"]
    again = client.get(reverse(PAGE)).content.decode()
    assert "inspections.ics" not in again
    assert "4 May 2026" in again
    assert client.post(reverse(PAGE), {"do": "end"}).status_code == 302
    assert client.post(reverse(PAGE), {"do": "nonsense"}).status_code == 400


def test_who_leads_how_much_and_what_nobody_leads(lead: User, travel: time_machine.Traveller) -> None:
    idle = staff(Role.INSPECTOR)
    first, _ = opened(lead), opened(lead, on=date(2026, 4, 2))
    opened(None)
    send_letter(first, Kind.ANNOUNCEMENT, by=lead)
    travel.move_to(datetime(2026, 5, 5, 9, tzinfo=UTC))
    inspections.visit(inspection=first, visited_on=date(2026, 5, 5), by=lead, version=first.case.version)
    by_person = {load.person: load for load in queries.workload()}
    mine = by_person[lead]
    assert (mine.open, mine.before_visit, mine.after_visit) == (2, 1, 1)
    assert mine.next_visit_on is None
    assert mine.next_due_on is not None
    assert (by_person[idle].open, by_person[idle].next_due_on) == (0, None)
    assert queries.unled() == 1


def test_the_page_takes_the_same_queries_at_any_size(lead: User) -> None:
    client = browser(lead)
    opened(lead)

    def number() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(reverse(PAGE)).status_code == 200
        return len(taken)

    few = number()
    for _ in range(6):
        opened(lead)
        opened(staff(Role.INSPECTOR))
    assert number() == few <= 8
