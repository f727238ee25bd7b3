"""The kinds of notification: what each asks, and what a draft loses when its kind is changed.

Pure over content. Statutory: an exposure that meets the criteria (regulation 8(4)). Voluntary: below them, or
a near miss. Licence breach: radioactive substances given without the right licence (regulation 5).
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

from notifications.content import SECTIONS, DraftContent
from notifications.models import Basis, BreachType, Notification
from regulator.casework.references import is_well_formed, normalise
from regulator.organisations.models import Modality

Fault = tuple[str, str]

EXPLAINED: Final[dict[str, str]] = {
    Basis.STATUTORY: "An accidental or unintended exposure that meets CQC’s criteria. CQC must have it, "
    "and then the report of your investigation, within time limits that run from the day of discovery.",
    Basis.VOLUNTARY: "Below the criteria but worth telling, or a near miss. No time limit runs, and it does "
    "not count in the statutory figures.",
    Basis.LICENCE_BREACH: "Radioactive substances were given without the right ARSAC licence. Tell the ARSAC "
    "Support Unit as well. No time limit runs, and it is counted apart.",
}
"""What each kind is for, in the words of the page that asks."""

_NOT_OF_A_LICENCE_BREACH: Final = (
    "event_kind",
    "criterion_code",
    "code_pending_reason",
    "dose_pending_reason",
    "complementary_codes",
    "number_exposed",
    "near_miss",
    "exposed_group",
    "foetus_exposed",
    "infant_exposed",
    "age_band",
    "sex",
    "anatomy",
    "laterality",
    "immediate_actions",
    "reporter_cause",
    "individual_told",
    "referrer_practitioner_told",
    "not_told_reason",
    "clinically_significant",
    "harm",
    "treatment_changed",
    "clinical_effect",
    "pregnancy_enquiry",
    "gestation_band",
    "foetal_dose_mgy",
    "infant_effective_dose_msv",
    "procedural_failure",
    "equipment_failure",
    "equipment_type",
    "equipment_manufacturer",
    "equipment_model",
    "equipment_handover",
    "mhra_reference",
    "on_lfpse",
    "lfpse_id",
    "imaging",
    "radiotherapy",
    "radionuclide",
)
_NOT_ASKED: Final[dict[str, tuple[str, ...]]] = {
    Basis.STATUTORY: ("near_miss", "licence_breach"),
    Basis.VOLUNTARY: ("licence_breach",),
    Basis.LICENCE_BREACH: _NOT_OF_A_LICENCE_BREACH,
}
_PARTS: Final = {
    "imaging": "The doses of the imaging",
    "radiotherapy": "The course of radiotherapy",
    "radionuclide": "The administration",
    "licence_breach": "The licence and the breach",
}
_NOTHING: Final = DraftContent()


def dropped(content: DraftContent, basis: str) -> tuple[str, ...]:
    """The names of the answers that a draft would lose if its kind became ``basis``."""
    names = [name for name in _NOT_ASKED[basis] if not is_empty(getattr(content, name))]
    if content.number_exposed == 0 and basis == Basis.STATUTORY:
        names.append("number_exposed")
    return tuple(names)


def fitted(content: DraftContent, basis: str) -> DraftContent:
    """``content`` as one of the kind ``basis``: everything that still applies, and nothing else."""
    changes: dict[str, Any] = {name: getattr(_NOTHING, name) for name in dropped(content, basis)}
    for name in SECTIONS:  # a part that holds no answer goes in silence
        if name in _NOT_ASKED[basis]:
            changes[name] = None
    return replace(content, basis=basis, **changes)


def named(name: str) -> str:
    """What people call an answer: a part by its title, anything else by its field's name."""
    if name in _PARTS:
        return _PARTS[name]
    label = str(getattr(Notification._meta.get_field(name), "verbose_name", name))
    return label[:1].upper() + label[1:]


def kind_faults(content: DraftContent) -> Iterator[Fault]:
    """What does not belong to the content's kind, and what only that kind asks."""
    for name in dropped(content, content.basis) if content.basis in _NOT_ASKED else ():
        yield name, f"“{named(name)}” is not asked of this kind of notification: leave it out."
    if content.basis == Basis.LICENCE_BREACH:
        yield from _licence_faults(content)


def nobody_exposed(content: DraftContent) -> bool:
    """Whether the content may say that nobody was exposed: a near miss, told voluntarily."""
    return content.basis == Basis.VOLUNTARY and content.near_miss is True


def _licence_faults(content: DraftContent) -> Iterator[Fault]:
    if content.modality == Modality.DIAGNOSTIC_IMAGING:
        yield "modality", "A licence is needed only where radioactive substances are given."
    part = content.licence_breach
    for name, message in _LICENCE_REQUIRED.items():
        value = getattr(part, name) if part else None
        if value is None or (isinstance(value, str) and not value.strip()):
            yield f"licence_breach.{name}", message
    needed = _NEEDED_FOR.get(part.breach_type) if part else None
    if part and needed and is_empty(getattr(part, needed[0])):
        yield f"licence_breach.{needed[0]}", needed[1]
    if part and part.saue_reference and not is_well_formed(normalise(part.saue_reference)):
        yield (
            "licence_breach.saue_reference",
            "Enter a reference like IRN-2026-00042-K. Check each character.",
        )


_LICENCE_REQUIRED: Final = {
    "breach_type": "Choose what was wrong with the licence.",
    "radiopharmaceutical_used": "Enter the radiopharmaceutical or source that was used.",
    "administrations": "Enter the number of administrations.",
    "corrective_action": "Describe what was done to put it right.",
}
_NEEDED_FOR: Final[dict[str, tuple[str, str]]] = {
    BreachType.NO_PRACTITIONER_LICENCE: (
        "employer_licence_number",
        "Enter the number of the employer licence.",
    ),
    BreachType.PROCEDURE_NOT_LISTED: ("procedure_code", "Enter the ARSAC code of the procedure."),
    BreachType.LOCATION_NOT_LISTED: (
        "employer_licence_number",
        "Enter the number of the employer licence that leaves the installation out.",
    ),
    BreachType.RADIOPHARMACEUTICAL_DIFFERS: (
        "radiopharmaceutical_licensed",
        "Enter the radiopharmaceutical that the licence names.",
    ),
    BreachType.EXPIRED: ("employer_licence_expires_on", "Enter the day on which the licence expired."),
}


def is_empty(value: object) -> bool:
    """Whether nothing was answered. ``False`` and 0 are answers; a part is empty where each field is."""
    if is_dataclass(value) and not isinstance(value, type):
        return all(is_empty(getattr(value, each.name)) for each in fields(value))
    return value is None or value in ("", (), [])
