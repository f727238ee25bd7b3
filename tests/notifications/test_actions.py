"""Corrective actions: who keeps them, when, what each leaves behind, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications import services
from notifications.content import ActionContent
from notifications.employer_section import actions
from notifications.figures import corrective_actions
from notifications.models import CorrectiveAction, Notification
from notifications.own_figures.queries import open_actions
from notifications.queries import actions_of, detail
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.deadlines.desk import standing
from regulator.deadlines.models import Deadline
from regulator.deadlines.reminders import escalate
from regulator.organisations.employer_page import Table
from regulator.organisations.policies import NotPermitted
from regulator.periods import reporting_year
from tests.factories import REPORT, Cast, notification_in
from tests.notifications.pages import browser, text

pytestmark = pytest.mark.usefixtures("reference")

PLANNED = date(2026, 4, 1)
ACTION = ActionContent(
    what="The console refuses an exposure without a referral.",
    strength="barrier",
    owner_role="Lead radiographer",
    effect_check="Count refusals for three months.",
    planned_for=PLANNED,
)


def add(notification: Notification, by: User, action: ActionContent = ACTION) -> CorrectiveAction:
    version = notification.case.version
    return services.add_action(notification=notification, by=by, version=version, action=action)


def kept(state: str = "awaiting_report") -> tuple[Cast, Notification, CorrectiveAction]:
    cast = Cast()
    notification = notification_in(state, cast=cast)
    return cast, notification, add(notification, cast.reporter)


def clock_of(action: CorrectiveAction) -> Deadline:
    return Deadline.objects.get(kind="action", subject_id=action.pk)


Deed = Callable[[Notification, User, int, CorrectiveAction], CorrectiveAction]
DEEDS: dict[str, Deed] = {
    "done": lambda n, by, v, a: services.finish_action(
        notification=n, by=by, version=v, action=a, done_on=clock.today()
    ),
    "moved": lambda n, by, v, a: services.move_action(
        notification=n, by=by, version=v, action=a, planned_for=PLANNED + timedelta(7), reason="Late parts."
    ),
    "cancelled": lambda n, by, v, a: services.cancel_action(
        notification=n, by=by, version=v, action=a, reason="The room closes."
    ),
}
every_deed = pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)


def test_a_planned_action_runs_a_clock_of_its_own() -> None:
    _, notification, action = kept()
    assert (clock_of(action).due_on, clock_of(action).is_open) == (PLANNED, True)
    assert notification.case.next_due_on == PLANNED


def test_what_is_to_be_done_stays_out_of_the_chain() -> None:
    _, notification, action = kept()
    event = Event.objects.get(type="notifications.action_added", case=notification.case)
    assert action.what not in str(event.payload)
    assert event.payload["action"] == action.pk
    assert first_broken_link() is None


def test_done_on_a_day_meets_the_clock_on_that_day() -> None:
    cast, notification, action = kept()
    yesterday = clock.today() - timedelta(1)
    services.finish_action(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        action=action,
        done_on=yesterday,
    )
    assert clock_of(action).met_on == yesterday


def test_a_moved_action_is_due_on_the_new_day_and_remembers_the_first() -> None:
    cast, notification, action = kept()
    moved = DEEDS["moved"](notification, cast.reporter, notification.case.version, action)
    assert moved.planned_for == clock_of(action).due_on == PLANNED + timedelta(7)
    assert clock_of(action).first_due_on == PLANNED


def test_cancelling_one_action_leaves_the_clock_of_another_running() -> None:
    cast, notification, action = kept()
    other = add(notification, cast.reporter)
    DEEDS["cancelled"](notification, cast.reporter, notification.case.version, action)
    assert (clock_of(action).is_open, clock_of(other).is_open) == (False, True)
    assert CorrectiveAction.objects.get(pk=action.pk).cancelled_reason == "The room closes."


@every_deed
def test_strangers_and_officers_may_not(deed: Deed) -> None:
    cast, notification, action = kept()
    for somebody in (Cast().reporter, cast.officer):
        with pytest.raises(NotPermitted):
            deed(notification, somebody, notification.case.version, action)
        with pytest.raises(NotPermitted):
            add(notification, somebody)
    assert CorrectiveAction.objects.get().is_open


@every_deed
def test_the_second_of_two_writers_is_told(deed: Deed) -> None:
    cast, notification, action = kept()
    with pytest.raises(StaleVersion):
        deed(notification, cast.reporter, notification.case.version - 1, action)


@every_deed
@pytest.mark.parametrize("over", ["done", "cancelled"])
def test_what_is_over_is_not_changed_again(over: str, deed: Deed) -> None:
    cast, notification, action = kept()
    DEEDS[over](notification, cast.reporter, notification.case.version, action)
    with pytest.raises(NotAllowedNow):
        deed(notification, cast.reporter, notification.case.version, action)


@every_deed
def test_an_action_of_another_case_is_refused(deed: Deed) -> None:
    cast, _, action = kept()
    other = notification_in("awaiting_report", cast=cast)
    with pytest.raises(ValidationError):
        deed(other, cast.reporter, other.case.version, action)


@every_deed
def test_an_open_action_is_kept_after_closure_but_none_is_added(deed: Deed) -> None:
    cast, notification, action = kept("ready_to_close")
    for close in (services.provisionally_close, services.confirm_closure):
        close(notification=notification, by=cast.officer, version=notification.case.version)
    with pytest.raises(NotAllowedNow):
        add(notification, cast.reporter)
    deed(notification, cast.reporter, notification.case.version, action)


@pytest.mark.parametrize("state", ["draft", "discarded", "withdrawn", "not_notifiable"])
def test_a_case_that_cqc_does_not_hold_takes_no_action(state: str) -> None:
    cast = Cast()
    with pytest.raises(NotAllowedNow):
        add(notification_in(state, cast=cast), cast.reporter)
    assert not CorrectiveAction.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("what", " "),
        ("strength", "wishful"),
        ("owner_role", ""),
        ("owner_role", "x" * 101),
        ("effect_check", ""),
        ("planned_for", None),
        ("planned_for", date(2026, 3, 1)),
        ("planned_for", date(2036, 3, 1)),
    ],
)
def test_nonsense_is_refused_beside_its_field(field: str, value: object) -> None:
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    with pytest.raises(ValidationError) as refused:
        add(notification, cast.reporter, replace(ACTION, **{field: value}))  # type: ignore[arg-type]
    assert list(refused.value.message_dict) == [field]
    assert not CorrectiveAction.objects.exists()


@pytest.mark.parametrize("done_on", [date(2026, 3, 3), date(2020, 1, 1)])
def test_done_tomorrow_or_before_the_incident_is_refused(done_on: date) -> None:
    cast, notification, action = kept()
    version = notification.case.version
    with pytest.raises(ValidationError):
        services.finish_action(
            notification=notification, by=cast.reporter, version=version, action=action, done_on=done_on
        )
    assert clock_of(action).is_open


def test_the_clock_of_an_open_action_outlives_the_closure() -> None:
    cast, notification, action = kept("ready_to_close")
    for close in (services.provisionally_close, services.confirm_closure):
        close(notification=notification, by=cast.officer, version=notification.case.version)
    assert notification.case.status == "closed"
    assert clock_of(action).is_open


def test_a_withdrawal_stops_the_clocks_and_a_reopening_starts_those_still_owed() -> None:
    cast, notification, action = kept()
    given_up = add(notification, cast.reporter)
    DEEDS["cancelled"](notification, cast.reporter, notification.case.version, given_up)
    version = notification.case.version
    services.withdraw(notification=notification, by=cast.reporter, version=version, reason="Sent twice.")
    assert not clock_of(action).is_open
    version = notification.case.version
    services.reopen(notification=notification, by=cast.officer, version=version, reason="It was not.")
    assert (clock_of(action).is_open, clock_of(given_up).is_open) == (True, False)


def test_nothing_is_to_be_done_on_what_was_withdrawn_until_it_is_reopened() -> None:
    cast, notification, action = kept()
    own, detail = browser(cast.reporter), f"/notifications/{notification.case.reference}/actions/{action.pk}/"

    def seen() -> tuple[list[CorrectiveAction], bool, bool]:
        blocks = actions(cast.employer, cast.officer)
        listed = any(block.rows for block in blocks if isinstance(block, Table))
        offered = "Mark as done" in text(own.get(detail))
        return open_actions(cast.employer, cast.reporter), listed, offered

    assert seen() == ([action], True, True)
    version = notification.case.version
    services.withdraw(notification=notification, by=cast.reporter, version=version, reason="Sent twice.")
    assert seen() == ([], False, False)
    version = notification.case.version
    services.reopen(notification=notification, by=cast.officer, version=version, reason="It was not.")
    assert seen() == ([action], True, True)


def test_no_action_of_what_was_withdrawn_is_overdue_on_any_page() -> None:
    cast, notification, action = kept()
    for number in range(3):
        add(notification, cast.reporter, replace(ACTION, what=f"Another {number}."))
    own = f"/notifications/{notification.case.reference}/"
    pages = [
        (cast.reporter, own),
        (cast.reporter, f"{own}actions/{action.pk}/"),
        (cast.officer, reverse("admin:casework_case_change", args=[notification.pk])),
    ]

    def told() -> list[bool]:
        shown = [text(browser(who).get(address)) for who, address in pages]
        return [">Overdue<" in page or ": overdue" in page or "(4 overdue)" in page for page in shown]

    with time_machine.travel("2026-04-03T12:00:00Z", tick=False):
        assert told() == [True, True, True]
        version = notification.case.version
        services.withdraw(notification=notification, by=cast.reporter, version=version, reason="Sent twice.")
        assert told() == [False, False, False]
        with CaptureQueriesContext(connection) as captured:
            assert [each.standing for each in actions_of(detail(str(notification.case), cast.reporter))] == [
                "Open"
            ] * 4
        assert len(captured) <= 5
        version = notification.case.version
        services.reopen(notification=notification, by=cast.officer, version=version, reason="It was not.")
        assert told() == [True, True, True]


def test_an_overdue_action_says_so_and_is_not_escalated() -> None:
    _, _, action = kept("under_review")
    Deadline.objects.exclude(kind="action").delete()
    with time_machine.travel("2026-04-03T12:00:00Z", tick=False):
        assert CorrectiveAction.objects.get(pk=action.pk).is_overdue
        assert standing(clock_of(action)) == "Overdue by 2 days"
        assert escalate() == 0


def test_the_yearly_figure_counts_an_action_from_the_filing_of_the_report_until_it_is_cancelled() -> None:
    def counted() -> tuple[object, ...]:
        held: Any = corrective_actions(reporting_year("2025/26"))
        weak = held["by_strongest"]["only_weak"]
        return held["actions"], held["reports"], weak["count"], str(weak["percent"])

    cast, notification, barrier = kept()
    add(notification, cast.reporter, replace(ACTION, strength="training"))
    assert counted() == (0, 0, 0, "[z]")
    version = notification.case.version
    services.file_report(notification=notification, by=cast.reporter, version=version, report=REPORT)
    assert counted() == (2, 1, 0, "0")
    version = notification.case.version
    services.finish_action(
        notification=notification, by=cast.reporter, version=version, action=barrier, done_on=clock.today()
    )
    assert counted() == (2, 1, 0, "0")
    other = add(notification, cast.reporter, replace(ACTION, strength="automation"))
    for state in ("report_received", "report_received"):
        weak = notification_in(state, cast=cast)
        add(weak, cast.reporter, replace(ACTION, strength="reminder"))
    assert counted() == (5, 3, 2, "67")
    services.cancel_action(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        action=other,
        reason="The vendor cannot.",
    )
    assert counted() == (4, 3, 2, "67")
