"""The three kinds of notification: what each asks, how a draft changes its kind, and what each counts as."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from notifications import services
from notifications.content import DraftContent, LicenceBreachContent, content_of
from notifications.desk_facts import facts
from notifications.figures import notifications, outside
from notifications.kinds import dropped, fitted
from notifications.models import Basis, LicenceBreach, Notification
from notifications.queries import whole
from notifications.sections import sections_of
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from regulator.periods import reporting_year
from regulator.statistics.annual import compose
from tests.factories import Cast, SiteFactory, complete, notification_in
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text

pytestmark = pytest.mark.usefixtures("reference")

YEAR = reporting_year("2025/26")
WRITTEN: dict[str, dict[str, Any]] = {
    "licence": {
        "breach_type": "procedure_not_listed",
        "employer_licence_number": "INVENTED-1",
        "procedure_code": "1a2b",
        "practitioner_licence_number": "INVENTED-2",
        "radiopharmaceutical_used": "Tc-99m HDP",
        **date_boxes("employer_licence_expires_on", 1, 5, 2027),
    },
    "incident": {
        "sub_modality": "diagnostic_nm",
        "procedure": "Bone scan",
        "administrations": "4",
        **date_boxes("occurred_on", 25, 2, 2026),
        **date_boxes("discovered_on", 26, 2, 2026),
    },
    "circumstances": {
        "narrative": "The procedure was left off the renewed licence.",
        "corrective_action": "The licence was amended.",
        "duty_holders_involved": ["employer"],
    },
    "telling": {
        "contact_role": "Lead of nuclear medicine",
        "other_bodies_told": ["arsac", "icb"],
        **date_boxes("arsac_told_on", 27, 2, 2026),
    },
}


def begun(cast: Cast, **chosen: str) -> Notification:
    assert send(browser(cast.reporter), "/notifications/new/", **chosen).status_code == 302
    return Notification.objects.get()


def stored(notification: Notification) -> DraftContent:
    return content_of(whole().get(pk=notification.pk))


def test_a_licence_breach_is_told_section_by_section_without_any_clock() -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer)
    client = browser(cast.reporter)
    draft = begun(cast, basis="licence_breach", modality="nuclear_medicine")
    page = f"/notifications/draft/{draft.pk}/"
    for slug, values in WRITTEN.items():
        typed = values | ({"site": str(site.pk)} if slug == "incident" else {})
        assert send(client, f"{page}{slug}/", **typed).status_code == 302, slug
        shown = boxes(client.get(f"{page}{slug}/"))
        for name, value in typed.items():
            assert sorted(shown[name]) == sorted(value if isinstance(value, list) else [value]), name
    checked = text(client.get(f"{page}check/"))
    assert "Still missing" not in checked
    assert "There is no time limit" in checked
    assert send(client, f"{page}check/", declaration="true").status_code == 302
    sent = Case.objects.get()
    assert sent.reference
    assert (sent.next_due_on, sent.site, sent.summary) == (None, site, "Licence breach: Bone scan")
    assert not Deadline.objects.exists()
    assert "There is no time limit" in Message.objects.get().body
    read = text(client.get(f"/notifications/{sent.reference}/"))
    told = dict(next(part for part in facts(sent) if part.title == "Licence breach").rows)
    assert told["ARSAC procedure code"] == "1a2b"
    assert told["What was wrong"] == "The procedure is not on the licence"
    for words in ("INVENTED-2", "Tc-99m HDP", "ARSAC Support Unit", "4", "1 May 2027"):
        assert words in read, words


def test_a_licence_is_not_a_matter_of_imaging() -> None:
    cast = Cast()
    wrong = {"basis": "licence_breach", "modality": "diagnostic_imaging"}
    answer = send(browser(cast.reporter), "/notifications/new/", **wrong)
    assert answer.status_code == 400
    assert "radioactive substances" in problems(answer)[0]
    assert boxes(answer)["basis"] == ["licence_breach"]
    assert not Notification.objects.exists()
    draft = notification_in("draft", cast=cast)
    refused = send(browser(cast.reporter), f"/notifications/draft/{draft.pk}/kind/", basis="licence_breach")
    assert refused.status_code == 400
    assert stored(draft).basis == "statutory"


@pytest.mark.parametrize("typed", [{}, {"basis": "crystal_ball"}])
def test_the_kind_must_be_said(typed: dict[str, str]) -> None:
    cast = Cast()
    answer = send(browser(cast.reporter), "/notifications/new/", modality="radiotherapy", **typed)
    assert (answer.status_code, len(problems(answer))) == (400, 1)
    assert not Notification.objects.exists()


def test_a_near_miss_that_exposed_nobody_is_told_voluntarily() -> None:
    cast = Cast()
    draft = notification_in(
        "draft", cast=cast, basis="voluntary", number_exposed=None, criterion_code="", imaging=None
    )
    client = browser(cast.reporter)
    people = f"/notifications/draft/{draft.pk}/people/"
    assert problems(send(client, people, number_exposed="0"))
    assert send(client, people, number_exposed="0", near_miss="yes").status_code == 302
    assert send(client, f"/notifications/draft/{draft.pk}/check/", declaration="true").status_code == 302
    assert stored(draft).number_exposed == 0
    assert not Deadline.objects.exists()


def test_the_database_holds_that_only_a_near_miss_exposed_nobody() -> None:
    draft = notification_in("draft")
    table = Notification.objects.filter(pk=draft.pk)
    for wrong in (
        {"number_exposed": 0},
        {"number_exposed": 0, "near_miss": True},
        {"number_exposed": 0, "basis": "voluntary"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.update(**wrong)
    table.update(number_exposed=0, basis="voluntary", near_miss=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        LicenceBreach.objects.create(notification=draft, administrations=0)


def test_changing_the_kind_says_what_it_drops_and_keeps_the_rest() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, modality="nuclear_medicine", anatomy="Trunk")
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/kind/"
    page = text(client.get(path))
    assert "You would lose your answers to" in page
    for words in ("Which criterion does it meet?", "Part of the body", "The administration"):
        assert words in page
    before = stored(draft)
    assert send(client, path, basis="licence_breach").status_code == 302
    after = stored(draft)
    assert (after.basis, after.criterion_code, after.radionuclide, after.anatomy) == (
        "licence_breach",
        "",
        None,
        "",
    )
    for name in ("narrative", "procedure", "occurred_on", "discovered_on", "contact_role", "modality"):
        assert getattr(after, name) == getattr(before, name)
    assert Case.objects.get().next_due_on is None
    assert send(client, path, basis="statutory").status_code == 302
    assert Case.objects.get().next_due_on == Deadline.objects.get(kind="notify", ended_at=None).due_on


def test_a_stale_change_of_kind_is_told() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/kind/"
    opened = boxes(client.get(path)) | {"basis": ["voluntary"]}
    send(client, f"/notifications/draft/{draft.pk}/people/", number_exposed="3")
    answer = client.post(path, opened)
    assert (answer.status_code, stored(draft).basis) == (409, "statutory")
    assert client.post(path, boxes(answer)).status_code == 302


@pytest.mark.parametrize("basis", Basis.values)
def test_what_was_fitted_to_a_kind_holds_nothing_of_another(basis: str) -> None:
    everything = replace(
        complete(modality="nuclear_medicine", near_miss=True, number_exposed=2, lfpse_id="1", on_lfpse=True),
        licence_breach=LicenceBreachContent(procedure_code="1"),
    )
    same = fitted(everything, basis)
    assert dropped(same, basis) == ()
    assert fitted(same, basis) == same
    with_nobody = fitted(replace(everything, basis="voluntary", number_exposed=0), basis)
    assert with_nobody.number_exposed == (0 if basis == "voluntary" else None)


def test_the_linked_notification_is_a_statutory_one_of_the_same_employer() -> None:
    cast = Cast()
    own = notification_in("submitted", cast=cast)
    voluntary = notification_in("submitted", cast=cast, basis="voluntary")
    anothers = notification_in("submitted")
    sound = complete(basis="licence_breach")
    assert sound.licence_breach is not None
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=sound)
    for wrong in (anothers, voluntary):
        part = replace(sound.licence_breach, saue_reference=str(wrong.case.reference))
        with pytest.raises(ValidationError, match="No statutory notification of yours"):
            services.save_draft(
                notification=draft,
                by=cast.reporter,
                version=draft.case.version,
                content=replace(sound, licence_breach=part),
            )
    path = f"/notifications/draft/{draft.pk}/telling/"
    client = browser(cast.reporter)
    refused = send(client, path, saue_reference=str(anothers.case.reference))
    assert (refused.status_code, problems(refused)) == (
        400,
        ["No statutory notification of yours has this reference."],
    )
    assert send(client, path, saue_reference=str(own.case.reference)).status_code == 302


def test_only_statutory_notifications_are_in_the_figures() -> None:
    cast = Cast()
    for basis, times in (("statutory", 1), ("voluntary", 2), ("licence_breach", 3)):
        for _ in range(times):
            notification_in("submitted", cast=cast, basis=basis)
    notification_in("draft", cast=cast, basis="licence_breach")
    notification_in("withdrawn", cast=cast, basis="licence_breach")
    counted: Any = notifications(YEAR)
    assert counted["total"] == 1
    assert outside(YEAR) == {"voluntary": 2, "licence_breach": 3}
    report: dict[str, Any] = {each.name: each.value for each in compose(YEAR).figures}
    assert report["notifications"]["total"] == 1
    assert report["notifications_apart"] == {"voluntary": 2, "licence_breach": 3}
    kinds = report["notifications_by_sub_modality"]["by_modality"]
    assert sum(count for counts in kinds.values() for count in counts.values()) == 1


def test_the_api_takes_and_gives_a_licence_breach() -> None:
    cast = Cast()
    client = APIClient()
    client.force_authenticate(cast.reporter)
    written: dict[str, Any] = {
        "basis": "licence_breach",
        "modality": "nuclear_medicine",
        "occurred_on": "2026-02-25",
        "discovered_on": "2026-02-26",
        "procedure": "Bone scan",
        "narrative": "Left off the licence.",
        "contact_role": "Lead",
        "other_bodies_told": ["arsac"],
        "licence_breach": {
            "breach_type": "procedure_not_listed",
            "procedure_code": "1a2b",
            "radiopharmaceutical_used": "Tc-99m HDP",
            "administrations": 2,
            "corrective_action": "Amended.",
        },
    }
    made = client.post("/api/v1/notifications/", written, format="json")
    assert made.status_code == 201, made.data
    assert made.data["licence_breach"]["administrations"] == 2
    assert made.data["other_bodies_told"] == ["arsac"]
    sent = client.post(
        f"/api/v1/notifications/{made.data['id']}/submit/", {"version": made.data["version"]}, format="json"
    )
    assert (sent.status_code, sent.data["deadlines"]) == (200, [])
    nonsense = {**written, "licence_breach": {"administrations": 0, "practitioner_name": "A"}}
    refused = client.post("/api/v1/notifications/", nonsense, format="json")
    assert refused.status_code == 400


@pytest.mark.parametrize("basis", Basis.values)
def test_no_kind_asks_the_same_twice(basis: str) -> None:
    draft = notification_in("draft", basis=basis, modality="radiotherapy")
    asked = [name for section in sections_of(draft) for name in section.fault_names()]
    assert len(asked) == len(set(asked))
