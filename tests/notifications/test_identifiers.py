"""Nothing that identifies a person reaches CQC unnoticed, whichever way it is written."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from notifications import services
from notifications.content import ImagingContent, content_of
from notifications.identifying import texts_of
from notifications.models import Notification, ReportDraft
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.services import IdentifiersFound
from tests.factories import REPORT, Cast, complete, notification_in, staff
from tests.notifications.pages import boxes, browser, problems, send, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NUMBER = "The patient, 943 476 5919, had no referral."
WHY = "The number is the invented one of the guidance."


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_every_own_word_of_a_draft_is_checked_and_the_office_s_telephone_is_not() -> None:
    content = complete(contact_phone="0161 496 0000", lfpse_id="x")
    checked = texts_of(content)
    assert {"narrative", "procedure", "how_discovered", "not_told_reason", "contact_role", "lfpse_id"} <= set(
        checked
    )
    assert "imaging.estimation_method" in checked
    assert not {"contact_phone", "modality", "event_kind", "basis"} & set(checked)


Deed = Callable[[Cast, str], Any]


def _start(cast: Cast, why: str) -> Any:
    content = complete(narrative=NUMBER)
    return services.start_draft(
        employer=cast.employer, by=cast.reporter, content=content, identifies_nobody=why
    )


def _save(cast: Cast, why: str) -> Any:
    made = notification_in("draft", cast=cast)
    content = replace(content_of(made), imaging=ImagingContent(estimation_method="By Dr O’Connor"))
    return services.save_draft(
        notification=made, by=cast.reporter, version=made.case.version, content=content, identifies_nobody=why
    )


def _submit(cast: Cast, why: str) -> Any:
    made = notification_in("draft", cast=cast)
    Notification.objects.filter(pk=made.pk).update(narrative=NUMBER)  # stored before texts were checked
    return services.submit(
        notification=made, by=cast.reporter, version=made.case.version, identifies_nobody=why
    )


def _report(cast: Cast, why: str) -> Any:
    made = notification_in("awaiting_report", cast=cast)
    return services.file_report(
        notification=made,
        by=cast.reporter,
        version=made.case.version,
        report=replace(REPORT, candour="She was told on 0161 496 0000."),
        identifies_nobody=why,
    )


def _answer(cast: Cast, why: str) -> Any:
    made = notification_in("further_information", cast=cast)
    return services.answer_request(
        notification=made,
        by=cast.reporter,
        version=made.case.version,
        request=made.case.information_requests.get(),
        answer="Ask a.b@trust.example.",
        identifies_nobody=why,
    )


def _withdraw(cast: Cast, why: str) -> Any:
    made = notification_in("submitted", cast=cast)
    return services.withdraw(
        notification=made,
        by=cast.reporter,
        version=made.case.version,
        reason="It was Mr Patel.",
        identifies_nobody=why,
    )


def _ask(cast: Cast, why: str) -> Any:
    made = notification_in("under_review", cast=cast)
    return services.request_information(
        notification=made,
        by=cast.officer,
        version=made.case.version,
        question="Was it Mr Patel (DOB 12/03/1954)?",
        due_on=clock.today(),
        identifies_nobody=why,
    )


@pytest.mark.parametrize("deed", [_start, _save, _submit, _report, _answer, _withdraw, _ask])
def test_every_write_refuses_an_identifier_and_takes_it_with_a_reason(cast: Cast, deed: Deed) -> None:
    with pytest.raises(IdentifiersFound):
        deed(cast, "")
    assert not IdentifierConfirmation.objects.exists()
    deed(cast, WHY)
    assert set(IdentifierConfirmation.objects.values_list("reason", flat=True)) == {WHY}


def test_a_refused_write_leaves_the_case_as_it_was(cast: Cast) -> None:
    made = notification_in("draft", cast=cast)
    before, events = made.case.version, made.case.events.count()
    with pytest.raises(IdentifiersFound):
        services.save_draft(
            notification=made,
            by=cast.reporter,
            version=before,
            content=replace(content_of(made), narrative=NUMBER),
        )
    made.case.refresh_from_db()
    assert (made.case.version, made.case.events.count(), made.case.reference) == (before, events, None)


def test_what_was_confirmed_in_the_draft_is_not_asked_about_at_submission(cast: Cast) -> None:
    made = _start(cast, WHY)
    services.submit(notification=made, by=cast.reporter, version=made.case.version)
    made.case.refresh_from_db()
    assert made.case.reference
    assert IdentifierConfirmation.objects.count() == 1


def test_a_section_s_page_says_what_and_where_and_asks_why_only_then(cast: Cast) -> None:
    made = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = reverse("notifications:edit", args=[made.pk, "circumstances"])
    assert "identifies nobody because" not in text(client.get(path))
    refused: Any = send(client, path, narrative=f"Before.\n{NUMBER}")
    assert refused.status_code == 400
    assert any("an NHS number on line 2" in each for each in problems(refused))
    shown = text(refused)
    assert "This identifies nobody because" in shown
    assert "Found: an NHS number on line 2" in shown
    typed = boxes(refused)
    assert typed["narrative"][0].split() == f"Before. {NUMBER}".split()
    done: Any = client.post(path, typed | {"identifies_nobody": WHY})
    assert done.status_code == 302
    made.refresh_from_db()
    assert made.narrative.endswith(NUMBER)
    again = boxes(client.get(path))
    assert again["identifies_nobody"] == [""]
    assert client.post(path, again | {"anatomy": "Chest"}).status_code == 302


def test_the_reason_that_was_typed_stays_when_something_else_is_wrong(cast: Cast) -> None:
    made = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = reverse("notifications:edit", args=[made.pk, "circumstances"])
    refused: Any = send(client, path, narrative=NUMBER, identifies_nobody=WHY, anatomy="x" * 500)
    assert refused.status_code == 400
    assert boxes(refused)["identifies_nobody"] == [WHY]
    assert "This identifies nobody because" in text(refused)


def test_the_check_page_names_the_field_that_it_does_not_show(cast: Cast) -> None:
    made = notification_in("draft", cast=cast)
    Notification.objects.filter(pk=made.pk).update(narrative=NUMBER)
    client = browser(cast.reporter)
    path = reverse("notifications:check", args=[made.pk])
    refused: Any = send(client, path, declaration="on")
    assert refused.status_code == 400
    assert any(each.startswith("Narrative: This seems to identify somebody") for each in problems(refused))
    done: Any = client.post(path, boxes(refused) | {"declaration": "on", "identifies_nobody": WHY})
    assert done.status_code == 302
    made.case.refresh_from_db()
    assert made.case.reference


def test_a_section_of_the_report_asks_in_the_same_way(cast: Cast) -> None:
    made = notification_in("awaiting_report", cast=cast)
    client = browser(cast.reporter)
    path = reverse("notifications:report_section", args=[made.case.reference, "learning"])
    refused: Any = send(client, path, learning=NUMBER)
    assert (refused.status_code, boxes(refused)["learning"]) == (400, [NUMBER])
    assert client.post(path, boxes(refused) | {"identifies_nobody": WHY}).status_code == 302
    assert ReportDraft.objects.get().version == 2


class TestOverTheApi:
    """400 in the documented shape, with where each identifier stands; taken with a reason."""

    def test_creating_changing_and_submitting(self, cast: Cast) -> None:
        client = browser(cast.reporter)
        refused = self.send(client, "post", "/api/v1/notifications/", {"narrative": NUMBER})
        assert refused.status_code == 400
        assert refused["Content-Type"].startswith("application/problem+json")
        start = NUMBER.index("943")
        assert refused.json()["identifiers"] == [
            {"field": "narrative", "kind": "nhs_number", "line": 1, "start": start, "end": start + 12}
        ]
        assert "an NHS number on line 1" in refused.json()["errors"]["narrative"][0]
        made = self.send(
            client, "post", "/api/v1/notifications/", {"narrative": NUMBER, "identifies_nobody": WHY}
        ).json()
        address = f"/api/v1/notifications/{made['id']}/"
        changes = {"version": made["version"], "imaging": {"estimation_method": "Mr Patel"}}
        refused = self.send(client, "patch", address, changes)
        assert (refused.status_code, refused.json()["identifiers"][0]["field"]) == (
            400,
            "imaging.estimation_method",
        )
        assert self.send(client, "patch", address, changes | {"identifies_nobody": WHY}).status_code == 200

    def test_submitting_what_was_stored_before(self, cast: Cast) -> None:
        made = notification_in("draft", cast=cast)
        Notification.objects.filter(pk=made.pk).update(narrative=NUMBER)
        client = browser(cast.reporter)
        address = f"/api/v1/notifications/{made.pk}/submit/"
        refused = self.send(client, "post", address, {"version": made.case.version})
        assert refused.status_code == 400
        assert [each["kind"] for each in refused.json()["identifiers"]] == ["nhs_number"]
        given = {"version": made.case.version, "identifies_nobody": WHY}
        assert self.send(client, "post", address, given).json()["reference"]

    def test_other_refusals_have_no_identifiers(self, cast: Cast) -> None:
        refused = self.send(browser(cast.reporter), "post", "/api/v1/notifications/", {"nonsense": 1})
        assert "identifiers" not in refused.json()

    @staticmethod
    def send(client: Client, method: str, path: str, body: dict[str, Any]) -> Any:
        return getattr(client, method)(path, body, content_type="application/json")


def test_the_desk_asks_in_the_same_way_and_shows_what_was_confirmed(cast: Cast) -> None:
    made = notification_in("under_review", cast=cast)
    client = browser(staff(Role.CASE_OFFICER))
    page = reverse("admin:casework_case_change", args=[made.pk])
    path = f"{page}do/request_information/"
    assert "identifies nobody because" not in text(client.get(path))
    refused: Any = send(client, path, question="Was it Mr Patel?", due_on="2026-03-20")
    assert refused.status_code == 400
    assert "a person’s name on line 1" in text(refused)
    assert "This identifies nobody because" in text(refused)
    done: Any = client.post(path, boxes(refused) | {"identifies_nobody": WHY})
    assert done.status_code == 302
    shown = text(client.get(page))
    assert "Said to identify nobody" in shown
    assert WHY in shown
    assert "A person’s name in “Question”" in shown


def test_nothing_about_an_identifier_is_in_the_chain_but_digests(cast: Cast) -> None:
    made = _start(cast, WHY)
    written = str(list(made.case.events.values_list("payload", flat=True)))
    assert "943 476" not in written
    assert "9434765919" not in written
    assert WHY not in written


def test_a_stranger_is_told_nothing(cast: Cast) -> None:
    made = notification_in("draft", cast=cast)
    path = reverse("notifications:edit", args=[made.pk, "circumstances"])
    answer = browser(Cast().reporter).post(path, {"version": made.case.version, "narrative": NUMBER})
    assert answer.status_code == 404
