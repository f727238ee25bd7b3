"""Chasing the answer to a question: the employer before and after its day, CQC's lead a week after it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from notifications import services
from notifications.models import Notification
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Event, InformationRequest
from regulator.deadlines.desk import clocks
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.outbox.models import Message
from tests.factories import Cast, notification_in, staff
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
NOW = "2026-03-02 09:00:00+00:00"


@pytest.fixture
def travel(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        ship_reference()
        yield traveller


def asked(cast: Cast) -> tuple[Notification, InformationRequest]:
    """A question due in ten days, on a case that the officer leads; no other clock of it runs."""
    notification = notification_in("under_review", cast=cast)
    request = services.request_information(
        notification=notification,
        by=cast.officer,
        version=notification.case.version,
        question="Which dose?",
        due_on=clock.today() + timedelta(days=10),
    )
    Deadline.objects.exclude(kind="information").delete()
    notification.case.refresh_from_db()
    return notification, request


def went(template: str) -> list[str]:
    return list(Message.objects.filter(template=template).order_by("pk").values_list("to", flat=True))


def stands(notification: Notification) -> str:
    (row,) = clocks(type(notification.case).objects.get(pk=notification.pk)).rows
    return str(row[-1])


def test_the_employer_is_chased_around_the_day_and_the_lead_told_a_week_after(
    travel: time_machine.Traveller,
) -> None:
    cast = Cast()
    notification, _ = asked(cast)
    notification.case.assignee = cast.officer
    notification.case.save(update_fields=["assignee"])
    reminded, told = [], []
    for day in range(25):
        travel.shift(timedelta(days=1 if day else 0))
        if remind():
            reminded.append(day - 10)
        if escalate():
            told.append(day - 10)
        assert (remind(), escalate()) == (0, 0)
    assert reminded == [-3, 0, 1]
    assert told == [7]
    assert went("notifications_reminder") == [cast.reporter.email] * 3
    assert went("deadline-overdue") == [cast.officer.email]
    assert "Overdue by" in stands(notification)
    assert "reminded 3 times, last on 13 March 2026" in stands(notification)
    assert "CQC’s lead told on 19 March 2026" in stands(notification)
    assert Event.objects.filter(case=notification.pk, type="deadlines.escalated").count() == 1


def test_a_worker_that_was_down_makes_up_for_it_once(travel: time_machine.Traveller) -> None:
    cast = Cast()
    notification, _ = asked(cast)
    travel.shift(timedelta(days=30))
    assert [remind(), remind(), escalate(), escalate()] == [1, 0, 1, 0]
    assert len(went("notifications_reminder")) == 1
    assert "reminded on 1 April 2026" in stands(notification)


def test_nobody_is_chased_over_what_was_answered(travel: time_machine.Traveller) -> None:
    cast = Cast()
    notification, request = asked(cast)
    services.answer_request(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        request=request,
        answer="The identity check.",
    )
    travel.shift(timedelta(days=30))
    assert (remind(), escalate()) == (0, 0)
    assert "reminded" not in stands(notification)


def test_without_a_lead_those_who_assign_cases_are_told(travel: time_machine.Traveller) -> None:
    notification, _ = asked(Cast())
    type(notification.case).objects.filter(pk=notification.pk).update(assignee=None)
    manager = staff(Role.ENFORCEMENT_MANAGER)
    travel.shift(timedelta(days=17))
    escalate()
    assert manager.email in went("deadline-overdue")
