"""How many queries the employer's pages take: few, and as many for many cases as for one.

Session and person are two of them on every page.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.content import DoseContent
from notifications.models import Notification
from notifications.report_sections import SECTIONS as REPORT_SECTIONS
from notifications.sections import sections_of
from regulator.casework.models import Case
from regulator.casework.services import request_information
from tests.factories import REPORT, Cast, SiteFactory, a_cause, member, notification_in
from tests.notifications.pages import boxes, browser, text

pytestmark = pytest.mark.usefixtures("reference")

SECTIONS = ["incident", "people", "exposure", "criterion", "circumstances", "telling", "lfpse"]


def queries(ask: Callable[[], Any], status: int = 200) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = ask()
    assert answer.status_code == status
    return len([query for query in captured if "SAVEPOINT" not in query["sql"]])


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def draft(cast: Cast) -> Notification:
    return notification_in(
        "draft",
        cast=cast,
        site=SiteFactory.create(employer=cast.employer),
        complementary_codes=("equipment", "multiple_individuals"),
        reporter_cause=a_cause("diagnostic_imaging"),
    )


def crowd(cast: Cast) -> None:
    """More of everything: two more rows of a table tell a query for each row as well as twenty do."""
    SiteFactory.create_batch(10, employer=cast.employer)
    for state in ("draft", "submitted", "awaiting_report", "withdrawn"):
        for _ in range(2):
            notification_in(state, cast=cast)


def twice(client: Client, path: str, cast: Cast, most: int) -> None:
    client.get(path)
    few = queries(lambda: client.get(path))
    crowd(cast)
    many = queries(lambda: client.get(path))
    assert (few, many <= most) == (many, True), f"{path}: {few} queries, then {many}"


def test_home(cast: Cast, draft: Notification) -> None:
    twice(browser(cast.reporter), "/notifications/", cast, 13)


def test_the_kind_of_a_draft_and_the_confirmation(cast: Cast, draft: Notification) -> None:
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/kind/", cast, 6)
    sent = notification_in("submitted", cast=cast)
    twice(browser(cast.reporter), f"/notifications/{sent.case.reference}/submitted/", cast, 8)


def test_a_draft_and_its_check_page(cast: Cast, draft: Notification) -> None:
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/", cast, 10)
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/check/", cast, 11)


@pytest.mark.parametrize("slug", SECTIONS)
def test_a_section(cast: Cast, draft: Notification, slug: str) -> None:
    twice(browser(cast.reporter), f"/notifications/draft/{draft.pk}/{slug}/", cast, 10)


CHANGES: dict[str, dict[str, Any]] = {
    "incident": {"how_discovered": "By an operator"},
    "people": {"number_exposed": "4"},
    "criterion": {"complementary_codes": ["equipment"]},
    "circumstances": {"narrative": "Written anew"},
    "telling": {"contact_role": "Somebody else", "other_bodies_told": ["mhra", "hse"]},
    "lfpse": {"on_lfpse": "yes"},
    "images": {"planning_scans": "3", "actual_effective_dose_msv": "5"},
    "licence": {"procedure_code": "9z"},
}
EXPOSURE: dict[str, dict[str, Any]] = {
    "diagnostic_imaging": {"estimation_method": "Calculated"},
    "radiotherapy": {"fractions_affected": "2"},
    "nuclear_medicine": {"isotope": "Tc-99m"},
}
KINDS = [
    ("statutory", "diagnostic_imaging"),
    ("statutory", "radiotherapy"),
    ("statutory", "nuclear_medicine"),
    ("voluntary", "radiotherapy"),
    ("licence_breach", "nuclear_medicine"),
]


@pytest.mark.parametrize("crowded", [False, True], ids=["few", "many"])
@pytest.mark.parametrize(("basis", "modality"), KINDS)
def test_saving_a_section_takes_at_most_12_queries(
    cast: Cast, basis: str, modality: str, crowded: bool
) -> None:
    """Session, person and membership included; whatever one deed in that section changes."""
    written = notification_in(
        "draft",
        cast=cast,
        basis=basis,
        modality=modality,
        site=SiteFactory.create(employer=cast.employer),
        **({} if basis == "licence_breach" else {"reporter_cause": a_cause(modality)}),
    )
    client = browser(cast.reporter)
    if crowded:
        crowd(cast)
        for _ in range(5):
            member(cast.employer)
    site = SiteFactory.create(employer=cast.employer)
    taken: dict[str, int] = {}
    for section in sections_of(written):
        path = f"/notifications/draft/{written.pk}/{section.slug}/"
        change = EXPOSURE[modality] if section.slug == "exposure" else CHANGES[section.slug]
        filled = boxes(client.get(path)) | change
        if section.slug == "incident":
            filled |= {"site": [str(site.pk)]}
        taken[section.slug] = queries(lambda path=path, filled=filled: client.post(path, filled), 302)  # type: ignore[misc]
    assert max(taken.values()) <= 12, taken


@pytest.mark.parametrize("rows", [1, 12])
def test_saving_a_section_of_the_report_takes_at_most_12_queries(cast: Cast, rows: int) -> None:
    sent = notification_in("awaiting_report", cast=cast)
    doses = tuple(
        DoseContent(
            person=f"Person {number}", value=Decimal("7.5"), unit="mSv", method="Model", estimated_by="MPE"
        )
        for number in range(rows)
    )
    report = replace(REPORT, dose_rows=doses, no_doses_reason="")
    services.save_report(notification=sent, by=cast.reporter, version=1, report=report)
    client, taken = browser(cast.reporter), {}
    for section in REPORT_SECTIONS:
        path = f"/notifications/{sent.case.reference}/report/{section.slug}/"
        filled = boxes(client.get(path))
        prose = re.findall(r'<textarea[^>]* name="([^"]+)"', text(client.get(path)))
        filled |= {prose[0]: ["Written anew."]}
        taken[section.slug] = queries(lambda path=path, filled=filled: client.post(path, filled), 302)  # type: ignore[misc]
    assert max(taken.values()) <= 12, taken


def test_saving_dates_and_site_or_other_codes_takes_at_most_12_queries(
    cast: Cast, draft: Notification
) -> None:
    """The most that one save can do: the 14 days run anew, the site is another, the codes are others."""
    client = browser(cast.reporter)
    site = SiteFactory.create(employer=cast.employer)
    dates = {"discovered_on_day": "28", "discovered_on_month": "2", "site": str(site.pk)}
    codes = {"complementary_codes": ["clinically_significant"]}
    taken = {}
    for slug, change in (("incident", dates), ("criterion", codes)):
        path = f"/notifications/draft/{draft.pk}/{slug}/"
        filled = boxes(client.get(path)) | change
        taken[slug] = queries(lambda path=path, filled=filled: client.post(path, filled), 302)  # type: ignore[misc]
    draft.refresh_from_db()
    assert (str(draft.discovered_on), draft.case.site) == ("2026-02-28", site)
    assert [code.key for code in draft.complementary_codes.all()] == ["clinically_significant"]
    assert max(taken.values()) <= 12, taken


def test_a_notification(cast: Cast) -> None:
    sent = notification_in("further_information", cast=cast, site=SiteFactory.create(employer=cast.employer))
    client = browser(cast.reporter)
    path = f"/notifications/{sent.case.reference}/"
    client.get(path)
    few = queries(lambda: client.get(path))
    for _ in range(5):
        request_information(
            case=Case.objects.get(pk=sent.pk),
            question="And?",
            due_on=sent.case.created_at.date(),
            by=cast.officer,
        )
    crowd(cast)
    assert (queries(lambda: client.get(path)), few <= 20) == (few, True)
