"""The forms of the sections that every incident has, whatever its modality."""

from typing import ClassVar

from django import forms
from django.db.models import Q

from notifications.codes import criteria_of
from notifications.forms.questions import (
    StoredChoice,
    StoredRow,
    UncheckedChoices,
    count,
    line,
    offer,
    own_field,
    pick,
    prose,
    quantity,
    several,
    yes_no,
)
from notifications.forms.section import SectionForm
from notifications.models import (
    MODALITY_OF,
    AgeBand,
    Cause,
    ComplementaryCode,
    DutyHolder,
    EquipmentHandover,
    EventKind,
    ExposedGroup,
    GestationBand,
    Harm,
    Laterality,
    OtherBody,
    PregnancyEnquiry,
    Sex,
    SubModality,
)
from notifications.queries import causes_on
from regulator import clock
from regulator.frontend.fields import GovukDateField
from regulator.organisations.models import Modality, Site
from regulator.organisations.queries import those_of


class ModalityForm(SectionForm):
    """Asked only of a draft that an incident system began without it: every other question depends on it."""

    modality = pick("In which modality did the incident happen?", Modality.choices)


def site_choice(label: str) -> StoredRow:
    """A choice among the employer's sites, which the form offers when it is prepared."""
    return StoredRow(
        queryset=Site.objects.none(),
        label=label,
        required=False,
        empty_label="Choose a site",
        error_messages={"invalid_choice": "Choose a site from the list"},
    )


class PlaceForm(SectionForm):
    """What the sections that ask for the place and the kind of imaging or treatment share."""

    sub_modality = pick("Sub-modality", ())
    site = site_choice("Site")

    def prepare(self) -> None:
        modality = self.notification.case.modality
        fitting = [(each.value, each.label) for each in SubModality if MODALITY_OF[each] == modality]
        offer(self, "sub_modality", fitting)
        field = own_field(self, "site", StoredRow)
        case = self.notification.case
        offered = Q(is_open=True)
        if case.site_id is not None:
            offered |= Q(pk=case.site_id)  # a site that closed since stays chosen
        field.stored = case.site
        field.queryset = those_of(case.modality, Site.objects.filter(offered, employer=case.employer_id))


class IncidentForm(PlaceForm):
    headings: ClassVar[dict[str, str]] = {"occurred_on": "When it happened", "discovered_on": "Discovery"}

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
    is_ongoing = yes_no("Is it still going on?")
    discovered_on = GovukDateField(
        label="When was it discovered?",
        noun="Date of discovery",
        required=False,
        not_in_future=True,
        help_text="Both time limits, to notify and to report, run from this day.",
    )
    how_discovered = prose(
        "How was it discovered?", "By role, for example “by an operator during image review”.", 3
    )


class ExposedForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "foetus_exposed": "Pregnancy and breastfeeding",
        "clinically_significant": "Effect",
    }

    number_exposed = count("How many people were exposed?", least=1, most=1_000_000)
    exposed_group = pick(
        "Who was exposed?",
        ExposedGroup.choices,
        "For an unborn or breastfed child you may choose the mother’s group and answer the next questions.",
    )
    age_band = pick("Age band", AgeBand.choices, "Never an exact age or a date of birth.")
    sex = pick("Sex, if one person was exposed", Sex.choices, "Leave it out if you would rather not say.")
    foetus_exposed = yes_no("Was an unborn child exposed?")
    pregnancy_enquiry = pick("Pregnancy or breastfeeding enquiry", PregnancyEnquiry.choices)
    gestation_band = pick("Gestation, if pregnant", GestationBand.choices)
    foetal_dose_mgy = quantity("Foetal dose", "mGy", digits=10)
    clinically_significant = yes_no(
        "Was it clinically significant?", "As the professional bodies' guidance for your modality defines it."
    )
    harm = pick("What harm came of it?", Harm.choices)
    treatment_changed = yes_no("Did treatment or follow-up change because of it?")
    clinical_effect = prose("What was the effect, and how was care changed?", rows=3)


class VoluntaryExposedForm(ExposedForm):
    near_miss = yes_no(
        "Was it a near miss?",
        "It was caught before it did what it could have done. Then 0 people may be exposed.",
    )
    number_exposed = count("How many people were exposed?", least=0, most=1_000_000)

    field_order = ("version", "near_miss")


