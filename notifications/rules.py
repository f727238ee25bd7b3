"""When a draft can be kept, and when it can be submitted: one rule book, whatever the path.

Pure over content, the regime of the incident's date and today's date; only ``validate_for_submission``
reads. Every message stands beside the field that it names: ``"discovered_on"``, ``"imaging.other_unit"``.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models

from notifications.codes import RegimeCodes, regime_of
from notifications.content import (
    SECTIONS,
    STORED_FIELDS,
    DraftContent,
    content_of,
    values_of,
)
from notifications.criteria.incident import EARLIEST
from notifications.kinds import Fault, kind_faults, nobody_exposed
from notifications.models import MODALITY_OF, Basis, EventKind, ExposedGroup, Notification, SubModality
from regulator import clock
from regulator.organisations.models import Modality

Faults = dict[str, list[str]]

_OR_SAY_WHAT_IS_AWAITED: Final = ", or say under “Why it is notifiable” what the estimate waits for."

_CHECKED_ELSEWHERE: Final = [
    field.name for field in Notification._meta.fields if field.name not in STORED_FIELDS
] + ["reporter_cause"]

_REQUIRED_OF_ALL: Final = {
    "modality": "Choose the modality.",
    "occurred_on": "Enter the date of the incident.",
    "discovered_on": "Enter the date on which the incident was discovered.",
    "procedure": "Enter the examination or treatment.",
    "narrative": "Describe what happened.",
    "contact_role": "Enter the role of the person to contact.",
}
_REQUIRED_OF_AN_INCIDENT: Final = _REQUIRED_OF_ALL | {
    "sub_modality": "Choose the kind of imaging or treatment.",
    "number_exposed": "Enter how many people were exposed.",
    "immediate_actions": "Describe what was done at once.",
}
_REQUIRED_OF_STATUTORY: Final = _REQUIRED_OF_AN_INCIDENT | {
    "event_kind": "Choose whether the exposure was accidental or unintended.",
    "exposed_group": "Choose who was exposed.",
    "individual_told": "Say whether the individual or their representative was told.",
}
_REQUIRED: Final[dict[str, dict[str, str]]] = {
    Basis.STATUTORY: _REQUIRED_OF_STATUTORY,
    Basis.VOLUNTARY: _REQUIRED_OF_AN_INCIDENT,
    Basis.LICENCE_BREACH: _REQUIRED_OF_ALL,
}
"""What each kind cannot be without, and what is said of it."""


def validate_for_submission(notification: Notification) -> Faults:
    """Every reason why this notification cannot be submitted today; empty where it can. Two queries
    where case and sections were selected with it."""
    content = content_of(notification)
    return submission_faults(content, regime=regime_of(content), today=clock.today())


def submission_faults(content: DraftContent, *, regime: RegimeCodes | None, today: date) -> Faults:
    """The whole rule book over one submission. ``regime`` is that of the incident's day or days."""
    faults = draft_faults(content, today=today)
    for name, message in (
        *_missing(content),
        *_misfits(content),
        *kind_faults(content),
        *_criterion_faults(content, regime),
        *_candour_faults(content),
        *_exposure_faults(content),
    ):
        if name not in faults:
            faults[name] = [message]
    return faults


def draft_faults(content: DraftContent, *, today: date) -> Faults:
    """Why the content cannot even be kept as a draft: wrong shape, impossible dates, negative doses."""
    faults = _shape_faults(content)
    for name, message in (
        *_date_faults(content, today),
        *_choice_faults(content),
        *_number_faults(content),
    ):
        faults.setdefault(name, []).append(message)
    return faults


def _shape_faults(content: DraftContent) -> Faults:
    row = Notification(**{name: getattr(content, name) for name in STORED_FIELDS})
    faults = field_faults(row, exclude=_CHECKED_ELSEWHERE)
    for section, (_, table) in SECTIONS.items():
        values = getattr(content, section)
        if values is not None:
            found = field_faults(table(**values_of(values)), exclude=["notification"])
            faults |= {f"{section}.{name}": messages for name, messages in found.items()}
    return faults


