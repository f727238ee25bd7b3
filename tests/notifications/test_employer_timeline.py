"""What an employer reads of its case's history: a closed list, so that nothing of CQC's own work slips in."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from notifications import services
from notifications.letters import case_context
from notifications.models import Notification
from notifications.queries import extension_requests, information_requests
from notifications.timeline import Row, employer_timeline
from regulator.casework import services as casework
from regulator.casework.chain import append, writing
from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS
from regulator.casework.models import Case, InformationRequest
from regulator.outbox.models import Message
from regulator.outbox.services import enqueue
from tests.casework.documents import pdf
from tests.factories import Cast, member, notification_in, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PDF = pdf()


def rows(notification: Notification) -> list[Row]:
    """The timeline without its days, newest first."""
    days = employer_timeline(
        notification,
        questions=information_requests(notification),
        requests=extension_requests(notification),
    )
    assert [day.day for day in days] == sorted({day.day for day in days}, reverse=True)
    return [row for day in days for row in day.rows]


def sentences(notification: Notification) -> list[str]:
    """What happened, oldest first, without the letters."""
    return [row.sentence for row in reversed(rows(notification)) if not row.sentence.startswith("We wrote")]


def test_from_draft_to_closure_in_plain_sentences() -> None:
    cast = Cast()
    mine = cast.reporter.name
    assert sentences(notification_in("closed", cast=cast)) == [
        f"{mine} began the draft.",
        f"{mine} submitted the notification.",
        "CQC looked at the notification.",
        "CQC now waits for the investigation report.",
        f"{mine} filed the investigation report.",
        "CQC began the review.",
        "CQC finished the review and closed the case provisionally.",
        "CQC confirmed the closure.",
    ]


def test_notes_assignments_and_internal_files_never_show() -> None:
    cast = Cast()
    notification = notification_in("under_review", cast=cast)
    before = rows(notification)
    case = Case.objects.get(pk=notification.pk)
    casework.add_note(case=case, text="Third of its kind this year.", by=cast.officer)
    casework.assign(case=case, assignee=staff(), by=cast.officer, version=case.version)
    casework.attach(case=case, upload=SimpleUploadedFile("advice.pdf", PDF), by=cast.officer)
    assert case.events.count() >= len(before) + 3
    assert rows(notification) == before


def test_questions_answers_and_more_time_show() -> None:
    cast = Cast()
    notification = notification_in("further_information", cast=cast)
    services.answer_request(
        notification=notification,
        by=cast.reporter,
        version=notification.case.version,
        request=InformationRequest.objects.get(),
        answer="The second one.",
    )
    awaited = notification_in("awaiting_report", cast=cast)
    later = date(2026, 3, 2) + timedelta(days=100)
    services.extend_report(
        notification=awaited, by=cast.officer, version=awaited.case.version, due_on=later, reason="MPE away."
    )
    asked, answered = [row for row in reversed(rows(notification)) if "question" in row.sentence]
    assert asked.sentence == "CQC asked a question, to be answered by 16 March 2026."
    assert (asked.quotes, asked.link) == ((("Question", "Which check?"),), None)
    assert answered.sentence == f"{cast.reporter.name} answered CQC’s question."
    assert answered.quotes == (("Question", "Which check?"), ("Answer", "The second one."))
    [given] = [row for row in rows(awaited) if "more time" in row.sentence]
    assert given.sentence == (
        "CQC gave more time. File the investigation report: from 24 May 2026 to 10 June 2026."
    )
    assert given.quotes == (("Reason", "MPE away."),)


def test_an_open_question_leads_to_its_answer() -> None:
    notification = notification_in("further_information")
    [asked] = [row for row in rows(notification) if "question" in row.sentence]
    question = InformationRequest.objects.get()
    path = reverse("notifications:answer", args=[notification.case.reference, question.pk])
    assert asked.link == (path, "Answer this question")


def test_the_reason_of_an_end_is_read_by_the_employer() -> None:
    for state, reason in (("withdrawn", "Sent twice."), ("not_notifiable", "Below the threshold.")):
        ended = rows(notification_in(state))
        assert [row.quotes for row in ended if row.quotes] == [(("Reason", reason),)]


def test_letters_are_told_by_office_and_never_those_to_staff() -> None:
    cast = Cast()
    member(cast.employer)
    notification = notification_in("closed", cast=cast)
    reference = notification.case.reference
    with writing():
        enqueue(
            letter="notifications_answer", to=cast.officer.email, dedupe_key="x", case=notification.case,
            context=case_context(notification.case),
        )  # fmt: skip
    letters = [row.sentence for row in rows(notification) if row.sentence.startswith("We wrote")]
    assert sorted(letters) == [
        f"We wrote to 2 of your people: “Notification {reference} provisionally closed”.",
        f"We wrote to one of your people: “Notification {reference} received”.",
        f"We wrote to the chief executive’s office and 2 of your people: “Notification {reference} closed”.",
    ]
    assert not any(cast.officer.name in row.sentence for row in rows(notification))
    Message.objects.filter(template="notifications_closure").update(state=Message.State.FAILED)
    assert any("could not be delivered" in row.sentence for row in rows(notification))
    Message.objects.update(state=Message.State.NOT_SENT)
    assert not any(row.sentence.startswith("We wrote") for row in rows(notification))


def test_who_at_cqc_did_it_is_never_named_even_after_they_left() -> None:
    cast = Cast()
    notification = notification_in("closed", cast=cast)
    cast.officer.role = ""
    cast.officer.save()
    assert not any(cast.officer.name in row.sentence for row in rows(notification))


def test_days_are_counted_in_london() -> None:
    cast = Cast()
    with time_machine.travel(datetime(2026, 6, 1, 23, 30, tzinfo=UTC), tick=False):
        notification = notification_in("submitted", cast=cast)
    days = employer_timeline(notification, questions=[], requests=[])
    assert [day.day for day in days] == [date(2026, 6, 2)]


def test_every_other_type_of_event_is_withheld_whoever_registered_it() -> None:
    notification = notification_in("submitted")
    before = rows(notification)
    with writing():
        for name in set(EVENTS) - set(EMPLOYER_EVENTS):
            append(name, case=notification.case, by=staff())
    assert rows(notification) == before
    assert set(EMPLOYER_EVENTS) <= set(EVENTS)


def test_the_page_shows_neither_the_risk_nor_the_cause(client: Client) -> None:
    cast = Cast()
    notification = notification_in("ready_to_close", cast=cast)
    client.force_login(cast.reporter)
    page = client.get(reverse("notifications:detail", args=[notification.case.reference])).content.decode()
    assert "CQC looked at the notification." in page
    for hidden in ("Triaged", "Cause coded", "Assigned", "E-mail sent"):
        assert hidden not in page
