"""The whole rule book at submission, field by field. Pure: no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from notifications.content import (
    REPORT_SECTIONS,
    DraftContent,
    ImagingContent,
    RadionuclideContent,
    RadiotherapyContent,
    ReportContent,
)
from notifications.models import MODALITY_OF, SubModality
from notifications.queries import RegimeCodes
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


@pytest.mark.parametrize("basis", ["voluntary", "licence_breach"])
def test_what_is_not_statutory_asks_for_less(basis: str) -> None:
    content = complete(
        basis=basis, criterion_code="", imaging=None, event_kind="", exposed_group="", individual_told=None
    )
    assert faults(content) == set()


def test_a_report_needs_each_of_its_eight_sections() -> None:
    assert report_faults(REPORT) == {}
    assert set(report_faults(ReportContent())) == {*REPORT_SECTIONS, "no_doses_reason"}
    assert set(report_faults(replace(REPORT, learning="\x00"))) == {"learning"}


def test_the_sub_modalities_are_those_of_the_data_file() -> None:
    listed = {kind.submodality: (kind.modality, kind.label) for kind in read_submodalities()}
    assert listed == {kind.value: (MODALITY_OF[kind], kind.label) for kind in SubModality}
