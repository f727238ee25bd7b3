"""What the inputs of triage are taken from: the content of a notification, and what is known around it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from notifications.content import DraftContent, ImagingContent, RadionuclideContent, RadiotherapyContent
from notifications.triage.reading import Context, inputs_of
from notifications.triage.weighing import Dose, Inputs, People, Person, Recurrence, YesNo, read_weights


def read(content: DraftContent, **known: Any) -> Inputs:
    return inputs_of(content, Context(**known), read_weights())


def imaging(actual: str | None, *, intended: str | None = "0.1", **part: Any) -> DraftContent:
    """An unintended exposure of an adult in imaging."""
    return DraftContent(
        basis="statutory",
        modality="diagnostic_imaging",
        sub_modality="ct",
        occurred_on=date(2026, 2, 20),
        event_kind="unintended",
        exposed_group="adult",
        number_exposed=1,
        foetus_exposed=False,
        procedural_failure=False,
        clinically_significant=False,
        imaging=ImagingContent(
            intended_effective_dose_msv=None if intended is None else Decimal(intended),
            actual_effective_dose_msv=None if actual is None else Decimal(actual),
            **{"tissue_reaction": False, "interventional": False, **part},
        ),
    )


@pytest.mark.parametrize(
    ("actual", "dose"),
    [
        ("2.999999", Dose.BELOW),
        ("3", Dose.MET),
        ("8.999999", Dose.MET),
        ("9", Dose.FAR_ABOVE),
        (None, Dose.UNKNOWN),
    ],
)
def test_a_dose_is_far_above_from_three_times_the_criterion(actual: str | None, dose: Dose) -> None:
    assert read(imaging(actual)).dose is dose


def test_a_ratio_is_held_against_its_own_bound() -> None:
    """Code 2.2: ten times what was intended; far above is thirty times."""
    assert read(imaging("29.9", intended="1")).dose is Dose.MET
    assert read(imaging("30", intended="1")).dose is Dose.FAR_ABOVE


def test_the_childs_threshold_counts_for_a_child_and_not_for_an_adult() -> None:
    child = replace(imaging("1"), exposed_group="child")
    assert (read(child).dose, read(child).person) == (Dose.MET, Person.CHILD)
    assert read(replace(imaging("3"), exposed_group="child")).dose is Dose.FAR_ABOVE
    assert read(imaging("1")).dose is Dose.BELOW


def test_no_date_of_the_incident_leaves_the_dose_unknown() -> None:
    assert read(replace(imaging("0.2"), occurred_on=None)).dose is Dose.UNKNOWN


def radiotherapy(**part: Any) -> DraftContent:
    return replace(
        imaging(None),
        modality="radiotherapy",
        sub_modality="external_beam",
        imaging=None,
        radiotherapy=RadiotherapyContent(**part),
    )


def test_a_course_is_far_above_long_before_three_times_what_was_meant() -> None:
    assert read(radiotherapy(delivered_ratio_course=Decimal("1.1"))).dose is Dose.MET
    assert read(radiotherapy(delivered_ratio_course=Decimal("1.25"))).dose is Dose.FAR_ABOVE


def test_a_wrong_radiopharmaceutical_meets_its_code_whatever_the_dose() -> None:
    content = replace(
        imaging(None),
        modality="nuclear_medicine",
        sub_modality="diagnostic_nm",
        imaging=None,
        radionuclide=RadionuclideContent(wrong_radiopharmaceutical=True, effective_dose_msv=Decimal(1)),
    )
    assert read(content).dose is Dose.MET


def test_a_breach_of_a_licence_is_no_matter_of_dose() -> None:
    breach = DraftContent(basis="licence_breach", modality="nuclear_medicine")
    assert read(breach).dose is Dose.BELOW


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({}, Person.ADULT),
        ({"exposed_group": "carer"}, Person.ADULT),
        ({"exposed_group": "child"}, Person.CHILD),
        ({"age_band": "10_to_17"}, Person.CHILD),
        ({"age_band": "18_to_39"}, Person.ADULT),
        ({"exposed_group": "foetus"}, Person.UNBORN),
        ({"exposed_group": "breastfed_infant"}, Person.UNBORN),
        ({"foetal_dose_mgy": Decimal("0.1")}, Person.UNBORN),
    ],
)
def test_who_was_exposed(changes: dict[str, Any], person: Person) -> None:
    assert read(replace(imaging("3"), **changes)).person is person


@pytest.mark.parametrize(
    ("changes", "people"),
    [
        ({"number_exposed": None}, People.ONE),
        ({"number_exposed": 0}, People.ONE),
        ({"number_exposed": 2}, People.SEVERAL),
        ({"number_exposed": 9}, People.SEVERAL),
        ({"number_exposed": 10}, People.MANY),
        ({"complementary_codes": ("multiple_individuals",)}, People.SEVERAL),
    ],
)
def test_how_many_were_exposed(changes: dict[str, Any], people: People) -> None:
    assert read(replace(imaging("3"), **changes)).people is people


def test_transient_erythema_alone_is_no_tissue_reaction() -> None:
    assert read(imaging("3", tissue_reaction=True)).tissue_reaction is YesNo.YES
    passing = imaging("3", tissue_reaction=True, transient_erythema_only=True)
    assert read(passing).tissue_reaction is YesNo.NO


@pytest.mark.parametrize(
    ("harm", "serious"),
    [("", "no"), ("possible", "no"), ("temporary", "no"), ("lasting", "yes"), ("death", "yes")],
)
def test_lasting_harm_is_serious(harm: str, serious: str) -> None:
    assert read(replace(imaging("3"), harm=harm)).serious_harm.value == serious


def test_an_accidental_exposure_reached_the_wrong_person_unless_nobody_could_have_been_meant() -> None:
    accident = replace(imaging("3"), event_kind="accidental")
    assert read(accident).wrong_person is YesNo.YES
    assert read(replace(accident, exposed_group="foetus")).wrong_person is YesNo.NO
    assert read(replace(accident, exposed_group="carer")).wrong_person is YesNo.NO
    assert read(imaging("3")).wrong_person is YesNo.NO
    assert read(imaging("3"), cause="Patient ID error").wrong_person is YesNo.YES
    assert read(imaging("3"), cause="Wrong protocol").wrong_person is YesNo.NO


@pytest.mark.parametrize(
    ("like", "recurrence"), [(0, Recurrence.NONE), (1, Recurrence.ONCE), (2, Recurrence.REPEATED)]
)
def test_like_events_recur_from_the_second_on(like: int, recurrence: Recurrence) -> None:
    assert read(imaging("3"), like_events=like).recurrence is recurrence


def test_late_is_late() -> None:
    assert read(imaging("3"), late=True).late is YesNo.YES
    assert read(imaging("3")).late is YesNo.NO
