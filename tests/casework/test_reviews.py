"""Each week's looks at restricted cases: which week a look falls into, who signs it, and who is reminded."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection, connections
from pytest_django import DjangoAssertNumQueries

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework import triggers
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.kinds import CaseKind
from regulator.casework.models import Case, Event, RestrictedView, WeekReview
from regulator.casework.reviews import digest_of, place, summary, unreviewed, views_in, weeks
from regulator.casework.services import record_view, sign_week
from regulator.casework.tasks import remind_of_views
from regulator.casework.weeks import is_over, week_of, weeks_since
from regulator.organisations.models import Employer
from regulator.outbox.models import Message
from tests.casework.closing import broken_by, closed_to

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEEK = date(2026, 3, 2)
NEXT_MONDAY = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def manager(make_user: MakeUser) -> User:
    return make_user(Role.ENFORCEMENT_MANAGER, name="Manager")


@pytest.fixture
def auditor(make_user: MakeUser) -> User:
    return make_user(Role.AUDITOR, name="Auditor")


@pytest.fixture
def closed(case: Case, manager: User) -> Case:
    return closed_to(case, manager, by=manager)


def look(case: Case, by: User, times: int = 1) -> None:
    for _ in range(times):
        record_view(case=case, by=by, what="casework_case_change", path=f"/desk/casework/case/{case.pk}/")


@pytest.mark.parametrize(
    ("moment", "monday"),
    [
        ((2026, 3, 1, 23, 59), (2026, 2, 23)),
        ((2026, 3, 2, 0, 0), (2026, 3, 2)),
        ((2026, 3, 8, 23, 59), (2026, 3, 2)),
        # The clocks go forward on Sunday 29 March 2026: that evening London is an hour ahead of UTC.
        ((2026, 3, 29, 22, 59), (2026, 3, 23)),
        ((2026, 3, 29, 23, 0), (2026, 3, 30)),
        ((2026, 3, 22, 23, 30), (2026, 3, 16)),
        # They go back on Sunday 25 October 2026: that evening it is UTC again.
        ((2026, 10, 18, 23, 0), (2026, 10, 19)),
        ((2026, 10, 25, 23, 59), (2026, 10, 19)),
        ((2026, 10, 26, 0, 0), (2026, 10, 26)),
    ],
)
def test_a_week_begins_on_monday_in_london_whatever_the_clocks_do(
    moment: tuple[int, ...],
    monday: tuple[int, int, int],
    closed: Case,
    manager: User,
    travel: time_machine.Traveller,
) -> None:
    travel.move_to(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]
    look(closed, manager)
    assert RestrictedView.objects.get().week == date(*monday) == week_of(datetime(*moment, tzinfo=UTC))  # type: ignore[misc, arg-type]


def test_a_week_is_over_on_the_next_monday() -> None:
    assert not is_over(WEEK, today=date(2026, 3, 8))
    assert is_over(WEEK, today=date(2026, 3, 9))
    assert [weeks_since(WEEK, today=date(2026, 3, day)) for day in (9, 15, 16, 30)] == [0, 0, 1, 3]


@pytest.mark.parametrize(
    ("sunday", "monday"),
    [
        # Signed on Monday just after midnight in London: an hour before in UTC while summer time holds.
        (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), datetime(2026, 3, 29, 23, 0, tzinfo=UTC)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=UTC), datetime(2026, 10, 26, 0, 0, tzinfo=UTC)),
    ],
)
def test_it_is_signed_once_it_is_over_in_london_also_where_the_clocks_changed(
    closed: Case,
    manager: User,
    auditor: User,
    travel: time_machine.Traveller,
    sunday: datetime,
    monday: datetime,
) -> None:
    travel.move_to(sunday)
    look(closed, manager)
    week = week_of(sunday)
    with pytest.raises(NotAllowedNow, match="not over yet"):
        sign_week(week=week, by=auditor)
    assert list(unreviewed()) == []
    travel.move_to(monday)
    assert [each["week"] for each in unreviewed()] == [week]
    sign_week(week=week, by=auditor)
    assert list(unreviewed()) == []


def test_somebody_who_did_not_look_signs_and_the_chain_keeps_what_was_signed(
    closed: Case, manager: User, auditor: User, make_user: MakeUser, travel: time_machine.Traveller
) -> None:
    other = make_user(Role.ENFORCEMENT_MANAGER, name="Other")
    broken_by(auditor, closed)
    look(closed, manager, times=2)
    look(closed, auditor)
    travel.move_to(NEXT_MONDAY)
    for viewer in (manager, auditor):
        with pytest.raises(NotAllowedNow, match="somebody else must sign"):
            sign_week(week=WEEK, by=viewer)
    review = sign_week(week=WEEK, by=other, remark=" All three were called for. ")
    event = Event.objects.get(type="casework.views_reviewed")
    assert (event.actor, event.case, event.typed.text) == (other, None, "All three were called for.")
    assert event.payload["week"] == "2026-03-02"
    assert (event.payload["views"], event.payload["sha256"]) == digest_of(WEEK)
    assert (review.signed_by, review.event) == (other, event)
    assert first_broken_link() is None


def test_a_look_that_was_taken_away_shows_against_what_was_signed(
    closed: Case, manager: User, auditor: User, travel: time_machine.Traveller
) -> None:
    look(closed, manager, times=3)
    travel.move_to(NEXT_MONDAY)
    signed = sign_week(week=WEEK, by=auditor).event.payload
    triggers.drop(connection, triggers.VIEWS)
    RestrictedView.objects.order_by("pk")[0].delete()
    triggers.install(connection, triggers.VIEWS)
    views, sha256 = digest_of(WEEK)
    assert (signed["views"], views) == (3, 2)
    assert signed["sha256"] != sha256


@pytest.mark.parametrize("role", list(Role))
def test_managers_and_auditors_sign_and_nobody_else(
    closed: Case,
    manager: User,
    make_user: MakeUser,
    employer: Employer,
    travel: time_machine.Traveller,
    role: Role,
) -> None:
    look(closed, manager)
    travel.move_to(NEXT_MONDAY)
    by = make_user(role, employer=employer if role in EMPLOYER_ROLES else None, name="signs")
    if role in (Role.ENFORCEMENT_MANAGER, Role.AUDITOR):
        assert sign_week(week=WEEK, by=by).signed_by == by
        return
    with pytest.raises(NotPermitted):
        sign_week(week=WEEK, by=by)
    assert not WeekReview.objects.exists()


def test_a_week_is_signed_once_and_not_where_nobody_looked(
    closed: Case, manager: User, auditor: User, make_user: MakeUser, travel: time_machine.Traveller
) -> None:
    look(closed, manager)
    travel.move_to(NEXT_MONDAY)
    with pytest.raises(NotAllowedNow, match="Nobody opened"):
        sign_week(week=date(2026, 2, 23), by=auditor)
    with pytest.raises(ValidationError):
        sign_week(week=WEEK, by=auditor, remark="Dr Patel looked for no reason.")
    sign_week(week=WEEK, by=auditor)
    with pytest.raises(NotAllowedNow, match="Auditor signed this week already, on 9 March 2026, 09:00"):
        sign_week(week=WEEK, by=make_user(Role.AUDITOR))


def test_those_who_may_sign_are_reminded_once_a_week_until_it_is_signed(
    closed: Case, manager: User, auditor: User, travel: time_machine.Traveller
) -> None:
    look(closed, manager)
    assert remind_of_views() == 0
    travel.move_to(NEXT_MONDAY)
    assert remind_of_views() == 1
    travel.shift(timedelta(days=3))
    assert remind_of_views() == 1
    letter = Message.objects.get(template="casework_views_unreviewed")
    assert letter.to == auditor.email
    assert "Monday 2 March 2026" in letter.subject
    assert "/desk/casework/weekreview/2026-03-02/" in letter.body
    assert str(closed.reference) not in letter.body
    travel.shift(timedelta(days=20))  # the worker was down for two weeks: one letter makes up for it
    assert remind_of_views() == 1
    assert Message.objects.filter(template="casework_views_unreviewed").count() == 2
    sign_week(week=WEEK, by=auditor)
    travel.shift(timedelta(days=7))
    assert remind_of_views() == 0
    assert Message.objects.filter(template="casework_views_unreviewed").count() == 2


def test_where_everybody_looked_all_are_told_to_find_somebody(
    closed: Case, manager: User, auditor: User, travel: time_machine.Traveller
) -> None:
    broken_by(auditor, closed)
    look(closed, manager)
    look(closed, auditor)
    travel.move_to(NEXT_MONDAY)
    remind_of_views()
    letters = Message.objects.filter(template="casework_views_unreviewed")
    assert {each.to for each in letters} == {manager.email, auditor.email}
    assert all("Ask an administrator" in each.body for each in letters)


def test_a_week_is_told_in_short_by_person_case_and_right(
    closed: Case, manager: User, auditor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    look(closed, manager, times=3)
    broken_by(auditor, closed)
    look(closed, auditor)
    with django_assert_num_queries(1):
        short = list(summary(WEEK))
    assert [(each["person__name"], each["access__right"], each["views"]) for each in short] == [
        ("Auditor", "glass", 1),
        ("Manager", "named", 3),
    ]
    assert short[0]["access__event__typed__text"] == "The lead is away and the hospital rang."
    with django_assert_num_queries(1):
        whys = [each.access.event.typed.text for each in views_in(WEEK)]
    assert whys[0].startswith("Somebody who works")
    with django_assert_num_queries(1):
        (week,) = weeks()
    assert (week["views"], week["viewers"], week["is_signed"]) == (4, 2, False)


def test_a_page_is_called_by_its_name_also_where_nobody_gave_it_one() -> None:
    assert place("casework_case_file") == "A file"
    assert place("casework_case_links") == "Case links"


def _attempt(barrier: Barrier, by: User) -> Callable[[], str]:
    def run() -> str:
        try:
            barrier.wait(timeout=20)
            sign_week(week=WEEK, by=by)
        except NotAllowedNow as refused:
            return str(refused).partition(",")[0]
        finally:
            connections.close_all()
        return "signed"

    return run


@pytest.mark.django_db(transaction=True)
def test_of_two_auditors_who_sign_at_once_one_is_told_who_did(
    kind: CaseKind, make_case: Callable[..., Case], make_user: MakeUser
) -> None:
    viewer = make_user(Role.ENFORCEMENT_MANAGER)
    look(closed_to(make_case(), viewer, by=viewer), viewer)
    auditors = [make_user(Role.AUDITOR, name=f"Auditor {n}") for n in range(2)]
    with time_machine.travel(NEXT_MONDAY, tick=False):
        barrier = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(_attempt(barrier, by)) for by in auditors]
            outcomes = {future.result(timeout=60) for future in futures}
    winner = WeekReview.objects.get().signed_by
    assert outcomes == {"signed", f"{winner} signed this week already"}
    assert Event.objects.filter(type="casework.views_reviewed").count() == 1
