"""A restriction goes down the chain, from a notification to its inspection and the notice from it; and
whoever is not named hears of none of them: by a page, by a deed on what hangs on it, by a letter, by
scheduled work."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from inspections import services as inspecting
from inspections.models import Inspection
from notifications import services as notifying
from notifications.models import Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.consequences import arisen_from
from regulator.casework.errors import NotPermitted
from regulator.casework.models import Access, Case, Event, RestrictedView
from regulator.casework.services import assign, lift, restrict
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.organisations.models import Modality
from regulator.outbox.models import Message
from regulator.periods import reporting_year
from regulator.statistics.annual import compose
from regulator.statistics.reports.working import as_json
from tests.casework.closing import WHY, broken_by, closed_to, interest_of
from tests.enforcement.scene import Scene, provisions
from tests.factories import Cast, notification_in, staff
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
UNSEEN = "A restricted case"


@pytest.fixture
def named(scene: Scene) -> User:
    return scene.inspector


@pytest.fixture
def notification(scene: Scene) -> Notification:
    ship_reference()
    cast = Cast(scene.employer)
    return notification_in("under_review", cast=cast, modality=Modality.RADIOTHERAPY)


def close(case: Case, scene: Scene, *people: User) -> Case:
    """Restricted to these by the manager, who is among them; assigned to the first of them."""
    case.refresh_from_db()
    assign(case=case, assignee=people[0], by=scene.manager, version=case.version)
    return closed_to(case, *people, scene.manager, by=scene.manager)


def page_of(case: Case) -> str:
    return reverse("admin:casework_case_change", args=[case.pk])


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(scene: Scene, notification: Notification, by: User, **arguments: Any) -> Inspection:
    return scene.inspection(arose_from=notification.case, trigger="reactive", by=by, **arguments)


def test_what_arises_from_a_restricted_case_is_restricted_to_the_same_people(
    scene: Scene, notification: Notification, named: User
) -> None:
    close(notification.case, scene, named)
    inspection = opened(scene, notification, named, lead=named)
    scene.inspect(inspection, inspecting.visit, visited_on=clock.today())
    finding = scene.find(inspection)
    notice = scene.draft(inspection=inspection, findings=[finding])
    stranger = staff(Role.INSPECTOR)
    for case in (notification.case, inspection.case, notice.case):
        case.refresh_from_db()
        assert case.is_restricted
        people = set(Access.objects.standing().filter(case=case).values_list("person", flat=True))
        assert people == {named.pk, scene.manager.pk}
        assert browser(stranger).get(page_of(case)).status_code == 404
        assert not Case.objects.for_user(stranger).filter(pk=case.pk).exists()
        assert Case.objects.for_user(named).filter(pk=case.pk).exists()
    follows = Event.objects.filter(type="casework.restricted", payload__has_key="follows")
    assert [each.payload["follows"] for each in follows] == [notification.case.pk, inspection.case.pk]


def test_whoever_broke_the_glass_there_opens_what_they_open_from_it_as_long(
    scene: Scene, notification: Notification, named: User, travel: time_machine.Traveller
) -> None:
    close(notification.case, scene, named)
    stranger = staff(Role.INSPECTOR)
    pane = broken_by(stranger, notification.case)
    inspection = opened(scene, notification, stranger)
    copied = Access.objects.get(case=inspection.case, person=stranger)
    assert (copied.right, copied.until) == (Access.Right.GLASS, pane.until)
    assert browser(stranger).get(page_of(inspection.case)).status_code == 200
    with pytest.raises(ValidationError, match="not named on this restricted case"):
        opened(scene, notification, stranger, lead=stranger)
    travel.shift(timedelta(hours=9))
    assert browser(stranger).get(page_of(inspection.case)).status_code == 404


def test_what_arose_before_is_restricted_with_it_where_that_is_asked(
    scene: Scene, notification: Notification, named: User
) -> None:
    inspection = opened(scene, notification, named, lead=named)
    scene.inspect(inspection, inspecting.visit, visited_on=clock.today())
    notice = scene.draft(inspection=inspection, findings=[scene.find(inspection)])
    assert arisen_from(notification.case) == [inspection.case, notice.case]
    assign(case=notification.case, assignee=named, by=scene.manager, version=notification.case.version)
    arisen = arisen_from(notification.case)
    restrict(
        case=notification.case, by=scene.manager, version=notification.case.version, reason=WHY,
        people=[named, scene.manager], also=arisen,
    )  # fmt: skip
    stranger = browser(staff(Role.INSPECTOR))
    assert [stranger.get(page_of(each)).status_code for each in arisen] == [404, 404]
    lift(case=notification.case, by=named, version=notification.case.version, reason="Known to all.")
    assert [stranger.get(page_of(each)).status_code for each in (notification.case, *arisen)] == [
        200,
        404,
        404,
    ]


def test_the_lead_of_what_arose_must_be_named_too(
    scene: Scene, notification: Notification, named: User
) -> None:
    other = staff(Role.INSPECTOR)
    inspection = opened(scene, notification, named, lead=other)
    assign(case=notification.case, assignee=named, by=named, version=notification.case.version)
    with pytest.raises(ValidationError) as refused:
        restrict(
            case=notification.case, by=scene.manager, version=notification.case.version, reason=WHY,
            people=[named], also=[inspection.case],
        )  # fmt: skip
    assert f"{inspection.case} is assigned to {other}" in refused.value.message_dict["people"][0]
    assert not Case.objects.filter(is_restricted=True).exists()
    with pytest.raises(ValidationError) as not_theirs:  # the lead of the one does not lead the other
        restrict(
            case=notification.case, by=named, version=notification.case.version, reason=WHY,
            people=[named, other], also=[inspection.case],
        )  # fmt: skip
    assert "also" in not_theirs.value.message_dict


def test_the_pages_before_and_behind_it_say_that_there_is_one_and_no_more(
    scene: Scene, notification: Notification, named: User
) -> None:
    inspection = opened(scene, notification, named, lead=named)
    scene.inspect(inspection, inspecting.visit, visited_on=clock.today())
    notice = scene.draft(inspection=inspection, findings=[scene.find(inspection)])
    close(inspection.case, scene, named)
    stranger = browser(staff(Role.CASE_OFFICER))
    for case in (notification.case, notice.case):
        shown = stranger.get(page_of(case)).content.decode()
        assert UNSEEN in shown
        assert str(inspection.case.reference) not in shown
        assert "on site" not in shown.lower()
        assert str(inspection.case.reference) in browser(named).get(page_of(case)).content.decode()
    lift(case=inspection.case, by=named, version=inspection.case.version, reason="Known to all.")
    close(notification.case, scene, named)
    shown = stranger.get(page_of(inspection.case)).content.decode()
    assert UNSEEN in shown
    assert str(notification.case.reference) not in shown


def test_nothing_is_opened_or_drafted_from_a_case_that_one_may_not_see(
    scene: Scene, notification: Notification, named: User
) -> None:
    inspection = scene.inspection("on_site", lead=named)
    finding = scene.find(inspection)
    close(notification.case, scene, named)
    close(inspection.case, scene, named)
    stranger = staff(Role.INSPECTOR)
    before = Case.objects.count()
    with pytest.raises(ValidationError, match="There is no such case"):
        opened(scene, notification, stranger)
    with pytest.raises(NotPermitted):
        scene.draft(inspection=inspection, findings=[finding], by=stranger)
    with pytest.raises(NotPermitted):
        scene.inspect(
            inspection, inspecting.record_finding, stranger, kind="breach", provisions=provisions("6(5)(b)"),
            text="Found.",
        )  # fmt: skip
    assert Case.objects.count() == before


def test_triage_names_no_lead_who_may_not_hold_the_case(scene: Scene, notification: Notification) -> None:
    case = notification_in("submitted", cast=Cast(scene.employer)).case
    interested, stranger, named = (staff(Role.CASE_OFFICER) for _ in range(3))
    interest_of(interested, scene.employer)
    closed_to(case, named, by=scene.manager)
    for lead in (interested, stranger):
        with pytest.raises(ValidationError) as refused:
            notifying.triage(
                notification=case.notification, by=named, version=case.version, risk=Case.Risk.LOW, lead=lead
            )
        assert list(refused.value.message_dict) == ["lead"]
    notifying.triage(
        notification=case.notification,
        by=named,
        version=case.version,
        risk=Case.Risk.LOW,
        lead=named,
        reason="The dose was found to be small.",
    )


def test_its_receipt_is_not_found_by_a_stranger_and_recorded_for_whoever_is_named(
    scene: Scene, notification: Notification, named: User
) -> None:
    address = reverse("notifications:receipt", args=[notification.case.reference])
    stranger = browser(staff(Role.ANALYST))
    assert stranger.get(address).status_code == 200
    close(notification.case, scene, named)
    assert stranger.get(address).status_code == 404
    assert not RestrictedView.objects.exists()
    assert browser(named).get(address).status_code == 200
    look = RestrictedView.objects.get()
    assert (look.person, look.what, look.path) == (named, "receipt", address)
    assert browser(scene.lead).get(address).status_code == 200
    assert RestrictedView.objects.count() == 1


def written(case: Case, **which: Any) -> set[str]:
    return set(Message.objects.filter(case=case, **which).values_list("to", flat=True))


def test_letters_about_it_go_to_those_named_and_say_its_reference_alone(
    scene: Scene, notification: Notification, named: User, travel: time_machine.Traveller
) -> None:
    others = {staff(role).email for role in (Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER)}
    waiting = notification_in("awaiting_report", cast=Cast(scene.employer))
    case = close(waiting.case, scene, named)
    assign(case=case, assignee=None, by=named, version=case.version)
    notifying.ask_more_time(
        notification=waiting, by=scene.reporter, version=case.version, reason="The lead is ill.",
        asked_until=Deadline.objects.get(case=case, kind="report").due_on + timedelta(days=9),
    )  # fmt: skip
    asked = Message.objects.filter(case=case, template="notifications_more_time_asked")
    assert {each.to for each in asked} == {named.email}
    travel.shift(timedelta(days=400))
    assert remind() > 0
    assert escalate() > 0
    overdue = Message.objects.filter(case=case, template="deadline-overdue")
    assert {each.to for each in overdue} == {named.email, scene.manager.email}
    for letter in (*asked, *overdue):
        assert str(case.reference) in letter.body
        assert scene.employer.name not in letter.subject + letter.body
    assert not others & written(case)
    assert scene.reporter.email in written(case, template="notifications_reminder")
    theirs = Message.objects.filter(case=case, to=scene.reporter.email, template="notifications_reminder")
    assert scene.employer.name in theirs[0].body


def test_where_nobody_named_can_open_it_any_more_the_managers_are_told(
    scene: Scene, notification: Notification, named: User, travel: time_machine.Traveller
) -> None:
    waiting = notification_in("awaiting_report", cast=Cast(scene.employer))
    case = waiting.case
    assign(case=case, assignee=named, by=named, version=case.version)
    closed_to(case, named, by=scene.manager)
    User.objects.filter(pk=named.pk).update(is_active=False)
    travel.shift(timedelta(days=400))
    escalate()
    overdue = Message.objects.filter(case=case, template="deadline-overdue")
    assert {each.to for each in overdue} == {scene.manager.email}
    assert case.summary not in overdue[0].body


def test_an_interested_lead_hears_no_more_of_a_restricted_case(
    scene: Scene, notification: Notification, named: User, travel: time_machine.Traveller
) -> None:
    case = close(notification_in("awaiting_report", cast=Cast(scene.employer)).case, scene, named)
    interest_of(named, scene.employer)
    travel.shift(timedelta(days=400))
    escalate()
    assert written(case, template="deadline-overdue") == {scene.manager.email}


def test_a_restricted_notice_is_told_ready_to_those_named_who_publish(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    other = staff(Role.ENFORCEMENT_MANAGER)
    notice = scene.notice("served")
    closed_to(notice.case, scene.manager, by=scene.manager)
    travel.shift(timedelta(days=60))
    from enforcement.tasks import propose_publication

    propose_publication()
    ready = Message.objects.filter(case=notice.case, template="enforcement/ready_to_publish")
    assert {each.to for each in ready} == {scene.manager.email}
    assert scene.employer.name not in ready[0].subject + ready[0].body
    travel.shift(timedelta(days=60))
    remind()
    assert other.email not in written(notice.case)


def test_scheduled_work_and_figures_count_it_as_before(
    scene: Scene, notification: Notification, named: User
) -> None:
    year = reporting_year("2024/25")
    before = as_json(year, compose(year))
    close(notification.case, scene, named)
    assert as_json(year, compose(year)) == before
    assert Deadline.objects.filter(case=notification.case).exists()
