"""A redacted case wherever it is shown: no fault, a plain sentence, and nothing that was typed."""

import io
from collections.abc import Iterator
from typing import Any, Final
from zipfile import ZipFile

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from notifications.api import NotificationViewSet
from notifications.models import CorrectiveAction
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.models import Attachment, Case, DisclosureBundle, InformationRequest, Referral
from regulator.casework.redaction import REMOVED
from regulator.casework.search.following import follow
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.factories import staff
from tests.notifications.pages import browser, text
from tests.redaction.canaries import MARK, plant
from tests.redaction.emptied import emptied
from tests.redaction.full import full
from tests.redaction.test_everything_is_redacted import KEPT

__all__ = ["scene", "travel"]
SENTENCE: Final = "was removed on"
POLICY: Final = "under the retention policy."
READERS: Final = sorted(roles_with("casework.read") & STAFF_ROLES)
Travel = time_machine.Traveller


@pytest.fixture
def cases(scene: Scene, travel: Travel) -> list[Case]:
    """One case of each kind, with a word of its own in every field, redacted; none is restricted any more."""
    made = full(scene, travel)
    plant([each.pk for each in made], list(KEPT))
    for each in made:
        emptied(each)
    while follow():
        pass
    keys = [each.pk for each in made]
    Case.objects.filter(pk__in=keys).update(is_restricted=False)
    return [Case.objects.get(pk=key) for key in keys]


def desk_pages(case: Case) -> Iterator[str]:
    """Every page of the case on the desk."""
    for name in ("change", "timeline", "past", "bundles"):
        yield reverse(f"admin:casework_case_{name}", args=[case.pk])
    for bundle in DisclosureBundle.objects.filter(case=case):
        yield reverse("admin:casework_case_bundle", args=[case.pk, bundle.pk])
    for referral in Referral.objects.filter(case=case):
        yield reverse("admin:casework_case_referral", args=[case.pk, referral.pk])
        yield reverse("admin:casework_case_referral_text", args=[case.pk, referral.pk])


@pytest.mark.parametrize("role", READERS)
def test_every_page_of_the_desk_is_shown_without_a_word(cases: list[Case], role: Role) -> None:
    client = browser(staff(role))
    seen = 0
    for case in cases:
        for page in desk_pages(case):
            answer = client.get(page)
            assert answer.status_code == 200, page
            assert MARK not in text(answer), page
            seen += 1
        shown = text(client.get(reverse("admin:casework_case_change", args=[case.pk])))
        assert SENTENCE in shown
        assert POLICY in shown
        assert "Nothing is done on a redacted case any more." in shown
        assert "desk-offer" not in shown
    assert seen > 14


def test_the_page_of_a_redacted_case_costs_what_that_of_any_other_does(
    cases: list[Case], django_assert_max_num_queries: Any
) -> None:
    client = browser(staff(Role.CASE_OFFICER))
    for case in cases:
        page = reverse("admin:casework_case_change", args=[case.pk])
        client.get(page)
        with django_assert_max_num_queries(17):  # two of them are the session's and the person's
            client.get(page)


def test_its_referral_is_not_said_to_have_been_altered(cases: list[Case]) -> None:
    [made] = Referral.objects.filter(case=cases[0])
    client = browser(staff(Role.CASE_OFFICER))
    shown = text(client.get(reverse("admin:casework_case_referral", args=[made.case_id, made.pk])))
    assert "what it said was removed, the chain has its digest" in shown
    assert "is not what the chain was told" not in shown
    Referral.objects.filter(pk=made.pk).update(summary="Another log.")
    shown = text(client.get(reverse("admin:casework_case_referral", args=[made.case_id, made.pk])))
    assert "is not what the chain was told" in shown


def test_its_files_are_named_and_not_handed_over(cases: list[Case], scene: Scene) -> None:
    [kept] = Attachment.objects.filter(case=cases[0])
    client = browser(staff(Role.CASE_OFFICER))
    page = reverse("admin:casework_case_change", args=[cases[0].pk])
    file = reverse("admin:casework_case_file", args=[cases[0].pk, kept.pk])
    shown = text(client.get(page))
    assert REMOVED in shown
    assert file not in shown
    assert client.get(file).status_code in (404, 409)


