"""Every deed in every state by every role: one table of what is allowed, everything else refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from notifications import services
from notifications.models import InvestigationReport, Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case, InformationRequest
from tests.factories import REPORT, Cast, EmployerFactory, a_cause, complete, member, notification_in, person

pytestmark = pytest.mark.usefixtures("reference")

EMPLOYER = {Role.EMPLOYER_REPORTER, Role.EMPLOYER_LEAD}
REVIEWERS = {Role.CASE_OFFICER, Role.INSPECTOR}
RECEIVED = {
    "submitted",
    "awaiting_report",
    "report_received",
    "under_review",
    "ready_to_close",
    "further_information",
}
REVIEWING = {"under_review", "ready_to_close", "further_information"}
STATES = RECEIVED | {"draft", "discarded", "provisionally_closed", "closed", "withdrawn", "not_notifiable"}

Deed = Callable[..., Any]
TABLE: dict[str, tuple[set[str], set[Role], dict[str, Any]]] = {
    "save_draft": ({"draft"}, EMPLOYER, {"content": complete}),
    "discard": ({"draft"}, EMPLOYER, {}),
    "submit": ({"draft"}, EMPLOYER, {}),
    "triage": (
        {"submitted"},
        REVIEWERS,
        {"risk": lambda: Case.Risk.HIGH, "reason": lambda: "Three like it."},
    ),
    "file_report": ({"submitted", "awaiting_report"}, EMPLOYER, {"report": lambda: REPORT}),
    "start_review": ({"report_received"}, REVIEWERS, {}),
    "request_information": (
        REVIEWING,
        REVIEWERS,
        {"question": lambda: "Why?", "due_on": lambda: clock.today() + timedelta(days=7)},
    ),
    "code_cause": (
        REVIEWING | {"report_received", "provisionally_closed"},
        REVIEWERS,
        {"cause": lambda: a_cause("diagnostic_imaging")},
    ),
    "provisionally_close": ({"ready_to_close"}, REVIEWERS, {}),
    "confirm_closure": ({"provisionally_closed"}, REVIEWERS, {}),
    "withdraw": (RECEIVED, EMPLOYER | REVIEWERS, {"reason": lambda: "Sent twice."}),
    "reject": (RECEIVED, REVIEWERS, {"reason": lambda: "Below the threshold."}),
    "reopen": ({"closed", "withdrawn", "not_notifiable"}, REVIEWERS, {"reason": lambda: "New facts."}),
    "extend_report": (
        {"submitted", "awaiting_report"},
        REVIEWERS,
        {"due_on": lambda: clock.today() + timedelta(days=120), "reason": lambda: "The MPE is away."},
    ),
    "ask_more_time": (
        {"submitted", "awaiting_report"},
        EMPLOYER,
        {"asked_until": lambda: clock.today() + timedelta(days=120), "reason": lambda: "The MPE is away."},
    ),
    "save_correction": (RECEIVED | {"provisionally_closed"}, EMPLOYER, {"content": complete}),
    "drop_correction": (RECEIVED | {"provisionally_closed"}, EMPLOYER, {}),
}


OWN_VERSION = {"save_correction", "drop_correction"}
"""What carries the version of the correction, which nobody has begun here."""
UNSEEN_BY_STAFF = {"draft", "discarded"}


class Undo(Exception):
    """Takes a deed back."""


@pytest.mark.parametrize("state", sorted(STATES))
def test_each_deed_is_allowed_where_the_table_says_and_refused_everywhere_else(state: str) -> None:
    cast = Cast()
    notification = notification_in(state, cast=cast)
    people: list[tuple[Role | None, User]] = [(role, person(role, cast.employer)) for role in Role]
    people.append((None, member(EmployerFactory.create(), Role.EMPLOYER_LEAD)))
    for name, (states, roles, _) in TABLE.items():
        for role, who in people:
            expected: type[Exception] = Undo
            if role not in roles or (state in UNSEEN_BY_STAFF and role in STAFF_ROLES):
                expected = NotPermitted
            elif state not in states:
                expected = NotAllowedNow
            with pytest.raises(expected):
                attempt(name, notification, who)
            untouched = Notification.objects.select_related("case").get(pk=notification.pk)
            assert untouched.case.version == notification.case.version, (name, role)


def attempt(name: str, notification: Notification, who: User) -> None:
    """Do the deed, and take it back by raising ``Undo``."""
    content = {key: make() for key, make in TABLE[name][2].items()}
    fresh = Notification.objects.select_related("case").get(pk=notification.pk)
    deed: Deed = getattr(services, name)
    version = 1 if name in OWN_VERSION else fresh.case.version
    with transaction.atomic():
        deed(notification=fresh, by=who, version=version, **content)
        raise Undo


@pytest.mark.parametrize("role", [None, *Role])
def test_only_the_employer_answers_a_question(role: Role | None) -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    request = InformationRequest.objects.get(case=notification.case)
    who = person(role, cast.employer) if role else member(EmployerFactory.create())

    def answer() -> None:
        services.answer_request(
            notification=notification,
            by=who,
            version=notification.case.version,
            request=request,
            answer="The identity check.",
        )

    if role in EMPLOYER:
        answer()
        assert notification.case.status == "under_review"
    else:
        with pytest.raises(NotPermitted):
            answer()


def test_an_early_report_is_kept_and_triage_leads_on_to_it() -> None:
    cast = Cast()
    notification = notification_in("submitted", cast=cast)
    version = notification.case.version
    services.file_report(notification=notification, by=cast.reporter, version=version, report=REPORT)
    assert notification.case.status == "submitted"
    services.triage(
        notification=notification,
        by=cast.officer,
        version=version + 1,
        risk=Case.Risk.LOW,
        reason="Seen by two officers.",
    )
    assert notification.case.status == "report_received"
    assert InvestigationReport.objects.filter(pk=notification.pk).exists()


def test_a_case_that_was_never_triaged_is_reopened_for_triage() -> None:
    cast = Cast()
    notification = notification_in("withdrawn", cast=cast)
    services.reopen(
        notification=notification, by=cast.officer, version=notification.case.version, reason="Sent once."
    )
    assert notification.case.status == "submitted"
    assert notification.case.closed_at is None


def test_a_triaged_case_is_reopened_under_review() -> None:
    cast = Cast()
    notification = notification_in("closed", cast=cast)
    services.reopen(
        notification=notification, by=cast.officer, version=notification.case.version, reason="New facts."
    )
    assert notification.case.status == "under_review"
