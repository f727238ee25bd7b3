"""The weeks of views on the desk: who reads them, who signs one, and that nothing typed is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import triggers
from regulator.casework.desk import HOME_PANELS
from regulator.casework.models import Case, EventText, RestrictedView, WeekReview
from regulator.casework.services import record_view, sign_week
from tests.casework.closing import broken_by, closed_to
from tests.desk.test_deeds import page_of
from tests.desk.test_restricted_pages import text

SignIn = Callable[[Role], Client]
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
WEEKS = "/desk/casework/weekreview/"
WEEK = f"{WEEKS}2026-03-02/"
SIGNERS = {Role.ENFORCEMENT_MANAGER, Role.AUDITOR}


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def looked_at(case: Case, people: dict[Role, User], officer: Client, signed_in: SignIn) -> Case:
    """A restricted case at which a named officer looked, and an inspector who broke the glass."""
    lead = people[Role.CASE_OFFICER]
    closed_to(case, lead, by=people[Role.ENFORCEMENT_MANAGER])
    officer.get(page_of(case))
    broken_by(people[Role.INSPECTOR], case)
    signed_in(Role.INSPECTOR).get(f"{page_of(case)}timeline/")
    return case


@pytest.fixture
def over(looked_at: Case, travel: time_machine.Traveller) -> Case:
    """The same, a week later."""
    travel.shift(timedelta(days=7))
    return looked_at


@pytest.mark.parametrize("role", sorted(Role))
def test_managers_and_auditors_read_and_sign_the_weeks_and_nobody_else(
    over: Case, signed_in: SignIn, people: dict[Role, User], role: Role
) -> None:
    person = signed_in(role)
    status = 200 if role in SIGNERS else 403
    assert person.get(WEEKS).status_code == status
    assert person.get(WEEK).status_code == status
    assert person.post(WEEK, {"remark": ""}).status_code == (302 if role in SIGNERS else 403)
    assert WeekReview.objects.exists() is (role in SIGNERS)
    home = person.get("/desk/")
    assert (home.status_code == 200 and "Weeks of views to sign" in text(home)) is (role in SIGNERS)


def test_a_week_is_looked_through_and_signed(over: Case, signed_in: SignIn, people: dict[Role, User]) -> None:
    auditor = signed_in(Role.AUDITOR)
    listed = text(auditor.get(WEEKS))
    assert "Waits to be signed" in listed
    shown = text(auditor.get(WEEK))
    for words in (
        "Monday 2 March 2026 to Sunday 8 March 2026", str(over.reference), "Case officer", "Inspector",
        "Broke the glass", "The lead is away and the hospital rang.", "Its timeline", page_of(over),
        "3 March 2026, 09:00",
    ):  # fmt: skip
        assert words in shown, words
    assert over.summary not in shown
    refused = auditor.post(WEEK, {"remark": "Mr Patel looked too often."})
    assert refused.status_code == 400
    assert "Mr Patel looked too often." in text(refused)
    answer = auditor.post(WEEK, {"remark": "Both were called for."}, follow=True)
    assert answer.redirect_chain == [(WEEK, 302)]
    for words in ("You signed this week.", "Signed by Auditor", "Both were called for.", "that were signed"):
        assert words in text(answer), words
    assert "Waits to be signed" not in text(auditor.get(WEEKS))
    EventText.objects.filter(event__type="casework.views_reviewed").delete()
    assert "The text was erased." in text(auditor.get(WEEK))


def test_whoever_looked_cannot_sign_and_keeps_what_they_wrote(
    over: Case, signed_in: SignIn, people: dict[Role, User], travel: time_machine.Traveller
) -> None:
    travel.move_to(TUESDAY)
    broken_by(people[Role.AUDITOR], over)
    signed_in(Role.AUDITOR).get(page_of(over))
    travel.shift(timedelta(days=7))
    auditor = signed_in(Role.AUDITOR)
    assert "somebody else must sign it" in text(auditor.get(WEEK))
    answer = auditor.post(WEEK, {"remark": "Twenty minutes of typing"})
    assert answer.status_code == 409
    assert "Twenty minutes of typing" in text(answer)
    assert not WeekReview.objects.exists()


def test_the_second_to_sign_is_told_who_was_faster(
    over: Case, signed_in: SignIn, people: dict[Role, User]
) -> None:
    auditor = signed_in(Role.AUDITOR)
    assert auditor.get(WEEK).status_code == 200
    sign_week(week=datetime(2026, 3, 2, tzinfo=UTC).date(), by=people[Role.ENFORCEMENT_MANAGER])
    answer = auditor.post(WEEK, {"remark": "Typed at the same time"})
    assert answer.status_code == 409
    assert "Enforcement manager signed this week already" in text(answer)
    assert "Typed at the same time" in text(answer)


def test_a_week_that_is_not_over_is_read_and_not_signed(looked_at: Case, signed_in: SignIn) -> None:
    auditor = signed_in(Role.AUDITOR)
    assert "Not over yet" in text(auditor.get(WEEKS))
    assert "The week is not over yet." in text(auditor.get(WEEK))
    assert auditor.post(WEEK, {"remark": ""}).status_code == 409


def test_a_look_that_was_taken_away_after_the_signature_shows(
    over: Case, signed_in: SignIn, people: dict[Role, User]
) -> None:
    auditor = signed_in(Role.AUDITOR)
    auditor.post(WEEK, {"remark": ""})
    triggers.drop(connection, triggers.VIEWS)
    RestrictedView.objects.order_by("pk")[0].delete()
    triggers.install(connection, triggers.VIEWS)
    assert "not those that were signed" in text(auditor.get(WEEK))


@pytest.mark.parametrize(
    "week", ["2026-03-03", "2026-03-09", "2026-13-01", "nonsense", "0", "9" * 300, "2026-W10-1", "20260302x"]
)
def test_no_other_week_is_there(over: Case, signed_in: SignIn, week: str) -> None:
    auditor = signed_in(Role.AUDITOR)
    assert auditor.get(f"{WEEKS}{week}/").status_code == 404
    assert auditor.post(f"{WEEKS}{week}/", {"remark": "x"}).status_code == 404


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 5000, "%00"])
def test_no_page_breaks_a_list(over: Case, signed_in: SignIn, page: str) -> None:
    auditor = signed_in(Role.AUDITOR)
    assert auditor.get(f"{WEEKS}?page={page}").status_code == 200
    assert auditor.get(f"{WEEK}?page={page}").status_code == 200
    assert auditor.put(WEEK).status_code == 405
    assert auditor.post(WEEKS).status_code == 405


def test_nothing_was_looked_at_and_that_is_said(db: None, signed_in: SignIn) -> None:
    assert "Nobody has opened a restricted case yet." in text(signed_in(Role.AUDITOR).get(WEEKS))


@pytest.mark.parametrize("size", [2, 150])
def test_weeks_and_a_week_take_at_most_eight_queries_at_any_size(
    looked_at: Case,
    signed_in: SignIn,
    people: dict[Role, User],
    travel: time_machine.Traveller,
    size: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    lead = people[Role.CASE_OFFICER]
    for n in range(size):
        travel.move_to(TUESDAY + timedelta(days=7 * (n % 60)))
        record_view(case=looked_at, by=lead, what="casework_case_change", path="/")
        travel.move_to(TUESDAY)
        record_view(case=looked_at, by=lead, what="casework_case_change", path="/")
    travel.move_to(TUESDAY + timedelta(days=7 * 70))
    auditor = signed_in(Role.AUDITOR)
    for address in (WEEKS, WEEK):
        with django_assert_max_num_queries(8):
            assert auditor.get(address).status_code == 200
    auditor.post(WEEK, {"remark": "Seen."})
    with django_assert_max_num_queries(8):
        assert auditor.get(WEEK).status_code == 200
    manager = signed_in(Role.ENFORCEMENT_MANAGER)
    with django_assert_max_num_queries(8 + len(HOME_PANELS)):
        assert manager.get("/desk/").status_code == 200


def test_the_home_leads_to_what_waits(over: Case, signed_in: SignIn) -> None:
    shown = text(signed_in(Role.AUDITOR).get("/desk/"))
    assert reverse("admin:casework_weekreview_changelist") in shown
    assert "Weeks of views to sign" in shown
