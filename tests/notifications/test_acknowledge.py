"""Acknowledging a notification: once, by a person, told to the employer in the words of a role."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from notifications import services
from notifications.models import Acknowledgement, Notification
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.links import case_path
from regulator.casework.models import Event
from regulator.outbox.models import Message
from tests.factories import Cast, member, notification_in, person, staff
from tests.notifications.pages import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def acknowledge(made: Notification, by: Any, version: int | None = None) -> Notification:
    return services.acknowledge(notification=made, by=by, version=version or made.case.version)


def test_the_employers_people_are_told_by_letter_in_the_words_of_a_role() -> None:
    cast = Cast()
    colleague = member(cast.employer)
    sent = notification_in("submitted", cast=cast)
    before, version = Message.objects.count(), sent.case.version
    acknowledge(sent, cast.officer)
    letters = Message.objects.filter(template="notifications_acknowledged")
    assert {letter.to for letter in letters} == {cast.reporter.email, colleague.email}
    assert Message.objects.count() == before + 2
    for letter in letters:
        assert letter.subject == f"CQC has read notification {sent.case.reference}"
        assert "Read by: case officer, CQC" in letter.body
        assert cast.officer.name not in letter.body
        assert f"/notifications/{sent.case.reference}/" in letter.body
    kept = Acknowledgement.objects.get()
    assert (kept.notification, kept.by) == (sent, cast.officer)
    sent.case.refresh_from_db()
    assert (sent.case.version, sent.case.status) == (version + 1, "submitted")
    assert Event.objects.get(type="notifications.acknowledged").actor == cast.officer
    assert first_broken_link() is None


def test_both_sides_see_it_on_their_timeline() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    acknowledge(sent, cast.officer)
    assert "Read by CQC" in text(browser(cast.reporter).get(f"/notifications/{sent.case.reference}/"))
    desk = text(browser(cast.officer).get(case_path(sent.case, for_staff=True)))
    assert "Acknowledged to the employer" in desk
    assert "The employer was told already" in desk


@pytest.mark.parametrize("state", ["submitted", "awaiting_report"])
def test_it_is_done_once(state: str) -> None:
    cast = Cast()
    sent = notification_in(state, cast=cast)
    acknowledge(sent, cast.officer)
    with pytest.raises(NotAllowedNow, match="told already"):
        acknowledge(sent, staff(Role.INSPECTOR))
    assert Event.objects.filter(type="notifications.acknowledged").count() == 1


@pytest.mark.parametrize(
    "state",
    ["report_received", "under_review", "provisionally_closed", "closed", "withdrawn", "not_notifiable"],
)
def test_from_the_report_on_it_says_nothing_any_more(state: str) -> None:
    sent = notification_in(state)
    with pytest.raises(NotAllowedNow, match="still to come"):
        acknowledge(sent, staff())
    assert Acknowledgement.objects.count() == 0


@pytest.mark.parametrize("role", list(Role))
def test_who_triages_acknowledges_and_nobody_else(role: Role) -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    by = person(role, cast.employer)
    if role in roles_with("notifications.triage"):
        acknowledge(sent, by)
    else:
        with pytest.raises(NotPermitted):
            acknowledge(sent, by)
    assert Acknowledgement.objects.exists() is (role in roles_with("notifications.triage"))


def test_nobody_acknowledges_a_draft_and_no_machine_anything() -> None:
    with pytest.raises(NotPermitted):
        acknowledge(notification_in("draft"), staff())
    with pytest.raises(NotPermitted):
        acknowledge(notification_in("submitted"), Scheduled("notifications.advance"))


def test_a_stale_version_is_told(django_assert_max_num_queries: Callable[..., Any]) -> None:
    sent = notification_in("submitted")
    with pytest.raises(StaleVersion):
        acknowledge(sent, staff(), version=sent.case.version - 1)
    with django_assert_max_num_queries(18):
        acknowledge(sent, staff())


def test_the_queue_finds_what_waits_for_it() -> None:
    waits, read, late = (notification_in(state) for state in ("submitted", "submitted", "report_received"))
    acknowledge(read, staff())
    listed: Any = browser(staff()).get("/desk/casework/case/?mark=not_acknowledged")
    assert [case.pk for case in listed.context["cl"].result_list] == [waits.pk]
    assert late.case.status == "report_received"


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_send_one_letter(reference: None, flushable: None) -> None:
    sent = notification_in("submitted")
    officers = [staff(), staff(Role.INSPECTOR)]
    start, refused = threading.Barrier(2), list[str]()

    def press(officer: User) -> None:
        try:
            mine = Notification.objects.select_related("case__employer").get(pk=sent.pk)
            start.wait(10)
            acknowledge(mine, officer)
        except (StaleVersion, NotAllowedNow) as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert refused == ["StaleVersion"]
    assert Acknowledgement.objects.count() == 1
    assert Message.objects.filter(template="notifications_acknowledged").count() == 1
