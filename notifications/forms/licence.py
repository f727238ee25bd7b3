"""The forms of a licence breach: the licence, what was given under it, what happened, who was told."""

from typing import ClassVar

from notifications.forms.questions import count, line, pick, prose, several, yes_no
from notifications.forms.section import SectionForm
from notifications.forms.sections import PlaceForm, site_choice
from notifications.models import BreachType, DutyHolder, OtherBody
from regulator.frontend.fields import GovukDateField


class LicenceForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {
        "breach_type": "The breach",
        "employer_licence_number": "The licences",
        "procedure_code": "What was given, and what the licence covers",
    }

    breach_type = pick("What was wrong with the licence?", BreachType.choices)
    employer_licence_number = line("Employer licence number", 40)
    employer_licence_expires_on = GovukDateField(
        label="When does the employer licence expire, or when did it?",
        noun="Expiry of the employer licence",
        required=False,
    )
    practitioner_licence_number = line(
        "Practitioner licence number", 40, "The number only: never the practitioner’s name."
    )
    procedure_code = line("ARSAC procedure code", 20, "As it stands on the licence or in the ARSAC guidance.")
    radiopharmaceutical_used = line("Radiopharmaceutical or source used", 120)
    radiopharmaceutical_licensed = line("Radiopharmaceutical or source on the licence", 120)


class AdministrationsForm(PlaceForm):
    headings: ClassVar[dict[str, str]] = {"occurred_on": "When", "discovered_on": "Discovery"}

    site = site_choice("Installation")
    procedure = line("Examination or treatment", 200)
    administrations = count("How many administrations?", least=1, most=1_000_000)
    occurred_on = GovukDateField(
        label="When was the first?",
        noun="Date of the first administration",
        required=False,
        not_in_future=True,
        help_text="For example, 27 3 2026.",
    )
    occurred_until = GovukDateField(
        label="When was the last, if there were several?",
        noun="Date of the last administration",
        required=False,
        not_in_future=True,
    )
    is_ongoing = yes_no("Is it still going on?")
    discovered_on = GovukDateField(
        label="When was the breach discovered?", noun="Date of discovery", required=False, not_in_future=True
    )
    how_discovered = prose(
        "How was it discovered?", "By role, for example “by the lead practitioner at a renewal”.", 3
    )


class BreachCircumstancesForm(SectionForm):
    narrative = prose(
        "What happened?",
        "In the order in which it happened. Say “Practitioner A”, never a name; give nothing that identifies "
        "a person.",
        10,
    )
    corrective_action = prose("What was done to put it right?")
    preliminary_findings = prose("How did it come about, as far as you know?")
    duty_holders_involved = several("Who was involved?", DutyHolder.choices)


class BreachTellingForm(SectionForm):
    headings: ClassVar[dict[str, str]] = {"arsac_told_on": "Other bodies", "contact_role": "Contact"}

    arsac_told_on = GovukDateField(
        label="When was the ARSAC Support Unit told?",
        noun="Day on which ARSAC was told",
        required=False,
        not_in_future=True,
        help_text="Leave it empty if ARSAC has not been told yet.",
    )
    other_bodies_told = several("Which other bodies have been told?", OtherBody.choices)
    saue_reference = line(
        "Reference of your statutory notification of the same event",
        20,
        "Only where somebody’s exposure was notified to CQC as well. For example IRN-2026-00042-K.",
    )
    contact_role = line(
        "Whom should CQC contact? Give the role", 100, "For example “Radiation protection lead”."
    )
    contact_phone = line("Telephone number of that office", 30)