def field_faults(row: models.Model, *, exclude: list[str]) -> Faults:
    faults: Faults = {}
    try:
        row.clean_fields(exclude=exclude)
    except ValidationError as error:
        faults = error.message_dict
    for field in row._meta.concrete_fields:
        if field.name not in exclude and "\x00" in str(getattr(row, field.attname)):
            faults[field.name] = ["Remove the characters that cannot be stored."]
    return faults


def _date_faults(content: DraftContent, today: date) -> Iterator[Fault]:
    for name in ("occurred_on", "occurred_until", "discovered_on"):
        day = getattr(content, name)
        if isinstance(day, date) and day > today:
            yield name, "The date must be today or in the past."
        elif isinstance(day, date) and day < EARLIEST:
            yield name, "The date must not be before the Regulations of 2000. Check the year."
    told = content.licence_breach.arsac_told_on if content.licence_breach else None
    if isinstance(told, date) and told > today:
        yield "licence_breach.arsac_told_on", "The date must be today or in the past."
    yield from _order_faults(content)


def _order_faults(content: DraftContent) -> Iterator[Fault]:
    occurred, until, discovered = content.occurred_on, content.occurred_until, content.discovered_on
    if occurred and discovered and occurred > discovered:
        yield "discovered_on", "The date of discovery must not be before the incident."
    if until and occurred is None:
        yield "occurred_on", "Enter the first date of the incident."
    elif until and occurred and until < occurred:
        yield "occurred_until", "The last date must not be before the first."


def _choice_faults(content: DraftContent) -> Iterator[Fault]:
    if content.modality and content.modality not in Modality.values:
        yield "modality", "Choose a modality from the list."
    cause = content.reporter_cause
    if cause is not None and content.modality and cause.modality != content.modality:
        yield "reporter_cause", "This cause belongs to another modality."


def _number_faults(content: DraftContent) -> Iterator[Fault]:
    if content.number_exposed == 0 and not nobody_exposed(content):
        yield "number_exposed", "Enter 1 or more. Only of a near miss, told voluntarily, was nobody exposed."


