"""One form for each section of a notification.

A form says what was typed and whether it is a date, a number, a choice. Whether it is *enough* is asked
once, at submission, by ``notifications.rules``: so no section here demands anything, and half a section
can be saved.
"""

from typing import Any, Final

from django import forms
from django.db.models import Q

from notifications.forms.questions import count, line, offer, own_field, pick, prose, quantity, yes_no
from notifications.models import (
    AgeBand,
    Cause,
    ComplementaryCode,
    DutyHolder,
    EventKind,
    ExposedGroup,
    GeographicalMiss,
    GestationBand,
    Laterality,
    Notification,
    PregnancyEnquiry,
    SubModality,
)
from notifications.models.choices import MODALITY_OF
from notifications.queries import causes_on, criteria_on
from regulator import clock
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.frontend.fields import GovukDateField, PlainErrors, RowVersionField
from regulator.organisations.models import Modality, Site


class SectionForm(PlainErrors, ConfirmsIdentifiers):
    """One section of a notification, filled from it."""

    version = RowVersionField()

    def __init__(self, *args: Any, notification: Notification, **kwargs: Any) -> None:
        self.notification = notification
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Offer only what fits this notification."""


class ModalityForm(SectionForm):
    """Asked only of a draft that an incident system began without it: every other question depends on it."""

    modality = pick("In which modality did the incident happen?", Modality.choices)


class IncidentForm(SectionForm):
    sub_modality = pick("Sub-modality", ())
    site = forms.ModelChoiceField(
        queryset=Site.objects.none(),
        label="Site",
        required=False,
        empty_label="Choose a site",
        error_messages={"invalid_choice": "Choose a site from the list"},
    )
    event_kind = pick("What kind of exposure was it?", EventKind.choices)
    occurred_on = GovukDateField(
        label="When did it happen?",
        noun="Date of the incident",
        required=False,
        not_in_future=True,
        help_text="The first day, if it went on for several. For example, 27 3 2026.",
    )
    occurred_until = GovukDateField(
        label="Last day, if it went on for several",
        noun="Last day of the incident",
        required=False,
        not_in_future=True,
    )
    discovered_on = GovukDateField(
        label="When was it discovered?",
        noun="Date of discovery",
        required=False,
        not_in_future=True,
        help_text="Both time limits run from this day: 14 days to notify, 84 to report.",
    )
    how_discovered = prose(
        "How was it discovered?", "By role, for example “by an operator during image review”.", 3
    )

    def prepare(self) -> None:
        modality = self.notification.case.modality
        fitting = [(each.value, each.label) for each in SubModality if MODALITY_OF[each] == modality]
        offer(self, "sub_modality", fitting)
        field = own_field(self, "site", forms.ModelChoiceField)
        case = self.notification.case
        offered = Q(is_open=True)
        if case.site_id is not None:
            offered |= Q(pk=case.site_id)  # a site that closed since stays chosen
        field.queryset = Site.objects.filter(offered, employer=case.employer_id)


class ExposedForm(SectionForm):
    number_exposed = count("How many people were exposed?", least=1, most=1_000_000)
    exposed_group = pick("Who was exposed?", ExposedGroup.choices)
    age_band = pick("Age band", AgeBand.choices, "Never an exact age or a date of birth.")
    pregnancy_enquiry = pick("Pregnancy or breastfeeding enquiry", PregnancyEnquiry.choices)
    gestation_band = pick("Gestation, if pregnant", GestationBand.choices)
    foetal_dose_mgy = quantity("Foetal dose", "mGy", digits=10)
    clinically_significant = yes_no(
        "Was it clinically significant?", "As the professional bodies' guidance for your modality defines it."
    )


class ImagingForm(SectionForm):
    intended_effective_dose_msv = quantity("Intended effective dose", "mSv", places=6)
    actual_effective_dose_msv = quantity(
        "Actual effective dose",
        "mSv",
        places=6,
        help_text="In all: the intended part, the excess and any repeat.",
    )
    other_value = quantity("Dose in another unit, where mSv is not readily estimated", "")
    other_unit = line("That unit", 30, "For example mGy or cGy·cm².")
    estimation_method = line("How was the dose estimated?", 300)
    mpe_involved = yes_no("Was a medical physics expert involved in the estimate?")
    local_drl_multiple = quantity("How many times the local diagnostic reference level?", "", digits=8)
    tissue_reaction = yes_no("Was a tissue reaction observed?")
    transient_erythema_only = yes_no("If so, was it transient erythema only?")


class RadiotherapyForm(SectionForm):
    prescribed_dose_gy = quantity("Prescribed dose", "Gy", digits=8)
    fractions_prescribed = count("Fractions prescribed")
    fractions_affected = count("Fractions affected")
    delivered_ratio_course = quantity(
        "Delivered dose divided by intended dose, whole course", "", digits=8, help_text="For example 1.12."
    )
    delivered_ratio_fraction = quantity("The same for the worst fraction", "", digits=8)
    geographical_miss = pick("Was there a geographical miss?", GeographicalMiss.choices)
    planning_scans = count("Planning scans, the intended one included")
    images_in_fraction = count("Verification images in one fraction, the intended ones included")
    planned_images_in_course = count("Verification images planned over the course")
    actual_images_in_course = count("Verification images taken over the course")


class RadionuclideForm(SectionForm):
    radiopharmaceutical_intended = line("Radiopharmaceutical intended", 120)
    radiopharmaceutical_given = line("Radiopharmaceutical given", 120)
    activity_prescribed_mbq = quantity("Activity prescribed", "MBq")
    activity_administered_mbq = quantity("Activity administered", "MBq")
    route = line("Route of administration", 60)
    effective_dose_msv = quantity("Effective dose", "mSv", places=6)


class CriterionForm(SectionForm):
    criterion_code = pick("Which criterion does it meet?", ())
    complementary_codes = forms.ModelMultipleChoiceField(
        queryset=ComplementaryCode.objects.all(),
        label="Does any of these apply as well?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="key",
    )

    def prepare(self) -> None:
        day = self.notification.occurred_on or clock.today()
        codes = criteria_on(day, modality=self.notification.case.modality)
        offer(self, "criterion_code", [(each.code, f"{each.code}: {each.criterion}") for each in codes])


class CircumstancesForm(SectionForm):
    procedure = line("Examination or treatment", 200)
    anatomy = line("Part of the body", 120)
    laterality = pick("Side", Laterality.choices)
    narrative = prose(
        "What happened?",
        "In the order in which it happened. Say “Operator A”, never a name; give nothing that identifies "
        "a person.",
        10,
    )
    immediate_actions = prose("What was done at once?")
    preliminary_findings = prose("What does the preliminary investigation show?")
    duty_holders_involved = forms.MultipleChoiceField(
        label="Who was involved?",
        choices=DutyHolder.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reporter_cause = forms.ModelChoiceField(
        queryset=Cause.objects.none(),
        label="What, in your view, was the cause?",
        required=False,
        empty_label="Not known yet",
    )
    equipment_type = line("Equipment involved: type", 120)
    equipment_manufacturer = line("Manufacturer", 120)
    equipment_model = line("Model", 120)
    mhra_reference = line("MHRA report reference", 60)

    def prepare(self) -> None:
        field = own_field(self, "reporter_cause", forms.ModelChoiceField)
        offered = causes_on(clock.today(), self.notification.case.modality)
        stored = self.notification.reporter_cause_id
        if stored is not None:
            offered |= Cause.objects.filter(pk=stored)  # one of an earlier edition stays chosen
        field.queryset = offered


class TellingForm(SectionForm):
    individual_told = yes_no("Has the person, or their representative, been told?")
    referrer_practitioner_told = yes_no("Have the referrer and the practitioner been told?")
    not_told_reason = prose("If not, why not?", rows=3)
    lfpse_id = line(
        "LFPSE reference", 40, "A cross-reference only. A record on LFPSE does not replace this notification."
    )
    contact_role = line(
        "Whom should CQC contact? Give the role", 100, "For example “Radiation protection lead”."
    )
    contact_phone = line("Telephone number of that office", 30)


EXPOSURE_FORMS: Final[dict[str, type[SectionForm]]] = {
    Modality.DIAGNOSTIC_IMAGING: ImagingForm,
    Modality.RADIOTHERAPY: RadiotherapyForm,
    Modality.NUCLEAR_MEDICINE: RadionuclideForm,
}
