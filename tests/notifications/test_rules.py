"""The whole rule book at submission, field by field. Pure: no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from notifications.codes import RegimeCodes
from notifications.content import (
    REPORT_SECTIONS,
    DraftContent,
    ImagingContent,
    RadionuclideContent,
    RadiotherapyContent,
    ReportContent,
)
from notifications.models import MODALITY_OF, SubModality
from notifications.reports import report_faults
from notifications.rules import submission_faults
from notifications.taxonomy import read_submodalities
from tests.factories import REPORT, complete

TODAY = date(2026, 3, 2)
REGIME = RegimeCodes(
    key="SAUE-2023",
    label="April 2023 guidance",
    codes={
        "1": ("diagnostic_imaging", "radiotherapy", "nuclear_medicine"),
        "7.1": ("radiotherapy",),
        "9": ("nuclear_medicine",),
    },
)
BEFORE_2019 = RegimeCodes(key="MGTI", label="Much greater than intended", codes={})
GIVEN = RadionuclideContent(radiopharmaceutical_given="Tc-99m HDP", activity_administered_mbq=Decimal(600))
IMAGING = ImagingContent(actual_effective_dose_msv=Decimal(4))


def faults(content: DraftContent, regime: RegimeCodes | None = REGIME) -> set[str]:
    return set(submission_faults(content, regime=regime, today=TODAY))


@pytest.mark.parametrize("modality", ["diagnostic_imaging", "radiotherapy", "nuclear_medicine"])
def test_a_complete_notification_of_each_modality_has_no_fault(modality: str) -> None:
    assert faults(complete(modality=modality)) == set()


def test_an_empty_draft_names_everything_that_is_required() -> None:
    assert faults(DraftContent()) == {
        "modality",
        "sub_modality",
        "occurred_on",
        "discovered_on",
        "number_exposed",
        "procedure",
        "narrative",
        "immediate_actions",
        "contact_role",
        "event_kind",
        "exposed_group",
        "individual_told",
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": "  "}, "narrative"),
        ({"discovered_on": date(2026, 3, 3)}, "discovered_on"),
        ({"occurred_on": date(2026, 3, 2)}, "discovered_on"),
        ({"occurred_until": date(2026, 1, 1)}, "occurred_until"),
        ({"sub_modality": "pet"}, "sub_modality"),
        ({"criterion_code": ""}, "criterion_code"),
        ({"criterion_code": "4.2"}, "criterion_code"),
        ({"criterion_code": "7.1"}, "criterion_code"),
        ({"individual_told": False}, "not_told_reason"),
        ({"individual_told": None}, "individual_told"),
        ({"exposed_group": "foetus", "foetal_dose_mgy": Decimal(12)}, "pregnancy_enquiry"),
        ({"exposed_group": "foetus", "pregnancy_enquiry": "followed"}, "foetal_dose_mgy"),
        ({"foetus_exposed": True, "foetal_dose_mgy": Decimal(12)}, "pregnancy_enquiry"),
        ({"foetus_exposed": True, "pregnancy_enquiry": "followed"}, "foetal_dose_mgy"),
        ({"infant_effective_dose_msv": Decimal(-1)}, "infant_effective_dose_msv"),
        ({"radiotherapy": RadiotherapyContent()}, "radiotherapy"),
        ({"radionuclide": RadionuclideContent()}, "radionuclide"),
        ({"imaging": None}, "imaging.actual_effective_dose_msv"),
        ({"imaging": ImagingContent(other_value=Decimal(2))}, "imaging.other_unit"),
        ({"imaging": IMAGING, "event_kind": "unintended"}, "imaging.intended_effective_dose_msv"),
    ],
)
def test_each_fault_of_an_imaging_notification_stands_at_its_field(
    changes: dict[str, Any], field: str
) -> None:
    assert faults(complete(**changes)) == {field}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"radiotherapy": None}, {"radiotherapy.prescribed_dose_gy", "radiotherapy.fractions_prescribed"}),
        (
            {
                "radiotherapy": RadiotherapyContent(
                    prescribed_dose_gy=Decimal(60), fractions_prescribed=5, fractions_affected=6
                )
            },
            {"radiotherapy.fractions_affected"},
        ),
        (
            {"sub_modality": "planning_verification", "radiotherapy": None},
            {"radiotherapy.images_in_fraction"},
        ),
        (
            {
                "sub_modality": "planning_verification",
                "radiotherapy": RadiotherapyContent(planning_scans=3),
            },
            set(),
        ),
    ],
)
def test_what_radiotherapy_adds(changes: dict[str, Any], expected: set[str]) -> None:
    assert faults(complete(modality="radiotherapy", **changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"radionuclide": None},
            {"radionuclide.radiopharmaceutical_given", "radionuclide.activity_administered_mbq"},
        ),
        ({"sub_modality": "in_vitro", "radionuclide": None}, set()),
        ({"radionuclide": replace(GIVEN, therapeutic=False)}, set()),
        ({"radionuclide": replace(GIVEN, therapeutic=True)}, {"radionuclide.therapeutic"}),
        (
            {"sub_modality": "radionuclide_therapy", "radionuclide": replace(GIVEN, therapeutic=False)},
            {"radionuclide.therapeutic"},
        ),
        ({"sub_modality": "radionuclide_therapy", "radionuclide": replace(GIVEN, therapeutic=True)}, set()),
    ],
)
def test_what_nuclear_medicine_adds(changes: dict[str, Any], expected: set[str]) -> None:
    assert faults(complete(modality="nuclear_medicine", **changes)) == expected


def test_before_june_2019_no_code_is_asked_for() -> None:
    content = complete(criterion_code="", discovered_on=date(2019, 6, 2))
    assert faults(content, BEFORE_2019) == set()
    assert faults(replace(content, criterion_code="1"), BEFORE_2019) == {"criterion_code"}


def test_without_criteria_on_record_nothing_statutory_can_be_submitted() -> None:
    assert faults(complete(), None) == {"criterion_code"}


def test_a_complementary_code_stands_beside_a_code_or_the_reason_why_there_is_none_yet() -> None:
    content = complete(complementary_codes=("multiple_individuals",))
    assert faults(content) == set()
    alone = replace(content, criterion_code="")
    assert faults(alone) == {"criterion_code"}
    assert faults(replace(alone, code_pending_reason="Each dose is being estimated.")) == set()


def test_what_is_voluntary_asks_for_less() -> None:
    content = complete(
        basis="voluntary",
        criterion_code="",
        imaging=None,
        event_kind="",
        exposed_group="",
        individual_told=None,
    )
    assert faults(content) == set()
    assert faults(content, None) == set()


def test_nobody_need_be_exposed_by_a_near_miss() -> None:
    for number in (None, 0, 2):
        assert faults(complete(basis="voluntary", near_miss=True, number_exposed=number)) == set()
    for near_miss in (None, False):
        content = complete(basis="voluntary", near_miss=near_miss, number_exposed=0)
        assert faults(content) == {"number_exposed"}
    assert "number_exposed" in faults(complete(number_exposed=0))
    assert faults(complete(near_miss=True)) == {"near_miss"}


def test_a_licence_breach_asks_for_the_licence_and_not_for_an_exposure() -> None:
    sound = complete(basis="licence_breach")
    assert faults(sound) == faults(sound, None) == set()
    assert faults(replace(sound, licence_breach=None)) == {
        "licence_breach.breach_type",
        "licence_breach.radiopharmaceutical_used",
        "licence_breach.administrations",
        "licence_breach.corrective_action",
    }
    for name in ("occurred_on", "discovered_on", "procedure", "narrative", "contact_role"):
        nothing = getattr(DraftContent(), name)
        assert faults(replace(sound, **{name: nothing})) == {name}


@pytest.mark.parametrize(
    ("breach", "field"),
    [
        ("no_practitioner_licence", "employer_licence_number"),
        ("procedure_not_listed", "procedure_code"),
        ("location_not_listed", "employer_licence_number"),
        ("radiopharmaceutical_differs", "radiopharmaceutical_licensed"),
        ("expired", "employer_licence_expires_on"),
    ],
)
def test_each_breach_asks_for_what_shows_it(breach: str, field: str) -> None:
    sound = complete(basis="licence_breach")
    assert sound.licence_breach is not None
    nothing: dict[str, Any] = {"employer_licence_number": "", "procedure_code": ""}
    part = replace(sound.licence_breach, breach_type=breach, **nothing)
    assert faults(replace(sound, licence_breach=part)) == {f"licence_breach.{field}"}
    given: Any = date(2026, 1, 31) if field.endswith("_on") else "1a"
    assert faults(replace(sound, licence_breach=replace(part, **{field: given}))) == set()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("administrations", 0),
        ("breach_type", "nonsense"),
        ("saue_reference", "IRN-2026-00042-X"),
        ("arsac_told_on", date(2026, 3, 3)),
        ("employer_licence_number", "x" * 41),
    ],
)
def test_nonsense_about_a_licence_stands_at_its_field(name: str, value: Any) -> None:
    sound = complete(basis="licence_breach")
    assert sound.licence_breach is not None
    part = replace(sound.licence_breach, **{name: value})
    assert faults(replace(sound, licence_breach=part)) == {f"licence_breach.{name}"}


def test_what_a_kind_does_not_ask_must_be_left_out() -> None:
    licence = complete(basis="licence_breach").licence_breach
    for basis in ("statutory", "voluntary"):
        assert faults(complete(basis=basis, licence_breach=licence)) == {"licence_breach"}
    assert faults(complete(basis="licence_breach", criterion_code="1")) == {"criterion_code"}
    assert (
        faults(complete(basis="licence_breach", modality="radiotherapy", sub_modality="brachytherapy"))
        == set()
    )
    imaging = replace(complete(basis="licence_breach"), modality="diagnostic_imaging", sub_modality="")
    assert faults(imaging) == {"modality"}


@pytest.mark.parametrize("isotope", ["tc-99m", "Tc99m", "99mTc", "Tc-0", "Technetium"])
def test_an_isotope_is_an_element_and_a_mass_number(isotope: str) -> None:
    part = RadionuclideContent(
        radiopharmaceutical_given="Tc-99m HDP", activity_administered_mbq=Decimal(600), isotope=isotope
    )
    assert faults(complete(modality="nuclear_medicine", radionuclide=part)) == {"radionuclide.isotope"}
    sound = replace(part, isotope="Tc-99m")
    assert faults(complete(modality="nuclear_medicine", radionuclide=sound)) == set()


@pytest.mark.parametrize(
    "name", ["miss_distance_mm", "local_error_margin_mm", "delivered_ratio_organ_at_risk"]
)
def test_what_radiotherapy_measures_is_never_negative(name: str) -> None:
    values: dict[str, Any] = {name: Decimal(-1)}
    part = RadiotherapyContent(prescribed_dose_gy=Decimal(60), fractions_prescribed=30, **values)
    assert faults(complete(modality="radiotherapy", radiotherapy=part)) == {f"radiotherapy.{name}"}


def test_a_record_on_lfpse_discharges_nothing() -> None:
    """Nothing that is required stops being required because the incident is on LfPSE as well."""
    on_it: dict[str, Any] = {"on_lfpse": True, "lfpse_id": "LFPSE-1"}
    assert faults(DraftContent(**on_it)) == faults(DraftContent())
    for name in ("narrative", "discovered_on", "criterion_code", "individual_told"):
        incomplete = replace(complete(), **{name: getattr(DraftContent(), name)})
        assert faults(replace(incomplete, **on_it)) == faults(incomplete) == {name}


def test_a_report_needs_each_of_its_eight_sections() -> None:
    assert report_faults(REPORT) == {}
    assert set(report_faults(ReportContent())) == {*REPORT_SECTIONS, "no_doses_reason"}
    assert set(report_faults(replace(REPORT, learning="\x00"))) == {"learning"}


def test_the_sub_modalities_are_those_of_the_data_file() -> None:
    listed = {kind.submodality: (kind.modality, kind.label) for kind in read_submodalities()}
    assert listed == {kind.value: (MODALITY_OF[kind], kind.label) for kind in SubModality}
