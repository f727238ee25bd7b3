"""What a notification says, as headed lists of label and value, for pages that show it whole."""

from collections.abc import Iterator, Sequence
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from notifications.models import DutyHolder, Notification, OtherBody
from regulator.casework.desk import FactSection
from regulator.casework.wording import as_text

_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Incident": (
        "basis",
        "sub_modality",
        "occurred_on",
        "occurred_until",
        "is_ongoing",
        "discovered_on",
        "how_discovered",
        "criterion_code",
        "criteria_regime",
        "code_pending_reason",
        "dose_pending_reason",
        "event_kind",
        "procedure",
        "anatomy",
        "laterality",
        "narrative",
        "immediate_actions",
        "preliminary_findings",
        "procedural_failure",
    ),
    "Exposed people": (
        "near_miss",
        "number_exposed",
        "exposed_group",
        "foetus_exposed",
        "infant_exposed",
        "age_band",
        "sex",
        "pregnancy_enquiry",
        "gestation_band",
        "foetal_dose_mgy",
        "infant_effective_dose_msv",
        "clinically_significant",
        "harm",
        "treatment_changed",
        "clinical_effect",
        "individual_told",
        "referrer_practitioner_told",
        "not_told_reason",
    ),
    "Equipment": (
        "equipment_failure",
        "equipment_type",
        "equipment_manufacturer",
        "equipment_model",
        "equipment_handover",
        "mhra_reference",
    ),
    "Cause": ("reporter_cause", "cqc_cause", "coded_at"),
    "Contact": ("contact_role", "contact_phone", "on_lfpse", "lfpse_id"),
}
_HUNG_ON: Final = {
    "imaging": "Imaging exposure",
    "radiotherapy": "Radiotherapy exposure",
    "radionuclide": "Radionuclide exposure",
    "licence_breach": "Licence breach",
    "report": "Investigation report",
}
_NOT_SHOWN: Final = ("notification", "filed_by")


def facts_of(notification: Notification) -> Sequence[FactSection]:
    """Every fact that was given, empty ones left out. No query after ``queries.whole``."""
    return list(_sections(notification))


def told(notification: Notification) -> list[tuple[str, str, str]]:
    """Every fact as (heading, label, text), the site among them. No query where all is at hand."""
    site = notification.case.site
    rows = [("Incident", "Site", site.name)] if site else []
    return rows + [
        (section.title, str(label), as_text(value))
        for section in _sections(notification)
        for label, value in section.rows
    ]


def _sections(notification: Notification) -> Iterator[FactSection]:
    for title, names in _GROUPS.items():
        rows = tuple(_rows(notification, names))
        if title == "Incident":
            rows += tuple(_listed(notification))
        if rows:
            yield FactSection(title, rows)
    for name, title in _HUNG_ON.items():
        try:
            part = getattr(notification, name)
        except ObjectDoesNotExist:
            continue
        names = tuple(field.name for field in part._meta.fields if field.name not in _NOT_SHOWN)
        yield FactSection(title, tuple(_rows(part, names)))


def _listed(notification: Notification) -> Iterator[tuple[str, object]]:
    codes = ", ".join(code.label for code in notification.complementary_codes.all())
    if codes:
        yield "Complementary codes", codes
    if notification.duty_holders_involved:
        labels = (DutyHolder(each).label for each in notification.duty_holders_involved)
        yield "Duty holders involved", ", ".join(labels)
    if notification.other_bodies_told:
        told = (OtherBody(each).label for each in notification.other_bodies_told)
        yield "Other bodies told", ", ".join(told)


def _rows(row: models.Model, names: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    for name in names:
        field = row._meta.get_field(name)
        value = getattr(row, name)
        if value in (None, "", []):
            continue
        label = str(getattr(field, "verbose_name", name))
        yield label[:1].upper() + label[1:], _shown(row, name, value)


def _shown(row: models.Model, name: str, value: object) -> object:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else value
