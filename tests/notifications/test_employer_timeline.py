"""What an employer reads of its case's history: a closed list, so that nothing of CQC's own work slips in."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from notifications import services
from notifications.queries import employer_timeline
from regulator.casework import services as casework
from regulator.casework.chain import append, writing
from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS
from regulator.casework.models import Case, InformationRequest
from tests.casework.documents import pdf
from tests.factories import Cast, notification_in, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
PDF = pdf()
TO_CLOSURE = [
    "Draft started",
    "Submitted",
    "Looked at by CQC",
    "Report awaited",
    "Report filed",
    "Review started",
    "Provisionally closed",
    "Closed",
]


def test_from_draft_to_closure() -> None:
    notification = notification_in("closed")
    assert [label for _, label in employer_timeline(notification)] == TO_CLOSURE


def test_notes_assignments_and_internal_files_never_show() -> None:
    cast = Cast()
    notification = notification_in("under_review", cast=cast)
    before = employer_timeline(notification)
    case = Case.objects.get(pk=notification.pk)
    casework.add_note(case=case, text="Third of its kind this year.", by=cast.officer)
    casework.assign(case=case, assignee=staff(), by=cast.officer, version=case.version)
    casework.attach(case=case, upload=SimpleUploadedFile("advice.pdf", PDF), by=cast.officer)
    assert case.events.count() >= len(before) + 3
    assert employer_timeline(notification) == before


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
    labels = [label for _, label in employer_timeline(notification)]
    assert labels[-2:] == ["CQC asked for information", "Question answered"]
    assert employer_timeline(awaited)[-1][1] == "More time given"


def test_every_other_type_of_event_is_withheld_whoever_registered_it() -> None:
    notification = notification_in("submitted")
    before = employer_timeline(notification)
    with writing():
        for name in set(EVENTS) - set(EMPLOYER_EVENTS):
            append(name, case=notification.case, by=staff())
    assert employer_timeline(notification) == before
    assert set(EMPLOYER_EVENTS) <= set(EVENTS)


def test_the_page_shows_neither_the_risk_nor_the_cause(client: Client) -> None:
    cast = Cast()
    notification = notification_in("ready_to_close", cast=cast)
    client.force_login(cast.reporter)
    page = client.get(reverse("notifications:detail", args=[notification.case.reference])).content.decode()
    assert "Looked at by CQC" in page
    for hidden in ("Triaged", "Cause coded", "Assigned", "E-mail sent"):
        assert hidden not in page
