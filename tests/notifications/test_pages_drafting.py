"""Writing a notification on the pages, section by section, and sending it."""

import re
from typing import Any

import pytest

from notifications import services
from notifications.content import DraftContent, content_of
from notifications.models import ComplementaryCode, Notification
from notifications.queries import whole
from notifications.sections import sections_of
from regulator.casework.models import Case
from regulator.organisations.models import Modality, Site
from regulator.outbox.models import Message
from tests.factories import Cast, SiteFactory, a_cause, member, notification_in
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text, version

pytestmark = pytest.mark.usefixtures("reference")

SECTIONS = ["incident", "people", "exposure", "criterion", "circumstances", "telling", "lfpse"]
TO_BE_CHOSEN = ""

INCIDENT: dict[str, Any] = {
    "event_kind": "accidental",
    **date_boxes("occurred_on", 25, 2, 2026),
    **date_boxes("discovered_on", 26, 2, 2026),
}
PEOPLE: dict[str, Any] = {"number_exposed": "1", "exposed_group": "adult", "clinically_significant": "no"}
CIRCUMSTANCES: dict[str, Any] = {
    "procedure": "Chest",
    "narrative": "The operator exposed a patient who had no referral.",
    "immediate_actions": "The exposure was stopped.",
    "duty_holders_involved": ["operator", "referrer"],
    "reporter_cause": TO_BE_CHOSEN,
}
TELLING: dict[str, Any] = {"individual_told": "yes", "contact_role": "Radiation protection supervisor"}
WRITTEN: dict[str, dict[str, dict[str, Any]]] = {
    Modality.DIAGNOSTIC_IMAGING: {
        "incident": {"sub_modality": "ct", "site": TO_BE_CHOSEN, **INCIDENT},
        "exposure": {"actual_effective_dose_msv": "7.5", "estimation_method": "DLP"},
        "criterion": {"criterion_code": "1", "complementary_codes": ["equipment", "multiple_individuals"]},
    },
    Modality.RADIOTHERAPY: {
        "incident": {"sub_modality": "external_beam", "site": TO_BE_CHOSEN, **INCIDENT},
        "exposure": {"prescribed_dose_gy": "60", "fractions_prescribed": "30", "geographical_miss": "none"},
        "criterion": {"criterion_code": "7.1", "complementary_codes": ["equipment"]},
    },
    Modality.NUCLEAR_MEDICINE: {
        "incident": {"sub_modality": "diagnostic_nm", "site": TO_BE_CHOSEN, **INCIDENT},
        "exposure": {"radiopharmaceutical_given": "Tc-99m HDP", "activity_administered_mbq": "600"},
        "criterion": {"criterion_code": "1"},
    },
}


def stored(pk: int) -> DraftContent:
    return content_of(whole().get(pk=pk))


def section(draft: Notification, slug: str) -> str:
    return f"/notifications/draft/{draft.pk}/{slug}/"


@pytest.mark.parametrize("modality", Modality.values)
def test_a_notification_is_begun_written_section_by_section_and_submitted(modality: str) -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer)
    client = browser(cast.reporter)
    begun = send(client, "/notifications/new/", basis="statutory", modality=modality)
    assert begun.status_code == 302
    page = begun["Location"]
    draft = Notification.objects.get()
    keys = {"site": str(site.pk), "reporter_cause": str(a_cause(modality).pk)}
    typed = {"people": PEOPLE, "circumstances": CIRCUMSTANCES, "telling": TELLING} | WRITTEN[modality]
    slugs = [each.slug for each in sections_of(draft)]
    for slug, following in zip(slugs, [*slugs[1:], "check"], strict=True):
        given = typed.get(slug, {})
        values = given | {name: key for name, key in keys.items() if name in given}
        saved = send(client, f"{page}{slug}/", **values)
        assert (saved.status_code, saved["Location"]) == (302, f"{page}{following}/")
        shown = boxes(client.get(f"{page}{slug}/"))
        for name, value in values.items():
            expected = value if isinstance(value, list) else [value]
            assert sorted(shown[name]) == sorted(expected), name
    assert "Still missing" not in text(client.get(f"{page}check/"))
    sent: Any = send(client, f"{page}check/", declaration="true")
    reference = Case.objects.get(pk=draft.pk).reference
    assert (sent.status_code, sent["Location"]) == (302, f"/notifications/{reference}/submitted/")
    assert f"/notifications/{reference}/receipt.pdf" in text(client.get(sent["Location"]))
    assert str(reference) in text(client.get(sent["Location"]))
    read = text(client.get(f"/notifications/{reference}/"))
    for words in ("Chest", "Radiation protection supervisor", site.name, str(a_cause(modality).tier3)[:10]):
        assert words in read
    assert Message.objects.count() == 1