def test_the_queue_its_search_and_its_exports_show_it_by_its_reference_alone(cases: list[Case]) -> None:
    client = browser(staff(Role.CASE_OFFICER))
    queue = reverse("admin:casework_case_changelist")
    shown = text(client.get(queue, {"state": "all"}))
    assert MARK not in shown
    for case in cases:
        found = text(client.get(queue, {"q": str(case.reference)}))
        assert str(case.reference) in found
        assert "Redacted" in found
        assert MARK not in found
        csv = client.post(f"{reverse('admin:casework_case_export', args=['csv'])}?q={case.reference}")
        listed = b"".join(csv.streaming_content).decode()  # type: ignore[attr-defined]
        assert str(case.reference) in listed
        assert MARK not in listed
        ods = client.post(f"{reverse('admin:casework_case_export', args=['ods'])}?q={case.reference}")
        with ZipFile(io.BytesIO(b"".join(ods.streaming_content))) as sheet:  # type: ignore[attr-defined]
            assert MARK not in sheet.read("content.xml").decode()
    for words in (MARK, f"{MARK}00001", REMOVED):
        assert not any(str(case.reference) in text(client.get(queue, {"q": words})) for case in cases)


# What employers see ------------------------------------------------------------------------------------


@pytest.fixture
def reporter(scene: Scene) -> User:
    return scene.reporter


def employers_pages(case: Case) -> Iterator[str]:
    """Every page of a notification that its employer's people could ask for."""
    for name in ("detail", "submitted", "report", "report_check", "more_time", "amend", "withdraw", "attach"):
        yield reverse(f"notifications:{name}", args=[case.reference])
    yield reverse("notifications:receipt", args=[case.reference])
    yield reverse("notifications:action_add", args=[case.reference])
    yield reverse("notifications:version", args=[case.reference, 1])
    for action in CorrectiveAction.objects.filter(notification=case.pk):
        yield reverse("notifications:action", args=[case.reference, action.pk])
    for asked in InformationRequest.objects.filter(case=case):
        yield reverse("notifications:answer", args=[case.reference, asked.pk])
    for kept in Attachment.objects.filter(case=case):
        yield reverse("notifications:attachment", args=[case.reference, kept.pk])


def test_the_employers_page_says_so_and_shows_what_was_chosen(cases: list[Case], reporter: User) -> None:
    told = cases[0]
    client = browser(reporter)
    shown = text(client.get(reverse("notifications:detail", args=[told.reference])))
    assert SENTENCE in shown
    assert POLICY in shown
    assert MARK not in shown
    assert '<h1 class="govuk-heading-l">Notification</h1>' in shown
    assert "CT" in shown
    assert "Attach a file" not in shown
    assert "Receipt for this notification" not in shown
    assert "7.5" in shown


def test_no_page_of_its_employer_fails_or_shows_a_word(cases: list[Case], reporter: User) -> None:
    client = browser(reporter)
    answered = {}
    for page in employers_pages(cases[0]):
        answer = client.get(page)
        assert answer.status_code < 500, page
        assert MARK not in text(answer), page
        answered[page] = answer.status_code
    assert list(answered.values()).count(200) > 5, answered
    assert answered[reverse("notifications:receipt", args=[cases[0].reference])] == 404
    assert answered[reverse("notifications:version", args=[cases[0].reference, 1])] == 404
    home = text(client.get(reverse("notifications:home")))
    assert str(cases[0].reference) in home
    assert MARK not in home


def test_no_page_of_a_redacted_inspection_fails_or_shows_a_word(cases: list[Case], scene: Scene) -> None:
    seen, client = cases[1], browser(scene.lead)
    shown = text(client.get(reverse("inspections:detail", args=[seen.reference])))
    assert SENTENCE in shown
    assert POLICY in shown
    assert "Breach" in shown or "Good practice" in shown
    assert "Attach a file" not in shown
    asked = InformationRequest.objects.filter(case=seen)
    pages = [reverse("inspections:document", args=[seen.reference, each.pk]) for each in asked]
    for page in (*pages, reverse("inspections:attach", args=[seen.reference])):
        answer = client.get(page)
        assert answer.status_code < 500, page
        assert MARK not in shown + text(answer), page


def test_no_answer_of_the_api_fails_or_shows_a_word(cases: list[Case], reporter: User) -> None:
    client = browser(reporter)
    base = f"/api/v1/notifications/{cases[0].pk}/"
    actions: list[Any] = list(NotificationViewSet.get_extra_actions())
    reads = [each.url_path for each in actions if "get" in each.mapping and "(?P" not in each.url_path]
    assert len(reads) > 4, reads
    listed = client.get("/api/v1/notifications/")
    assert str(cases[0].reference) in text(listed)
    assert MARK not in text(listed)
    for url_path in ("", *(f"{each}/" for each in reads)):
        answer: Any = _api(client, f"{base}{url_path}")
        assert answer.status_code < 500, url_path
        assert MARK not in text(answer), url_path
    one = client.get(base).json()
    assert one["redacted_at"]
    assert one["narrative"] == REMOVED
    assert one["sub_modality"] == "ct"


def _api(client: Client, address: str) -> Any:
    answer = client.get(address)
    return client.get(address.rstrip("/")) if answer.status_code == 404 else answer