def _missing(content: DraftContent) -> Iterator[Fault]:
    for name, message in _REQUIRED.get(content.basis, {}).items():
        if name == "number_exposed" and nobody_exposed(content):
            continue
        value = getattr(content, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            yield name, message


def _misfits(content: DraftContent) -> Iterator[Fault]:
    fits = MODALITY_OF.get(content.sub_modality)
    if fits and content.modality and fits != content.modality:
        yield "sub_modality", "This kind of imaging or treatment belongs to another modality."
    if content.radiotherapy and content.modality != Modality.RADIOTHERAPY:
        yield "radiotherapy", "Only a radiotherapy notification has this section."
    if content.radionuclide and content.modality != Modality.NUCLEAR_MEDICINE:
        yield "radionuclide", "Only a nuclear medicine notification has this section."
    therapeutic = content.radionuclide.therapeutic if content.radionuclide else None
    said = content.sub_modality == SubModality.RADIONUCLIDE_THERAPY
    if fits == Modality.NUCLEAR_MEDICINE and therapeutic not in (None, said):
        yield "radionuclide.therapeutic", "This does not fit the sub-modality that you chose."


def _criterion_faults(content: DraftContent, regime: RegimeCodes | None) -> Iterator[Fault]:
    """A complementary code never stands alone (CQC, complementary notification codes): it is named beside the
    code that fits, or beside the reason why that is still to be settled: no first notice waits for it."""
    if content.occurred_on is None or content.basis == Basis.LICENCE_BREACH:
        return
    if regime is None and (content.basis == Basis.STATUTORY or content.criterion_code):
        yield "criterion_code", "No criteria are on record for the date of the incident."
    elif regime is None:
        return
    elif content.criterion_code:
        if content.criterion_code not in regime.codes:
            yield "criterion_code", f"This code is not one of the criteria of that date ({regime.label})."
        elif content.modality and content.modality not in regime.codes[content.criterion_code]:
            yield "criterion_code", "This code does not apply to this modality."
    elif content.basis == Basis.STATUTORY and regime.codes and not content.code_pending_reason.strip():
        choose = f"Choose the code that fits best ({regime.label}), or say why none can be settled yet."
        yield "criterion_code", choose


def _candour_faults(content: DraftContent) -> Iterator[Fault]:
    if content.individual_told is False and not content.not_told_reason.strip():
        yield "not_told_reason", "Say why the individual was not told."


def _exposure_faults(content: DraftContent) -> Iterator[Fault]:
    unborn = content.exposed_group == ExposedGroup.FOETUS or content.foetus_exposed
    if unborn and not content.pregnancy_enquiry:
        yield "pregnancy_enquiry", "Say whether the pregnancy enquiry was made."
    if content.basis != Basis.STATUTORY:
        return
    if unborn and content.foetal_dose_mgy is None and not _is_awaited(content):
        yield "foetal_dose_mgy", f"Enter the estimated dose to the foetus{_OR_SAY_WHAT_IS_AWAITED}"
    if content.modality == Modality.DIAGNOSTIC_IMAGING:
        yield from _imaging_faults(content)
    elif content.modality == Modality.RADIOTHERAPY:
        yield from _radiotherapy_faults(content)
    elif content.modality == Modality.NUCLEAR_MEDICINE and content.sub_modality != SubModality.IN_VITRO:
        yield from _radionuclide_faults(content)


def _is_awaited(content: DraftContent) -> bool:
    """Whether the first notice says that an estimate of the dose is still awaited: the 14 days do not wait
    for it (CQC, "when to notify"), and the report owes it."""
    return bool(content.dose_pending_reason.strip())


def _imaging_faults(content: DraftContent) -> Iterator[Fault]:
    imaging = content.imaging
    if imaging is None or (imaging.actual_effective_dose_msv is None and imaging.other_value is None):
        if not _is_awaited(content):
            enter = f"Enter the actual dose, in mSv or another unit{_OR_SAY_WHAT_IS_AWAITED}"
            yield "imaging.actual_effective_dose_msv", enter
        return
    if imaging.other_value is not None and not imaging.other_unit.strip():
        yield "imaging.other_unit", "Enter the unit of the dose."
    stated = imaging.intended_effective_dose_msv is not None or imaging.other_value is not None
    if content.event_kind == EventKind.UNINTENDED and not stated and not _is_awaited(content):
        enter = f"Enter the dose that was intended{_OR_SAY_WHAT_IS_AWAITED}"
        yield "imaging.intended_effective_dose_msv", enter


def _radiotherapy_faults(content: DraftContent) -> Iterator[Fault]:
    part = content.radiotherapy
    if content.sub_modality == SubModality.PLANNING_VERIFICATION:
        counts = (part.images_in_fraction, part.actual_images_in_course, part.planning_scans) if part else ()
        if all(count is None for count in counts):
            yield "radiotherapy.images_in_fraction", "Enter how many images or planning scans were taken."
        return
    if part is None or part.prescribed_dose_gy is None:
        yield "radiotherapy.prescribed_dose_gy", "Enter the prescribed dose."
    if part is None or part.fractions_prescribed is None:
        yield "radiotherapy.fractions_prescribed", "Enter the number of fractions prescribed."
    elif part.fractions_affected is not None and part.fractions_affected > part.fractions_prescribed:
        yield "radiotherapy.fractions_affected", "More fractions are affected than were prescribed."


def _radionuclide_faults(content: DraftContent) -> Iterator[Fault]:
    part = content.radionuclide
    if part is None or not (part.radiopharmaceutical_given or part.radiopharmaceutical_intended).strip():
        yield "radionuclide.radiopharmaceutical_given", "Enter the radiopharmaceutical."
    if part is None or part.activity_administered_mbq is None:
        yield "radionuclide.activity_administered_mbq", "Enter the activity administered."
