"""Reminders and escalation: once each, whatever the worker missed, and to whom."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.kinds import KINDS, CaseKind
from regulator.casework.links import CASE_LINKS, case_url
from regulator.casework.models import Case, Event
from regulator.casework.services import changing
from regulator.deadlines.kinds import DEADLINES, Counting, DeadlineKind
from regulator.deadlines.models import Deadline, Reminder
from regulator.deadlines.services import end_deadlines, extend_deadline, meet_deadline, open_deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.organisations.models import Employer
from regulator.outbox.models import Message
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)
DUE = START + timedelta(days=14)
OFFICE = "office@example.invalid"


@pytest.fixture(autouse=True)
def clock_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = DeadlineKind(
        name="tests.report",
        label="Investigation report",
        days=14,
        counting=Counting.CALENDAR,
        source="A test",
        reminders=(-7, -1, 1),
        letter="deadline-reminder",
        recipients=lambda case: [OFFICE],
    )
    monkeypatch.setitem(DEADLINES._items, spec.name, spec)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def start_clock(make_case: Callable[..., Case]) -> Callable[..., Deadline]:
    def start(case: Case | None = None) -> Deadline:
        with changing(case or make_case(), version=None, by=SETTING_UP) as held:
            return open_deadline(case=held, kind="tests.report", start_on=START, by=SETTING_UP)

    return start


def letters() -> list[tuple[str, str]]:
    return list(Message.objects.order_by("pk").values_list("to", "subject"))


def test_nothing_goes_before_its_day_and_each_reminder_goes_once_on_it(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller
) -> None:
    deadline = start_clock()
    assert remind() == 0
    went = []
    for day in range(20):
        travel.move_to(START + timedelta(days=day))
        went += [(day - 14, remind(), remind())]
    assert [offset for offset, first, _ in went if first] == [-7, -1, 1]
    assert {again for _, _, again in went} == {0}
    assert set(deadline.reminders.values_list("offset", "due_on")) == {(-7, DUE), (-1, DUE), (1, DUE)}
    assert Event.objects.filter(type="deadlines.reminded", scheduled_by="deadlines.remind").count() == 3
    assert len(letters()) == 3


def test_after_a_missed_week_only_the_latest_letter_goes_and_all_are_recorded(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller
) -> None:
    deadline = start_clock()
    travel.move_to(DUE)
    assert [remind(), remind()] == [1, 0]
    assert set(deadline.reminders.values_list("offset", flat=True)) == {-7, -1}
    [message] = Message.objects.all()
    assert "due today, Monday 16 March 2026" in message.body


def test_a_reminder_says_what_is_due_for_whom_and_where(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller, case: Case
) -> None:
    start_clock(case)
    travel.move_to(DUE - timedelta(days=7))
    remind()
    [message] = Message.objects.all()
    assert message.subject == f"Investigation report: due by Monday 16 March 2026 ({case.reference})"
    assert "in 7 days" in message.body
    assert case.employer.name in message.body
    assert case.summary in message.body
    assert message.case == case


def test_a_clock_that_was_stopped_reminds_of_nothing(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller
) -> None:
    met, ended = start_clock(), start_clock()
    with changing(met.case, version=met.case.version) as held:
        meet_deadline(case=held, kind=met.kind, by=SETTING_UP)
    with changing(ended.case, version=ended.case.version) as held:
        end_deadlines(case=held, by=SETTING_UP)
    travel.move_to(DUE + timedelta(days=30))
    assert (remind(), escalate(), letters()) == (0, 0, [])


def test_an_extension_starts_the_reminders_and_the_escalation_anew(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller, make_user: Callable[..., User]
) -> None:
    officer = make_user(Role.CASE_OFFICER)
    deadline = start_clock()
    travel.move_to(DUE + timedelta(days=1))
    assert (remind(), escalate(), escalate()) == (1, 1, 0)
    with changing(deadline.case, version=deadline.case.version) as held:
        extend_deadline(
            case=held, deadline=deadline, due_on=DUE + timedelta(days=10), reason="Asked for", by=officer
        )
    assert (remind(), escalate()) == (0, 0)
    travel.move_to(DUE + timedelta(days=11))
    assert (remind(), escalate(), remind(), escalate()) == (1, 1, 0, 0)


def test_a_reconstructed_case_reminds_nobody(
    start_clock: Callable[..., Deadline], make_case: Callable[..., Case], travel: time_machine.Traveller
) -> None:
    start_clock(make_case(origin=Case.Origin.PUBLISHED_YEAR))
    travel.move_to(DUE + timedelta(days=30))
    assert (remind(), escalate(), letters()) == (0, 0, [])


def test_cqc_is_not_told_of_a_draft_until_it_is_submitted(
    start_clock: Callable[..., Deadline],
    make_case: Callable[..., Case],
    make_user: Callable[..., User],
    travel: time_machine.Traveller,
) -> None:
    officer = make_user(Role.CASE_OFFICER)
    draft = start_clock(make_case(opened=False)).case
    travel.move_to(DUE + timedelta(days=1))
    assert (escalate(), remind()) == (0, 1)
    assert [to for to, _ in letters()] == [OFFICE]
    Case.objects.filter(pk=draft.pk).update(status="open")
    assert (escalate(), escalate()) == (1, 0)
    assert letters()[-1][0] == officer.email


def test_an_employer_is_not_reminded_of_a_case_that_it_does_not_see_yet(
    start_clock: Callable[..., Deadline],
    travel: time_machine.Traveller,
    kind: CaseKind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(KINDS._items, kind.name, replace(kind, hidden_from_employer=frozenset({"open"})))
    employers = replace(DEADLINES.get("tests.report"), for_employer=True)
    monkeypatch.setitem(DEADLINES._items, employers.name, employers)
    case = start_clock().case
    travel.move_to(DUE)
    assert (remind(), letters()) == (0, [])
    Case.objects.filter(pk=case.pk).update(status="closed")
    assert remind() == 1


def test_cqc_is_reminded_of_its_own_on_a_case_that_the_employer_does_not_see(
    start_clock: Callable[..., Deadline],
    travel: time_machine.Traveller,
    kind: CaseKind,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(KINDS._items, kind.name, replace(kind, hidden_from_employer=frozenset({"open"})))
    start_clock()
    travel.move_to(DUE)
    assert (remind(), [to for to, _ in letters()]) == (1, [OFFICE])


def test_no_clock_of_cqcs_own_reminds_anybody_at_an_employer(
    case: Case, employer: Employer, make_user: Callable[..., User]
) -> None:
    make_user(Role.EMPLOYER_LEAD, employer=employer)
    for role in (Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER):
        make_user(role)
    staffs = set(User.objects.exclude(role="").values_list("email", flat=True))
    own = [each for each in DEADLINES.values() if not each.for_employer and each.name != "tests.report"]
    assert len(own) >= 8
    for each in own:
        assert set(each.recipients(case)) <= staffs, each.name


def test_nobody_is_told_that_a_window_has_closed(
    start_clock: Callable[..., Deadline],
    travel: time_machine.Traveller,
    make_user: Callable[..., User],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_user(Role.CASE_OFFICER)
    window = replace(DEADLINES.get("tests.report"), escalates=False)
    monkeypatch.setitem(DEADLINES._items, window.name, window)
    start_clock()
    travel.move_to(DUE + timedelta(days=2))
    assert (escalate(), letters()) == (0, [])


def test_the_times_to_appeal_and_to_comment_are_windows_and_every_other_clock_is_owed() -> None:
    windows = [kind.name for kind in DEADLINES.values() if not kind.escalates]
    assert windows == ["accuracy", "appeal_window", "secretary_appeal"]


def test_due_today_is_not_overdue(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller
) -> None:
    start_clock()
    travel.move_to(DUE)
    assert escalate() == 0


@pytest.mark.parametrize("may_sign_in", [True, False])
def test_an_overdue_deadline_goes_to_the_assignee_or_to_all_who_assign(
    start_clock: Callable[..., Deadline],
    travel: time_machine.Traveller,
    make_user: Callable[..., User],
    case: Case,
    may_sign_in: bool,
) -> None:
    others = [make_user(role) for role in (Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER)]
    make_user(Role.ANALYST)
    make_user(Role.CASE_OFFICER, is_active=False, name="gone")
    assignee = make_user(Role.CASE_OFFICER, name="assignee", is_active=may_sign_in)
    deadline = start_clock(case)
    Case.objects.filter(pk=case.pk).update(assignee=assignee)
    travel.move_to(DUE + timedelta(days=2))
    assert escalate() == 1
    deadline.refresh_from_db()
    assert deadline.escalated_at is not None
    expected = [assignee] if may_sign_in else others
    assert {to for to, _ in letters()} == {person.email for person in expected}
    body = Message.objects.values_list("body", flat=True)[0]
    assert "2 days late" in body
    assert f"/desk/casework/case/{case.pk}/" in body
    assert Event.objects.get(type="deadlines.escalated").payload["letters"] == len(expected)


def test_staff_are_pointed_to_the_desk_and_others_to_their_own_pages(
    monkeypatch: pytest.MonkeyPatch, case: Case, settings: object
) -> None:
    assert case_url(case, for_staff=True).endswith(f"/desk/casework/case/{case.pk}/")
    monkeypatch.setitem(
        CASE_LINKS._items, case.kind, lambda found, for_staff: f"/{for_staff}/{found.reference}/"
    )
    assert case_url(case, for_staff=False).endswith(f"/False/{case.reference}/")


def test_chasing_changes_no_version_so_that_nobody_s_form_goes_stale(
    start_clock: Callable[..., Deadline], travel: time_machine.Traveller, case: Case
) -> None:
    start_clock(case)
    version = Case.objects.get(pk=case.pk).version
    travel.move_to(DUE + timedelta(days=1))
    assert (remind(), escalate()) == (1, 1)
    assert Case.objects.get(pk=case.pk).version == version


def test_looking_costs_the_same_however_many_deadlines_are_done(
    start_clock: Callable[..., Deadline],
    travel: time_machine.Traveller,
    employer: Employer,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        start_clock()
    Deadline.objects.update(met_on=START)
    travel.move_to(DUE + timedelta(days=30))
    with django_assert_num_queries(sum(len(kind.reminders) for kind in DEADLINES.values())):
        remind()
    with django_assert_num_queries(1):
        escalate()
    assert not Reminder.objects.exists()