def test_saving_a_section_leaves_every_other_as_it_was() -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer)
    draft = notification_in(
        "draft",
        cast=cast,
        site=site,
        complementary_codes=("equipment", "multiple_individuals"),
        duty_holders_involved=["operator", "mpe"],
        reporter_cause=a_cause(Modality.DIAGNOSTIC_IMAGING),
        basis="voluntary",
    )
    client = browser(cast.reporter)
    before = stored(draft.pk)
    for slug in SECTIONS:
        assert send(client, section(draft, slug)).status_code == 302
        assert stored(draft.pk) == before, slug
    assert send(client, section(draft, "people"), number_exposed="3").status_code == 302
    after = stored(draft.pk)
    assert after.number_exposed == 3
    assert (after.complementary_codes, after.site, after.imaging) == (
        before.complementary_codes,
        site,
        before.imaging,
    )


def test_what_the_form_would_offer_no_longer_stays_chosen_and_is_read_back() -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer, name="Closed since")
    draft = notification_in("draft", cast=cast, site=site)
    Site.objects.filter(pk=site.pk).update(is_open=False)
    client = browser(cast.reporter)
    assert send(client, section(draft, "incident"), how_discovered="By an operator").status_code == 302
    assert stored(draft.pk).site == site
    assert "Closed since" in text(client.get(section(draft, "check")))


def test_another_employers_site_cannot_be_chosen() -> None:
    cast, other = Cast(), SiteFactory.create()
    draft = notification_in("draft", cast=cast)
    answer = send(browser(cast.reporter), section(draft, "incident"), site=str(other.pk))
    assert (answer.status_code, problems(answer)) == (400, ["Choose a site from the list"])


def test_a_draft_without_a_modality_asks_for_it_first() -> None:
    """An incident system may begin a draft with nothing known."""
    cast = Cast()
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=DraftContent())
    client = browser(cast.reporter)
    assert client.get(f"/notifications/draft/{draft.pk}/").status_code == 200
    assert client.get(section(draft, "exposure")).status_code == 404
    checked = client.get(section(draft, "check"))
    assert (
        checked.status_code,
        f'href="{section(draft, "modality")}?from=check#id_modality"' in text(checked),
    ) == (200, True)
    saved: Any = send(client, section(draft, "modality"), modality="radiotherapy")
    assert saved["Location"] == section(draft, "incident")
    assert "Prescribed dose" in text(client.get(section(draft, "exposure")))
    assert client.get(section(draft, "modality")).status_code == 404


def test_the_check_page_lists_what_is_missing_beside_the_section_that_mends_it() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, narrative="", imaging=None, contact_role="", exposed_group="")
    client = browser(cast.reporter)
    page = text(client.get(section(draft, "check")))
    missing = dict(re.findall(r'<li><a class="govuk-link" href="([^"]+)">([^<]+)</a></li>', page))
    assert missing == {
        f"{section(draft, slug)}?from=check#id_{name}": message
        for slug, name, message in (
            ("circumstances", "narrative", "Describe what happened."),
            ("telling", "contact_role", "Enter the role of the person to contact."),
            ("people", "exposed_group", "Choose who was exposed."),
            (
                "exposure",
                "actual_effective_dose_msv",
                "Enter the actual dose, in mSv or another unit, or say under “Why it is notifiable” "
                "what the estimate waits for.",
            ),
        )
    }
    for way in missing:
        address, box = way.split("#")
        assert f'id="{box}"' in text(client.get(address))
    before = stored(draft.pk)
    answer = send(client, section(draft, "check"), declaration="true")
    assert answer.status_code == 400
    assert set(problems(answer)) == set(missing.values())
    assert stored(draft.pk) == before
    assert boxes(answer)["declaration"] == ["true"]