class CriterionForm(SectionForm):
    criterion_code = StoredChoice(
        label="Which criterion does it meet?", required=False, widget=forms.RadioSelect
    )
    code_pending_reason = prose(
        "If no code can be settled yet, why not?",
        "Do not wait for it: the time limit to notify runs from discovery. Correct the notification once it "
        "is settled.",
        3,
    )
    dose_pending_reason = prose(
        "If a dose is still being estimated, what is it waiting for?",
        "The dose itself may then be left out here. The investigation report gives it.",
        3,
    )
    complementary_codes = UncheckedChoices(
        label="Does any of these apply as well?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self) -> None:
        field = own_field(self, "criterion_code", StoredChoice)
        field.stored = self.notification.criterion_code
        field.choices = self._criteria
        own_field(self, "complementary_codes", UncheckedChoices).choices = self._codes

    def _criteria(self) -> list[tuple[str, str]]:
        codes = criteria_of(self.notification, modality=self.notification.case.modality)
        return [(code, f"{code}: {wording}") for code, wording in codes]

    @staticmethod
    def _codes() -> list[tuple[str, str]]:
        return [(each.key, each.label) for each in ComplementaryCode.objects.all()]


class VoluntaryCriterionForm(CriterionForm):
    code_pending_reason = None  # type: ignore[assignment]
    dose_pending_reason = None  # type: ignore[assignment]
    criterion_code = StoredChoice(
        label="Which criterion comes nearest, if any?", required=False, widget=forms.RadioSelect
    )


class CircumstancesForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "procedure": "The examination or treatment",
        "narrative": "The incident",
        "duty_holders_involved": "Roles and cause",
        "equipment_failure": "Equipment, if any was involved",
    }

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
    duty_holders_involved = several("Who was involved?", DutyHolder.choices)
    procedural_failure = yes_no(
        "Did a procedure fail?",
        "Any of your procedures; about the enquiry on pregnancy or breastfeeding you are asked by itself.",
    )
    reporter_cause = StoredRow(
        queryset=Cause.objects.none(),
        label="What, in your view, was the cause?",
        required=False,
        empty_label="Not known yet",
    )
    equipment_failure = yes_no(
        "Was a failure of equipment the direct cause?",
        "Equipment includes software, injectors, planning and record-and-verify systems.",
    )
    equipment_type = line("Equipment involved: type", 120)
    equipment_manufacturer = line("Manufacturer", 120)
    equipment_model = line("Model", 120)
    equipment_handover = pick(
        "Had an engineer worked on it, and was it handed back before use?", EquipmentHandover.choices
    )
    mhra_reference = line(
        "MHRA report reference", 60, "Report a device problem to the MHRA as well, even without an exposure."
    )

    def prepare(self) -> None:
        field = own_field(self, "reporter_cause", StoredRow)
        offered = causes_on(clock.today(), self.notification.case.modality)
        stored = self.notification.reporter_cause_id
        if stored is not None:
            offered |= Cause.objects.filter(pk=stored)  # one of an earlier edition stays chosen
        field.stored = self.notification.reporter_cause
        field.queryset = offered


class TellingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "individual_told": "The person, the referrer and the practitioner",
        "other_bodies_told": "Other bodies",
        "contact_role": "Contact",
    }

    individual_told = yes_no("Has the person, or their representative, been told?")
    referrer_practitioner_told = yes_no("Have the referrer and the practitioner been told?")
    not_told_reason = prose("If not, why not?", rows=3)
    other_bodies_told = several(
        "Which other bodies have been told?", OtherBody.choices, "Telling them does not replace telling CQC."
    )
    contact_role = line(
        "Whom should CQC contact? Give the role", 100, "For example “Radiation protection lead”."
    )
    contact_phone = line("Telephone number of that office", 30)


class LfpseForm(SectionForm):
    """A cross-reference, and nothing more: whatever is answered here, the duty to notify CQC stands."""

    on_lfpse = yes_no("Is this incident on LfPSE as well?")
    lfpse_id = line("LfPSE reference", 40, "A cross-reference only.")
