"""How a draft stands, section by section; and any answers in any order, then Submit."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications import services
from notifications.content import (
    DraftContent,
    ImagingContent,
    LicenceBreachContent,
    RadionuclideContent,
    content_of,
)
from notifications.models import Basis, Notification
from notifications.progress import Status, faults, missing, tasks
from notifications.queries import whole
from regulator.casework.models import Case
from regulator.organisations.models import EmployerType, Modality
from tests.factories import Cast, EmployerFactory, complete, notification_in
from tests.notifications.pages import browser, send, text

pytestmark = pytest.mark.usefixtures("reference")


def statuses(notification: Notification) -> dict[str, Status]:
    draft = whole().get(pk=notification.pk)
    return {task.section.slug: task.status for _, found in tasks(draft) for task in found}


def begun(content: DraftContent) -> Notification:
    cast = Cast()
    return services.start_draft(employer=cast.employer, by=cast.reporter, content=content)


@pytest.mark.parametrize("basis", Basis.values)
@pytest.mark.parametrize("modality", ["radiotherapy", "nuclear_medicine"])
def test_a_draft_that_can_be_submitted_has_no_section_in_progress(basis: str, modality: str) -> None:
    found = statuses(begun(complete(basis=basis, modality=modality)))
    assert Status.IN_PROGRESS not in found.values()
    assert Status.COMPLETED in found.values()


def test_a_new_draft_has_nothing_started_and_waits_for_the_date() -> None:
    found = statuses(begun(DraftContent(modality="diagnostic_imaging")))
    assert found.pop("criterion") is Status.CANNOT_START
    assert set(found.values()) == {Status.NOT_STARTED}


def test_half_a_section_is_in_progress() -> None:
    found = statuses(begun(complete(narrative="", imaging=ImagingContent(estimation_method="DLP"))))
    assert found["circumstances"] is found["exposure"] is Status.IN_PROGRESS
    assert found["people"] is found["incident"] is found["criterion"] is Status.COMPLETED
    assert found["lfpse"] is Status.NOT_STARTED


def test_the_task_list_shows_each_status_and_when_it_is_due_and_why() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, narrative="", occurred_on=None)
    page = re.sub(r"\s+", " ", text(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/")))
    for words in ("First notice", "Completed", "In progress", "Not started", "Cannot start yet"):
        assert words in page, words
    for words in ("15 March 2026", "24 May 2026", "14 calendar days", "84 calendar days", "1 March 2026"):
        assert words in page, words
    assert f'href="/notifications/draft/{draft.pk}/criterion/"' not in page
    assert f'href="/notifications/draft/{draft.pk}/people/"' in page


def test_every_fault_of_a_draft_has_a_section_and_a_question() -> None:
    for basis in Basis.values:
        draft = whole().get(pk=begun(DraftContent(basis=basis, modality="nuclear_medicine")).pk)
        found = missing(draft)
        assert len(found) == sum(len(each) for each in faults(content_of(draft)).values())
        assert all(each.question for each in found), basis


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EmployerType.NHS_ACUTE, "An NHS employer must still send"),
        (EmployerType.INDEPENDENT, "An independent provider must still send"),
        (EmployerType.DENTAL, "An independent provider must still send"),
        (EmployerType.GENERAL_PRACTICE, "Every employer must still send"),
    ],
)
def test_who_is_on_lfpse_is_told_that_cqc_must_still_have_it(kind: str, words: str) -> None:
    cast = Cast(EmployerFactory.create(type=kind))
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    path = f"/notifications/draft/{draft.pk}/lfpse/"
    assert words in text(client.get(path))
    due = Case.objects.get().next_due_on
    sent: Any = send(client, path, on_lfpse="yes", lfpse_id="LFPSE-1")
    assert words in text(client.get(sent["Location"]))
    assert Case.objects.get().next_due_on == due
    assert send(client, f"/notifications/draft/{draft.pk}/check/", declaration="true").status_code == 302
    assert set(Case.objects.get().deadlines.values_list("kind", flat=True)) == {"notify", "report"}


def test_what_no_law_requires_is_told_of_no_time_limit() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, basis="voluntary", modality="radiotherapy")
    shown = text(browser(cast.reporter).get(f"/notifications/draft/{draft.pk}/lfpse/"))
    assert "CQC has this only if you send it here" in shown
    assert "within the time limit" not in shown


ANSWERS: Final[dict[str, list[Any]]] = {
    "basis": Basis.values,
    "modality": ["", *Modality.values],
    "sub_modality": ["", "ct", "external_beam", "diagnostic_nm"],
    "occurred_on": [None, date(2019, 6, 2), date(2026, 2, 20)],
    "discovered_on": [None, date(2026, 2, 21)],
    "number_exposed": [None, 1, 7],
    "near_miss": [None, True, False],
    "exposed_group": ["", "adult", "foetus"],
    "event_kind": ["", "accidental"],
    "criterion_code": ["", "1", "7.1", "nonsense"],
    "complementary_codes": [(), ("equipment",)],
    "procedure": ["", "Chest"],
    "narrative": ["", "It happened."],
    "immediate_actions": ["", "Stopped."],
    "individual_told": [None, True, False],
    "contact_role": ["", "Lead"],
    "on_lfpse": [None, True],
    "imaging": [None, ImagingContent(), ImagingContent(actual_effective_dose_msv=Decimal(4))],
    "radionuclide": [None, RadionuclideContent(radiopharmaceutical_given="Tc-99m HDP")],
    "licence_breach": [
        None,
        LicenceBreachContent(
            breach_type="no_employer_licence",
            radiopharmaceutical_used="Tc-99m HDP",
            administrations=1,
            corrective_action="Stopped.",
        ),
    ],
}
STEPS: Final = st.lists(
    st.sampled_from([(name, value) for name, values in ANSWERS.items() for value in values]), max_size=25
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.sampled_from([None, *Basis.values]), steps=STEPS)
def test_any_answers_in_any_order_are_submitted_once_or_refused_whole(
    start: str | None, steps: list[Any]
) -> None:
    cast = Cast()
    content = complete(basis=start) if start else DraftContent()
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    for name, value in steps:
        changed = replace(content, **{name: value})
        try:
            services.save_draft(
                notification=draft, by=cast.reporter, version=draft.case.version, content=changed
            )
        except ValidationError:  # what no draft can hold is not kept
            continue
        content = changed
    before = whole().get(pk=draft.pk)
    assert content_of(before) == content
    expected = faults(content)
    if expected:
        with pytest.raises(ValidationError) as refused:
            services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
        after = whole().get(pk=draft.pk)
        assert refused.value.message_dict == expected
        assert (after.case.reference, after.case.status) == (None, "draft")
        assert (after.case.version, content_of(after)) == (before.case.version, content)
    else:
        services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
        assert Case.objects.get(pk=draft.pk).reference
