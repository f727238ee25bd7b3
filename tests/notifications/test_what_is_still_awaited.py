"""The first notice does not wait for a dose or a code: it says what is awaited, and goes."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from notifications import services
from notifications.content import DraftContent, ImagingContent
from notifications.models import Notification
from tests.factories import Cast, complete, notification_in
from tests.notifications.pages import boxes, browser, problems, text

pytestmark = pytest.mark.usefixtures("reference")
AWAITED = "The physicist reconstructs it from the logs."
DAY = date(2026, 2, 20)


@pytest.fixture
def cast() -> Cast:
    return Cast()


def submitted(cast: Cast, content: DraftContent) -> Notification:
    made = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    return services.submit(notification=made, by=cast.reporter, version=made.case.version)


def refused(cast: Cast, content: DraftContent) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as found:
        submitted(cast, content)
    return dict(found.value.message_dict)


def without_a_dose(**changes: Any) -> DraftContent:
    content = complete(modality="diagnostic_imaging", event_kind="unintended", **changes)
    return replace(content, imaging=ImagingContent(tissue_reaction=True))


def test_a_dose_that_is_still_being_estimated_is_no_reason_to_wait(cast: Cast) -> None:
    faults = refused(cast, without_a_dose())
    assert "what the estimate waits for" in faults["imaging.actual_effective_dose_msv"][0]
    sent = submitted(cast, without_a_dose(dose_pending_reason=AWAITED))
    assert sent.case.status == "submitted"


def test_the_intended_dose_may_be_awaited_too(cast: Cast) -> None:
    content = complete(modality="diagnostic_imaging", event_kind="unintended")
    assert content.imaging is not None
    bare = replace(content, imaging=replace(content.imaging, intended_effective_dose_msv=None))
    if bare.imaging is not None and bare.imaging.other_value is None:
        assert "imaging.intended_effective_dose_msv" in refused(cast, bare)
    assert submitted(cast, replace(bare, dose_pending_reason=AWAITED)).case.reference


def test_the_dose_to_a_foetus_may_be_awaited(cast: Cast) -> None:
    foetus = {"exposed_group": "foetus", "pregnancy_enquiry": "followed", "age_band": ""}
    content = complete(modality="diagnostic_imaging", **foetus)
    assert "foetal_dose_mgy" in refused(cast, replace(content, foetal_dose_mgy=None))
    awaited = replace(content, foetal_dose_mgy=None, dose_pending_reason=AWAITED)
    assert submitted(cast, awaited).case.reference


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_code_needs_a_reason(cast: Cast, reason: str) -> None:
    content = replace(complete(modality="radiotherapy"), criterion_code="", code_pending_reason=reason)
    assert "or say why none can be settled yet" in refused(cast, content)["criterion_code"][0]


def test_a_notice_without_a_code_says_why_and_may_name_what_applies_as_well(cast: Cast) -> None:
    content = replace(
        complete(modality="radiotherapy"),
        criterion_code="",
        code_pending_reason="Several people, none above a threshold alone.",
        complementary_codes=("multiple_individuals",),
    )
    sent = submitted(cast, content)
    assert sent.case.status == "submitted"
    shown = text(browser(cast.officer).get(f"/desk/casework/case/{sent.pk}/"))
    assert "Several people, none above a threshold alone." in shown


def test_the_page_asks_and_a_voluntary_report_is_not_asked(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    shown = boxes(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/criterion/"))
    assert {"code_pending_reason", "dose_pending_reason"} <= set(shown)
    voluntary = notification_in("draft", cast=cast, basis="voluntary", modality="radiotherapy")
    shown = boxes(browser(cast.reporter).get(f"/notifications/draft/{voluntary.pk}/criterion/"))
    assert not {"code_pending_reason", "dose_pending_reason"} & set(shown)


def test_the_check_page_leads_to_what_is_missing(cast: Cast) -> None:
    made = services.start_draft(employer=cast.employer, by=cast.reporter, content=without_a_dose())
    client = browser(cast.reporter)
    path = f"/notifications/draft/{made.pk}/check/"
    answer: Any = client.post(path, boxes(client.get(path)) | {"declaration": ["true"]})
    assert any("what the estimate waits for" in each for each in problems(answer))


def test_a_reason_is_checked_for_identifiers_as_every_text_is(cast: Cast) -> None:
    with pytest.raises(ValidationError) as found:
        submitted(cast, without_a_dose(dose_pending_reason="Mrs Smithson, 943 476 5919"))
    assert "dose_pending_reason" in found.value.message_dict
