"""What others reported stands beside the questions, nearest first, and nothing where nothing fits."""

from typing import Final

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.learning.library import take_out
from notifications.learning.queries import BESIDE, others_reported
from notifications.models import Cause
from regulator import clock
from tests.factories import Cast, notification_in
from tests.notifications.learning.told import published
from tests.notifications.pages import browser, text

pytestmark = pytest.mark.usefixtures("reference")

CAUSE: Final = "di-operator-patient-id"


def test_the_same_cause_comes_first_then_the_same_kind_then_the_newest() -> None:
    nothing_alike = published(sub_modality="dental", tiers=("Equipment", "", ""))
    same_tier = published(sub_modality="", tiers=("Operator", "Patient checks", ""))
    same_kind = published(sub_modality="ct", tiers=("Equipment", "", ""))
    same_cause = published(sub_modality="", tiers=("Operator", "Patient checks", "Patient ID error"))
    published(modality="radiotherapy", sub_modality="", tiers=("Operator", "Treatment", "Patient ID error"))
    asked = {"sub_modality": "ct", "tier3": "Patient ID error", "tier1": "Operator"}
    found = others_reported("diagnostic_imaging", **asked)
    assert found == [same_cause, same_kind, same_tier]
    assert len(found) == BESIDE
    take_out(same_kind.number)
    assert others_reported("diagnostic_imaging", **asked) == [same_cause, same_tier, nothing_alike]
    assert others_reported("nuclear_medicine", **asked) == []
    assert others_reported("") == []


@pytest.mark.parametrize(("slug", "shown"), [("incident", True), ("circumstances", True), ("people", False)])
def test_links_stand_beside_what_was_done_and_what_happened(slug: str, shown: bool) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    page = reverse("notifications:edit", args=[draft.pk, slug])
    client = browser(cast.reporter)
    assert "Others reported" not in text(client.get(page)), "nothing is published"
    made = published(title="A list behind another")
    said = client.get(page).content.decode()
    assert ("Others reported…" in said) is shown
    assert (f'href="{made.get_absolute_url()}"' in said) is shown


def test_links_stand_beside_the_learning_of_the_report() -> None:
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    notification.reporter_cause = Cause.objects.get(slug=CAUSE)
    notification.save()
    far = published(tiers=("Referrer", "", ""), sub_modality="")
    near = published(tiers=("Operator", "Patient checks", "Patient ID error"))
    page = reverse("notifications:report_section", args=[notification.case.reference, "learning"])
    said = browser(cast.reporter).get(page).content.decode()
    assert said.index(near.title) < said.index(far.title)
    other = reverse("notifications:report_section", args=[notification.case.reference, "candour"])
    assert "Others reported" not in text(browser(cast.reporter).get(other))


def test_what_cqc_coded_does_not_show_through() -> None:
    """The employer sees what fits its own answers: CQC's coding of the case orders nothing."""
    cast = Cast()
    notification = notification_in("awaiting_report", cast=cast)
    coded = published(tiers=("Operator", "Patient checks", "Patient ID error"), sub_modality="")
    newest = published(tiers=("Referrer", "", ""), sub_modality="")
    notification.cqc_cause = Cause.objects.get(slug=CAUSE)
    notification.coded_by, notification.coded_at = cast.officer, clock.now()
    notification.save()
    page = reverse("notifications:report_section", args=[notification.case.reference, "learning"])
    said = browser(cast.reporter).get(page).content.decode()
    assert said.index(newest.title) < said.index(coded.title)


def test_it_costs_one_query() -> None:
    published()
    with CaptureQueriesContext(connection) as captured:
        others_reported("diagnostic_imaging", sub_modality="ct", tier3="x", tier1="y")
    assert len(captured) == 1
