"""The checker's advice inside a draft: one click away, of the same engine, with all that it rests on."""

import ast
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

import notifications
from notifications import services
from notifications.advice import advice_on, advised
from notifications.content import DraftContent, ImagingContent, content_of
from notifications.criteria.reference import read_criteria
from notifications.limits import NOTIFY_WITHIN, REPORT_WITHIN
from notifications.models import Notification
from notifications.queries import whole
from regulator.deadlines.kinds import DEADLINES
from tests.factories import Cast, complete
from tests.notifications.criteria.answer_page import read
from tests.notifications.criteria.golden import GoldenCase, cases
from tests.notifications.pages import boxes, browser, send, text

pytestmark = pytest.mark.usefixtures("reference")

OF_EACH_CODE: Final = {
    (case.code, case.facts["modality"]): case
    for case in cases()
    if case.code and case.facts.get("modality") and "occurred_until" not in case.facts
}
"""One line of the golden file for each code and modality."""
OF_EACH_BOX: Final = {(case.facts["modality"], frozenset(case.facts)): case for case in OF_EACH_CODE.values()}
"""Of those, one for each set of boxes that is filled: what is kept and lost depends on nothing else."""


def made_of(case: GoldenCase, cast: Cast, client: Client) -> Notification:
    """A draft made of a golden line by the checker's own button."""
    address = f"{reverse('criteria:draft')}?{urlencode(case.facts)}"
    answer: Any = client.post(address, {"employer": cast.employer.pk})
    assert answer.status_code == 302, (case, text(answer))
    return whole().order_by("-pk")[0]


@pytest.mark.parametrize("case", OF_EACH_CODE.values(), ids=str)
def test_one_click_makes_a_draft_that_says_the_same_code(case: GoldenCase) -> None:
    cast = Cast()
    client = browser(cast.reporter)
    draft = made_of(case, cast, client)
    assert advice_on(content_of(draft)).primary == case.code
    check = text(client.get(f"/notifications/draft/{draft.pk}/check/"))
    assert f"Based on your answers: this is notifiable to CQC, code {case.code}" in check
    assert draft.criterion_code == case.code
    criterion = client.get(f"/notifications/draft/{draft.pk}/criterion/")
    assert boxes(criterion)["criterion_code"] == [case.code]
    saved: Any = send(client, f"/notifications/draft/{draft.pk}/criterion/")
    assert saved.status_code == 302


@pytest.mark.parametrize("case", OF_EACH_BOX.values(), ids=str)
def test_no_section_of_such_a_draft_loses_anything_when_it_is_saved_as_it_stands(case: GoldenCase) -> None:
    cast = Cast()
    client = browser(cast.reporter)
    draft = made_of(case, cast, client)
    before = content_of(draft)
    for slug in ("incident", "people", "exposure", "images", "criterion", "circumstances"):
        address = f"/notifications/draft/{draft.pk}/{slug}/"
        if slug == "images" and before.modality != "radiotherapy":
            continue
        assert send(client, address).status_code == 302
    assert content_of(whole().get(pk=draft.pk)) == before


@pytest.mark.parametrize("answer", ["notifiable", "not_notifiable", "cannot_tell"])
def test_the_advice_prints_all_that_it_rests_on(answer: str) -> None:
    for modality in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine"):
        case = next(
            case
            for case in cases()
            if case.answer == answer
            and case.facts.get("modality") == modality
            and case.facts.get("occurred_on") == "2023-05-01"
            and case.facts.get("number_exposed") == "1"
        )
        cast = Cast()
        client = browser(cast.reporter)
        draft = made_of(case, cast, client)
        told = advised(content_of(draft))["advice"]
        for slug in ("check", "criterion"):
            page = unescape(text(client.get(f"/notifications/draft/{draft.pk}/{slug}/")))
            shown = read(page).rules
            rules = [rule for regime in told["regimes"] for rule in regime["rules"]]
            assert [rule[:4] for rule in shown] == [
                (rule["code"], rule["outcome"], "; ".join(rule["arithmetic"]), rule["verified"])
                for rule in rules
            ]
            for rule, seen in zip(rules, shown, strict=True):
                assert rule["source"].lower() in seen[4].lower()
                assert rule["note"] in page
            assert all(reason in page for reason in told["reasons"])
            assert "The day on which it began is not published: 1 April 2023 is assumed" in page


