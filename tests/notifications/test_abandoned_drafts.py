"""Drafts that nobody sends: reminded of, announced, removed; nothing early or twice, the chain whole."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from notifications import services
from notifications.models import (
    Correction,
    DraftReminder,
    DraftRemoval,
    ImagingExposure,
    Notification,
    SignOff,
)
from notifications.services import abandoned
from notifications.services.abandoned import removal_day, tend_drafts
from notifications.tasks import tend_drafts as task
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.kinds import REMOVED
from regulator.casework.models import Attachment, Case, Event, EventText
from regulator.casework.services import attach
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.organisations.services import add_member
from regulator.outbox.models import Message
from tests.factories import Cast, complete, member, notification_in, person
from tests.notifications.pages import browser, text

pytestmark = pytest.mark.usefixtures("reference")
BEGUN = date(2026, 3, 2)
FIRST, LAST = "notifications_removal", "notifications_removal_soon"
NOTHING = {"reminded": 0, "announced": 0, "removed": 0}


@pytest.fixture
def travel(monday: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()


def at(travel: time_machine.Traveller, days: int) -> None:
    travel.move_to(datetime(2026, 3, 2, 13, tzinfo=UTC) + timedelta(days=days))


def letters(template: str) -> list[Message]:
    return list(Message.objects.filter(template=template).order_by("pk"))


def sent() -> None:
    """Every letter that waits has left by now."""
    Message.objects.filter(state=Message.State.QUEUED).update(state=Message.State.SENT, sent_at=clock.now())


def tend_and_send() -> dict[str, int]:
    done = tend_drafts()
    sent()
    return done


def draft(cast: Cast, **changes: Any) -> Notification:
    return notification_in("draft", cast=cast, **changes)


def undated(cast: Cast) -> Notification:
    content = complete(occurred_on=None)
    return services.start_draft(
        employer=cast.employer, by=cast.reporter, content=type(content)(modality=content.modality)
    )


# Reminders of what the 14 days run for --------------------------------------------------------------


@pytest.mark.parametrize("modality", ["diagnostic_imaging", "radiotherapy", "nuclear_medicine"])
def test_a_draft_is_reminded_of_7_and_14_days_after_discovery(
    cast: Cast, travel: time_machine.Traveller, modality: str
) -> None:
    draft(cast, modality=modality, discovered_on=BEGUN)
    went = []
    for day in range(20):
        at(travel, day)
        if remind():
            went.append(day)
        remind()
    assert went == [7, 14]
    first, last = letters("notifications_reminder")
    assert first.subject == "Notify CQC: your draft"
    assert "7 days left" in first.body
    assert "is the last day" in last.body
    assert "still a draft" in first.body
    assert escalate() == 0


def test_whoever_acts_for_the_employer_now_is_reminded(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast, discovered_on=BEGUN)
    cast.reporter.memberships.update(ended_at=clock.now())
    newcomer = member(cast.employer)
    at(travel, 7)
    remind()
    assert [letter.to for letter in letters("notifications_reminder")] == [newcomer.email]


def test_days_that_the_worker_missed_are_made_up_with_one_letter(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    draft(cast, discovered_on=BEGUN)
    at(travel, 16)
    assert [remind(), remind()] == [1, 0]
    assert len(letters("notifications_reminder")) == 1


# Drafts without a date of discovery -----------------------------------------------------------------


def test_a_draft_without_a_date_of_discovery_is_reminded_of_after_7_and_14_days(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    undated(cast)
    colleague = member(cast.employer)
    went = []
    for day in range(30):
        at(travel, day)
        if tend_drafts()["reminded"]:
            went.append(day)
        assert tend_drafts() == NOTHING
    assert went == [7, 14]
    found = letters("notifications_draft_reminder")
    assert {letter.to for letter in found} == {cast.reporter.email, colleague.email}
    assert len(found) == 4
    assert "Monday 2 March 2026" in found[0].body


def test_a_missed_fortnight_is_made_up_with_one_letter(cast: Cast, travel: time_machine.Traveller) -> None:
    undated(cast)
    at(travel, 20)
    assert (tend_drafts()["reminded"], tend_drafts()["reminded"]) == (1, 0)
    assert len(letters("notifications_draft_reminder")) == 1
    assert set(DraftReminder.objects.values_list("days", flat=True)) == {7, 14}


def test_with_a_date_of_discovery_only_the_14_days_remind(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast, discovered_on=BEGUN)
    at(travel, 14)
    assert tend_drafts() == NOTHING


@pytest.mark.parametrize("basis", ["voluntary", "licence_breach"])
@pytest.mark.parametrize(("discovered", "days"), [(0, [7, 14]), (5, [2, 9]), (30, [7, 14])])
def test_a_kind_without_a_time_limit_is_reminded_of_by_its_discovery(
    cast: Cast, travel: time_machine.Traveller, basis: str, discovered: int, days: list[int]
) -> None:
    """From discovery on; from the beginning on where the draft was begun after the first day had gone by."""
    day = BEGUN - timedelta(days=discovered)
    draft(cast, basis=basis, modality="nuclear_medicine", discovered_on=day, occurred_on=day)
    went = []
    for each in range(20):
        at(travel, each)
        if tend_drafts()["reminded"]:
            went.append(each)
    assert went == days
    assert all("no time limit runs" in letter.body for letter in letters("notifications_draft_reminder"))
    assert not letters("notifications_reminder")


# Removal --------------------------------------------------------------------------------------------


def test_an_abandoned_draft_is_announced_twice_and_removed_after_90_days(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    kept = draft(cast, procedure="Chest of somebody")
    lead = person(Role.EMPLOYER_LEAD, cast.employer)
    person(Role.EMPLOYER_REPORTER, cast.employer)
    went = []
    for day in range(95):
        at(travel, day)
        done = tend_and_send()
        if done != NOTHING:
            went.append((day, done["announced"], done["removed"]))
        assert tend_drafts() == NOTHING
        if day == 89:
            assert [letter.to for letter in letters(FIRST)] == [cast.reporter.email, lead.email]
            assert [letter.to for letter in letters(LAST)] == [cast.reporter.email, lead.email]
            assert letters(LAST)[0].subject.endswith("will be removed on Sunday 31 May 2026")
    assert went == [(76, 1, 0), (87, 1, 0), (90, 0, 1)]
    assert {(letter.to, letter.subject) for letter in letters(LAST)} == {("", REMOVED)}
    assert not Notification.objects.filter(pk=kept.pk).exists()
    assert not ImagingExposure.objects.exists()
    shell = Case.objects.get(pk=kept.pk)
    assert (shell.status, shell.summary, shell.modality, shell.site) == ("discarded", "", "", None)
    assert shell.next_due_on is None
    assert not Message.objects.filter(body__contains="somebody").exists()
    assert Event.objects.filter(case=shell, type="notifications.draft_removed").count() == 1
    assert first_broken_link() is None
    client = browser(cast.reporter)
    assert f"/draft/{kept.pk}/" not in text(client.get("/notifications/"))
    assert client.get(f"/notifications/draft/{kept.pk}/").status_code == 404
    assert client.get("/api/v1/notifications/").json()["results"] == []


def test_the_files_go_with_it(
    cast: Cast, travel: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> None:
    kept = draft(cast)
    file = attach(case=kept.case, upload=SimpleUploadedFile("a.txt", b"words"), by=cast.reporter)
    storage, name = file.file.storage, str(file.file.name)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    at(travel, 91)
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        assert tend_drafts()["removed"] == 1
    assert not storage.exists(name)
    assert not Attachment.objects.exists()


def test_the_files_stay_where_the_removal_fails(
    cast: Cast, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = draft(cast)
    file = attach(case=kept.case, upload=SimpleUploadedFile("a.txt", b"words"), by=cast.reporter)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    at(travel, 91)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(Notification, "delete", fail)
    with pytest.raises(RuntimeError):
        tend_drafts()
    assert file.file.storage.exists(str(file.file.name))
    assert Case.objects.get(pk=kept.pk).status == "draft"
    assert Attachment.objects.count() == 1
    file.file.delete(save=False)


def test_a_worker_down_for_months_announces_first_and_keeps_the_days_promised(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    draft(cast)
    went = []
    for day in range(200, 230):
        at(travel, day)
        done = tend_and_send()
        if done != NOTHING:
            went.append((day, done["announced"], done["removed"]))
    assert went == [(200, 1, 0), (211, 1, 0), (214, 0, 1)]


def test_a_worker_down_between_the_announcements_moves_the_day_on(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    kept = draft(cast)
    at(travel, 76)
    tend_and_send()
    at(travel, 120)
    assert tend_and_send() == {"reminded": 0, "announced": 1, "removed": 0}
    assert removal_day(kept.case) == date(2026, 3, 2) + timedelta(days=123)
    at(travel, 122)
    assert tend_drafts() == NOTHING
    at(travel, 123)
    assert tend_drafts()["removed"] == 1


@pytest.mark.parametrize("stuck", [FIRST, LAST])
def test_a_letter_that_never_left_is_no_announcement(
    cast: Cast, travel: time_machine.Traveller, stuck: str
) -> None:
    draft(cast)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    Message.objects.filter(template=stuck).update(state=Message.State.FAILED, sent_at=None)
    at(travel, 120)
    assert tend_drafts() == NOTHING
    Message.objects.filter(template=stuck).update(state=Message.State.SENT, sent_at=clock.now())
    assert tend_drafts() == NOTHING
    at(travel, 134)
    assert tend_drafts()["removed"] == 1


@pytest.mark.parametrize("deed", ["save", "file"])
def test_a_change_by_anybody_keeps_the_draft_for_another_90_days(
    cast: Cast, travel: time_machine.Traveller, deed: str
) -> None:
    kept = draft(cast)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    assert removal_day(kept.case) == BEGUN + timedelta(days=90)
    at(travel, 89)
    if deed == "save":
        content = complete(narrative="More is known.")
        services.save_draft(notification=kept, by=cast.reporter, version=1, content=content)
    else:
        attach(case=kept.case, upload=SimpleUploadedFile("a.txt", b"x"), by=cast.reporter)
    assert removal_day(kept.case) is None
    at(travel, 164)
    assert tend_and_send() == NOTHING
    at(travel, 165)
    assert tend_and_send()["announced"] == 1
    at(travel, 176)
    assert tend_and_send()["announced"] == 1
    at(travel, 179)
    assert tend_and_send()["removed"] == 1


def test_a_reminder_is_no_change(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast, discovered_on=BEGUN)
    at(travel, 14)
    assert remind() == 1
    at(travel, 76)
    assert tend_drafts()["announced"] == 1


def test_what_was_submitted_or_replayed_is_never_touched(cast: Cast, travel: time_machine.Traveller) -> None:
    notification_in("submitted", cast=cast)
    services.start_draft(
        employer=cast.employer, by=cast.reporter, content=complete(), origin=Case.Origin.PUBLISHED_YEAR
    )
    for day in (76, 90, 120, 400):
        at(travel, day)
        assert tend_and_send() == NOTHING
    assert Notification.objects.count() == 2


def test_a_draft_that_is_submitted_after_both_announcements_stays(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    kept = draft(cast)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    services.submit(notification=kept, by=cast.reporter, version=1)
    at(travel, 100)
    assert tend_drafts() == NOTHING
    assert Notification.objects.filter(pk=kept.pk).exists()


def test_only_who_still_acts_for_the_employer_is_told_and_nobody_told_is_nothing_removed(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    draft(cast)
    cast.reporter.memberships.update(ended_at=clock.now())
    for day in (76, 87, 90, 300):
        at(travel, day)
        tend_and_send()
    assert letters(FIRST) == []
    assert Notification.objects.count() == 1


def test_a_letter_that_still_waits_about_a_removed_draft_never_leaves(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    kept = draft(cast)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    at(travel, 90)
    waiting = letters(LAST)[0]
    waiting.pk, waiting.state, waiting.sent_at = None, Message.State.QUEUED, None
    waiting.dedupe_key, waiting.message_id = "x", "x"
    waiting.save(force_insert=True)
    assert tend_drafts()["removed"] == 1
    assert not Message.objects.filter(case=kept.pk, state=Message.State.QUEUED).exists()


def test_the_task_does_it_and_twice_at_once_does_it_once(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast)
    at(travel, 76)
    assert task.run() == {"reminded": 0, "announced": 1, "removed": 0}
    assert task.run() == NOTHING
    assert DraftRemoval.objects.count() == 1
    assert len(letters(FIRST)) == 1


def test_the_shell_keeps_no_row_that_holds_words(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast)
    for day in (76, 87, 90):
        at(travel, day)
        tend_and_send()
    for table in (Notification, Correction, DraftRemoval, DraftReminder, EventText):
        assert not table._default_manager.exists(), table
    assert all(each.ended_at for each in Deadline.objects.all())


def test_the_draft_page_says_when_it_will_be_removed(cast: Cast, travel: time_machine.Traveller) -> None:
    kept = draft(cast)
    client = browser(cast.reporter)
    assert "will be removed" not in text(client.get(f"/notifications/draft/{kept.pk}/"))
    at(travel, 76)
    tend_drafts()
    client = browser(cast.reporter)
    assert "will delete it on 31 May 2026" in text(client.get(f"/notifications/draft/{kept.pk}/"))


def test_an_added_lead_hears_of_the_last_announcement(cast: Cast, travel: time_machine.Traveller) -> None:
    draft(cast)
    at(travel, 76)
    tend_and_send()
    lead = member(cast.employer)
    lead.memberships.update(ended_at=clock.now())
    add_member(user=lead, employer=cast.employer, role=Role.EMPLOYER_LEAD, by=Scheduled("test"))
    at(travel, 87)
    tend_and_send()
    assert {letter.to for letter in letters(LAST)} == {cast.reporter.email, lead.email}


@pytest.mark.parametrize("then", ["waiting", "signed", "cancelled", "sent back"])
def test_a_draft_that_was_sent_for_a_sign_off_is_removed_like_any_other(
    cast: Cast, travel: time_machine.Traveller, then: str
) -> None:
    kept = draft(cast)
    asked = services.ask_for_sign_off(
        notification=kept, by=cast.reporter, role="mpe", email="physics@example.invalid", message="Right?"
    )
    if then == "cancelled":
        services.cancel_sign_off(notification=kept, sign_off=asked, by=cast.reporter)
    elif then != "waiting":
        outcome = SignOff.Outcome.SIGNED if then == "signed" else SignOff.Outcome.SENT_BACK
        said = {"signed_sha256": "a" * 64} if then == "signed" else {"comment": "Too low."}
        SignOff.objects.update(outcome=outcome, decided_at=clock.now(), **said)
    person(Role.EMPLOYER_LEAD, cast.employer)
    other = draft(cast)
    for day in (76, 87, 90):
        at(travel, day)
        tend_and_send()
    assert not Notification.objects.filter(pk__in=[kept.pk, other.pk]).exists()
    assert not SignOff.objects.exists()
    assert first_broken_link() is None


def test_what_was_said_of_identifiers_goes_with_the_draft(cast: Cast, travel: time_machine.Traveller) -> None:
    kept = services.start_draft(
        employer=cast.employer,
        by=cast.reporter,
        content=complete(narrative="Number 943 476 5919."),
        identifies_nobody="A test number of the supplier.",
    )
    assert kept.case.identifier_confirmations.exists()
    person(Role.EMPLOYER_LEAD, cast.employer)
    for day in (76, 87, 90):
        at(travel, day)
        tend_and_send()
    assert not kept.case.identifier_confirmations.exists()
    assert first_broken_link() is None


def test_a_draft_that_cannot_be_removed_is_logged_and_the_others_go(
    cast: Cast,
    travel: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stuck, other = draft(cast), draft(cast)
    person(Role.EMPLOYER_LEAD, cast.employer)
    for day in (76, 87):
        at(travel, day)
        tend_and_send()
    empty = abandoned._empty

    def refusing(case: Case) -> None:
        if case.pk == stuck.pk:
            raise IntegrityError("something points at it")
        empty(case)

    monkeypatch.setattr(abandoned, "_empty", refusing)
    at(travel, 90)
    assert tend_drafts()["removed"] == 1
    assert f"case {stuck.pk}" in caplog.text
    assert Notification.objects.filter(pk=stuck.pk).exists()
    assert Case.objects.get(pk=stuck.pk).status == "draft"
    assert not Notification.objects.filter(pk=other.pk).exists()
    monkeypatch.setattr(abandoned, "_empty", empty)
    assert tend_drafts()["removed"] == 1
    assert first_broken_link() is None


def test_a_discarded_draft_is_emptied_after_90_days_without_a_word(
    cast: Cast, travel: time_machine.Traveller
) -> None:
    given_up = draft(cast, procedure="Chest")
    services.discard(notification=given_up, by=cast.reporter, version=given_up.case.version)
    before = Message.objects.count()
    at(travel, 89)
    assert tend_drafts() == NOTHING
    at(travel, 90)
    assert tend_drafts() == {**NOTHING, "removed": 1}
    assert tend_drafts() == NOTHING
    assert not Notification.objects.filter(pk=given_up.pk).exists()
    shell = Case.objects.get(pk=given_up.pk)
    assert (shell.status, shell.summary) == ("discarded", "")
    assert Message.objects.count() == before
    assert first_broken_link() is None