def test_nothing_is_submitted_without_the_declaration() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    answer = send(browser(cast.reporter), section(draft, "check"))
    assert (answer.status_code, problems(answer)) == (400, ["Confirm the declaration to submit"])
    assert not Case.objects.exclude(reference=None).exists()


def test_a_form_sent_twice_gives_one_reference_and_says_so() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    filled = boxes(client.get(section(draft, "check"))) | {"declaration": ["true"]}
    first = client.post(section(draft, "check"), filled)
    again = client.post(section(draft, "check"), filled, follow=True)
    reference = Case.objects.get().reference
    assert first["Location"] == f"/notifications/{reference}/submitted/"
    assert again.redirect_chain == [(f"/notifications/{reference}/", 302)]
    assert f"submitted already, as {reference}" in text(again)
    assert Message.objects.count() == 1


@pytest.mark.parametrize("page", ["", "check/", "discard/", *(f"{slug}/" for slug in SECTIONS)])
@pytest.mark.parametrize("state", ["submitted", "discarded"])
def test_what_is_no_draft_any_more_has_no_draft_pages(state: str, page: str) -> None:
    cast = Cast()
    sent = notification_in(state, cast=cast)
    client = browser(cast.reporter)
    assert client.get(f"/notifications/draft/{sent.pk}/{page}").status_code == 404


def test_a_stale_section_keeps_what_was_typed_and_can_be_sent_again() -> None:
    cast = Cast()
    colleague = member(cast.employer)
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(section(draft, "circumstances")))
    assert send(browser(colleague), section(draft, "people"), number_exposed="2").status_code == 302
    answer = client.post(section(draft, "circumstances"), opened | {"narrative": "Half an hour <of> typing"})
    assert answer.status_code == 409
    assert "Someone else changed this case" in problems(answer)[0]
    assert boxes(answer)["narrative"] == ["Half an hour <of> typing"]
    assert version(answer) == Case.objects.get().version
    assert stored(draft.pk).narrative != "Half an hour <of> typing"
    assert client.post(section(draft, "circumstances"), boxes(answer)).status_code == 302
    kept = stored(draft.pk)
    assert (kept.narrative, kept.number_exposed) == ("Half an hour <of> typing", 2)


def test_a_stale_check_page_is_told_and_nothing_is_sent() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(section(draft, "check"))) | {"declaration": ["true"]}
    assert send(client, section(draft, "people"), number_exposed="2").status_code == 302
    answer = client.post(section(draft, "check"), opened)
    assert (answer.status_code, Case.objects.get().reference) == (409, None)
    assert client.post(section(draft, "check"), boxes(answer)).status_code == 302


def test_a_draft_is_discarded_after_asking() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    assert send(client, section(draft, "discard")).status_code == 302
    home = text(client.get("/notifications/"))
    assert "The draft was discarded." in home
    assert f"/notifications/draft/{draft.pk}/" not in home


def test_a_large_number_from_the_api_does_not_block_its_section() -> None:
    """The page takes what the API takes."""
    cast = Cast()
    draft = notification_in("draft", cast=cast, number_exposed=50_000)
    assert send(browser(cast.reporter), section(draft, "people")).status_code == 302


def test_home_shows_what_is_due_and_where_it_leads() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    sent = notification_in("submitted", cast=cast)
    other = notification_in("submitted")
    page = text(browser(cast.reporter).get("/notifications/"))
    assert f'href="/notifications/draft/{draft.pk}/"' in page
    assert f'href="/notifications/{sent.case.reference}/"' in page
    assert str(other.case.reference) not in page


def test_the_complementary_codes_offered_are_those_on_record() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = text(browser(cast.reporter).get(section(draft, "criterion")))
    for code in ComplementaryCode.objects.all():
        assert f'value="{code.key}"' in page