def test_a_voluntary_near_miss_is_not_told_that_it_must_be_notified() -> None:
    cast = Cast()
    near = complete(
        basis="voluntary",
        near_miss=True,
        number_exposed=0,
        clinically_significant=False,
        imaging=ImagingContent(actual_effective_dose_msv=Decimal(50)),
        criterion_code="",
    )
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=near)
    page = text(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/check/"))
    assert "must be notified" not in page
    assert "this is not notifiable on these facts" in page
    assert "Nobody was exposed: a near miss meets no criterion." in page


def series(**changes: Any) -> DraftContent:
    """Over the change of April 2023, with a code of the version before it, or after."""
    values: dict[str, Any] = {
        "occurred_on": date(2023, 3, 25),
        "occurred_until": date(2023, 5, 5),
        "discovered_on": date(2026, 2, 20),
    }
    return complete(modality="radiotherapy", **values | changes)


@pytest.mark.parametrize(
    ("code", "regime"), [("4.2", "SAUE-2020"), ("4.2b", "SAUE-2023"), ("1", "SAUE-2020")]
)
def test_a_series_may_be_submitted_under_a_code_of_any_of_its_days(code: str, regime: str) -> None:
    cast = Cast()
    draft = services.start_draft(
        employer=cast.employer, by=cast.reporter, content=series(criterion_code=code)
    )
    sent = services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
    assert Notification.objects.get(pk=sent.pk).criteria_regime == regime


def test_a_correction_of_the_days_brings_the_codes_of_those_days() -> None:
    cast = Cast()
    content = series(occurred_until=None, criterion_code="4.2")
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
    sent = whole().get(pk=draft.pk)
    later = replace(content_of(sent), occurred_until=date(2023, 5, 5), criterion_code="4.2b")
    services.save_correction(notification=sent, by=cast.reporter, version=1, content=later)
    services.amend(notification=sent, by=cast.reporter, version=2, reason="It went on.")
    assert Notification.objects.get(pk=sent.pk).criteria_regime == "SAUE-2023"


def test_the_doses_of_imaging_for_radiotherapy_are_asked_and_advised_upon() -> None:
    cast = Cast()
    client = browser(cast.reporter)
    content = complete(
        modality="radiotherapy",
        event_kind="unintended",
        clinically_significant=False,
        foetus_exposed=False,
        criterion_code="2.2",
    )
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    typed = {
        "planning_scan_affected": "yes",
        "planning_scans": "2",
        "intended_effective_dose_msv": "1",
        "actual_effective_dose_msv": "10",
    }
    assert send(client, f"/notifications/draft/{draft.pk}/images/", **typed).status_code == 302
    kept = content_of(whole().get(pk=draft.pk))
    assert kept.imaging == ImagingContent(
        intended_effective_dose_msv=Decimal(1), actual_effective_dose_msv=Decimal(10)
    )
    assert kept.radiotherapy is not None
    assert content.radiotherapy is not None
    assert kept.radiotherapy == replace(content.radiotherapy, planning_scan_affected=True, planning_scans=2)
    assert "code 2.2" in text(client.get(f"/notifications/draft/{draft.pk}/check/"))


def test_the_limits_of_the_file_are_the_clocks() -> None:
    limits = {limit.key: limit for limit in read_criteria().limits}
    assert NOTIFY_WITHIN == DEADLINES.get("notify").days == limits["notification"].days
    assert REPORT_WITHIN == DEADLINES.get("report").days == limits["report"].days


def _texts(path: Path) -> list[str]:
    """Every text of a module but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in said)
    return [node.value for node in found if isinstance(node.value, str)]


def test_no_page_and_no_module_says_the_limits_by_itself() -> None:
    code = Path(notifications.__file__).parent
    limits = (f"{NOTIFY_WITHIN} days", f"{REPORT_WITHIN} days", f"within {REPORT_WITHIN}")
    said = {path: _texts(path) for path in code.rglob("*.py") if "migrations" not in path.parts}
    pages = Path(settings.BASE_DIR) / "templates"
    for room in ("notifications", "checker"):
        said |= {path: [path.read_text(encoding="utf-8")] for path in (pages / room).rglob("*.html")}
    assert len(said) > 100
    for path, texts in said.items():
        assert not [each for each in texts if any(limit in each for limit in limits)], path
