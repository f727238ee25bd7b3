"""The quantities that rules compare, taken from the facts of an incident.

Pure. Ratios are kept as their two parts and compared by multiplying, so that nothing is ever rounded.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from notifications.criteria.incident import Incident

__all__ = [
    "CONCERNS",
    "DIAGNOSTIC_ONLY",
    "FACTS_OF",
    "NEVER",
    "PARTS_OF_RADIOTHERAPY",
    "UNIT_OF",
    "WORDS_OF",
    "Ratio",
    "Value",
    "Values",
    "has_part",
    "unanswered_of_part",
    "values_of",
]


class Ratio(NamedTuple):
    """``part`` divided by ``whole``, not carried out."""

    part: Decimal
    whole: Decimal


class _Never:
    """A quantity that this incident does not have: no comparison with it holds."""


NEVER: Final = _Never()
Value = Decimal | Ratio | str | _Never | None
"""What a quantity is; ``None`` is not known. Words are ``"true"``, ``"false"`` or a choice."""
Values = Mapping[str, Value]

FACTS_OF: Final[dict[str, tuple[str, ...]]] = {
    "exposure_kind": ("exposure_kind",),
    "total_effective_dose": ("total_effective_dose",),
    "intended_effective_dose": ("intended_effective_dose",),
    "total_to_intended_ratio": ("intended_effective_dose", "total_effective_dose"),
    "enquiry_failed": ("enquiry_failed",),
    "procedural_failure": ("procedural_failure",),
    "interventional": ("interventional",),
    "local_drl_multiple": ("local_drl_multiple",),
    "deterministic_effect": ("tissue_reaction",),
    "tissue_reaction": ("tissue_reaction",),
    "transient_erythema_only": ("transient_erythema_only",),
    "planning_scans_total": ("planning_scans_total",),
    "set_up_error": ("set_up_error",),
    "hardware_or_software_failure": ("hardware_or_software_failure",),
    "images_in_fraction": ("images_in_fraction",),
    "additional_images_ratio": ("planned_images", "images_in_course"),
    "foetal_dose": ("foetal_dose",),
    "infant_effective_dose": ("infant_effective_dose",),
    "delivered_to_intended_course_ratio": ("course_ratio",),
    "delivered_to_intended_fraction_ratio": ("fraction_ratio",),
    "delivered_to_intended_organ_at_risk_ratio": ("organ_at_risk_ratio",),
    "total_geographical_miss": ("geographical_miss",),
    "miss_to_margin_ratio": ("geographical_miss", "miss_distance_mm", "margin_mm"),
    "administered_to_prescribed_ratio": ("prescribed_activity", "administered_activity"),
    "wrong_radiopharmaceutical": ("wrong_radiopharmaceutical",),
}
"""The facts that each quantity of the rules is made of."""

_YES_OR_NO: Final = ("true", "false")
WORDS_OF: Final[dict[str, tuple[str, ...]]] = {
    "exposure_kind": ("accidental", "unintended"),
    "enquiry_failed": _YES_OR_NO,
    "procedural_failure": _YES_OR_NO,
    "interventional": _YES_OR_NO,
    "deterministic_effect": _YES_OR_NO,
    "tissue_reaction": _YES_OR_NO,
    "transient_erythema_only": _YES_OR_NO,
    "set_up_error": _YES_OR_NO,
    "hardware_or_software_failure": _YES_OR_NO,
    "total_geographical_miss": _YES_OR_NO,
    "wrong_radiopharmaceutical": _YES_OR_NO,
}
"""The words that a quantity can be, of those that are no number."""
UNIT_OF: Final[dict[str, str]] = {
    "total_effective_dose": "mSv",
    "intended_effective_dose": "mSv",
    "infant_effective_dose": "mSv",
    "foetal_dose": "mGy",
    "planning_scans_total": "scans",
    "images_in_fraction": "images",
    "additional_images_ratio": "of planned images",
    "total_to_intended_ratio": "times",
    "local_drl_multiple": "times",
    "delivered_to_intended_course_ratio": "times",
    "delivered_to_intended_fraction_ratio": "times",
    "delivered_to_intended_organ_at_risk_ratio": "times",
    "miss_to_margin_ratio": "times",
    "administered_to_prescribed_ratio": "times",
}
"""The one unit in which a rule states each number: nothing is converted when it is compared."""

CONCERNS: Final[dict[str, tuple[str, ...]]] = {
    "accident": ("exposure_kind",),
    "diagnostic_or_imaging": (
        "modality",
        "planning_scan_affected",
        "verification_affected",
        "treatment_affected",
        "radionuclide_therapy",
    ),
    "planning_scan": ("planning_scan_affected",),
    "verification_imaging": ("verification_affected",),
    "treatment_delivery": ("treatment_affected",),
    "radionuclide_therapy": ("radionuclide_therapy",),
    "foetus": ("foetus_exposed",),
    "breastfed_infant": ("infant_exposed",),
    "interventional": ("interventional",),
}
"""The facts that say whether an incident has the part that a rule is about."""


class _Quantities(dict[str, Value]):
    """The quantities of one incident, each made when a rule first asks for it."""

    def __init__(self, incident: Incident) -> None:
        super().__init__()
        self.incident = incident

    def __missing__(self, name: str) -> Value:
        made = self[name] = _MAKERS[name](self.incident)
        return made


def values_of(incident: Incident) -> Values:
    """Every quantity of the incident by its name in the rules; ``KeyError`` for a name that none has."""
    return _Quantities(incident)


def has_part(incident: Incident, part: str) -> bool | None:
    """Whether the incident has that part, by its name in ``CONCERNS``; ``None`` where it is not known."""
    return _PARTS[part](incident)


def unanswered_of_part(incident: Incident, part: str) -> tuple[str, ...]:
    """The questions about that part that fit the modality."""
    if part == "diagnostic_or_imaging":
        return _IMAGING_QUESTIONS.get(incident.modality or "", ("modality",))
    return CONCERNS[part]


PARTS_OF_RADIOTHERAPY: Final = ("planning_scan_affected", "verification_affected", "treatment_affected")
"""The questions that say which part of a radiotherapy was affected; together they leave none out."""
_IMAGING_QUESTIONS: Final[dict[str, tuple[str, ...]]] = {
    "diagnostic_imaging": (),
    "radiotherapy": PARTS_OF_RADIOTHERAPY,
    "nuclear_medicine": ("radionuclide_therapy",),
}
DIAGNOSTIC_ONLY: Final = frozenset({"interventional", "local_drl_multiple"})
"""Facts that only diagnostic imaging has."""


def _word(answer: bool | None) -> str | None:
    return None if answer is None else ("true" if answer else "false")


def _ratio(part: Decimal | None, whole: Decimal | None) -> Value:
    if part is None or whole is None:
        return None
    return Ratio(part, whole) if part or whole else NEVER


def _whole(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _interventional(incident: Incident) -> bool | None:
    """Only diagnostic imaging has interventional procedures."""
    elsewhere = incident.modality not in (None, "diagnostic_imaging")
    return False if elsewhere else incident.interventional


def _added_images(incident: Incident) -> Value:
    planned, taken = incident.planned_images, incident.images_in_course
    if planned is None or taken is None:
        return None
    return _ratio(Decimal(max(taken - planned, 0)), Decimal(planned))


def _total_miss(incident: Incident) -> Value:
    return None if incident.geographical_miss is None else _word(incident.geographical_miss == "total")


def _partial_miss(incident: Incident) -> Value:
    if incident.geographical_miss in ("none", "total"):
        return NEVER
    return (
        None if incident.geographical_miss is None else _ratio(incident.miss_distance_mm, incident.margin_mm)
    )


_MAKERS: Final[dict[str, Callable[[Incident], Value]]] = {
    "exposure_kind": lambda one: one.exposure_kind,
    "total_effective_dose": lambda one: one.total_effective_dose,
    "intended_effective_dose": lambda one: one.intended_effective_dose,
    "total_to_intended_ratio": lambda one: _ratio(one.total_effective_dose, one.intended_effective_dose),
    "enquiry_failed": lambda one: _word(one.enquiry_failed),
    "procedural_failure": lambda one: _word(one.procedural_failure),
    "interventional": lambda one: _word(_interventional(one)),
    "local_drl_multiple": lambda one: one.local_drl_multiple,
    "deterministic_effect": lambda one: _word(one.tissue_reaction),
    "tissue_reaction": lambda one: _word(one.tissue_reaction),
    "transient_erythema_only": lambda one: _word(one.transient_erythema_only),
    "planning_scans_total": lambda one: _whole(one.planning_scans_total),
    "set_up_error": lambda one: _word(one.set_up_error),
    "hardware_or_software_failure": lambda one: _word(one.hardware_or_software_failure),
    "images_in_fraction": lambda one: _whole(one.images_in_fraction),
    "additional_images_ratio": _added_images,
    "foetal_dose": lambda one: one.foetal_dose,
    "infant_effective_dose": lambda one: one.infant_effective_dose,
    "delivered_to_intended_course_ratio": lambda one: one.course_ratio,
    "delivered_to_intended_fraction_ratio": lambda one: one.fraction_ratio,
    "delivered_to_intended_organ_at_risk_ratio": lambda one: one.organ_at_risk_ratio,
    "total_geographical_miss": _total_miss,
    "miss_to_margin_ratio": _partial_miss,
    "administered_to_prescribed_ratio": lambda one: _ratio(
        one.administered_activity, one.prescribed_activity
    ),
    "wrong_radiopharmaceutical": lambda one: _word(one.wrong_radiopharmaceutical),
}


def _imaging(incident: Incident) -> bool | None:
    """Whether a diagnostic exposure or the imaging of a treatment was affected: not the treatment itself.

    Where no part of a radiotherapy was affected, whatever was exposed is none of them, so nobody can tell.
    """
    if incident.modality == "diagnostic_imaging":
        return True
    if incident.modality == "nuclear_medicine":
        return None if incident.radionuclide_therapy is None else not incident.radionuclide_therapy
    if incident.modality is None:
        return None
    parts = (_planning(incident), _verification(incident))
    if True in parts:
        return True
    return False if None not in parts and _treatment(incident) else None


def _accident(incident: Incident) -> bool | None:
    return None if incident.exposure_kind is None else incident.exposure_kind == "accidental"


def _planning(incident: Incident) -> bool | None:
    return True if (incident.planning_scans_total or 0) > 1 else incident.planning_scan_affected


def _verification(incident: Incident) -> bool | None:
    added = incident.planned_images is not None and (incident.images_in_course or 0) > incident.planned_images
    return True if added or (incident.images_in_fraction or 0) > 1 else incident.verification_affected


def _treatment(incident: Incident) -> bool | None:
    ratios = (incident.course_ratio, incident.fraction_ratio, incident.organ_at_risk_ratio)
    missed = incident.geographical_miss in ("partial", "total")
    return True if missed or any(ratio not in (None, 1) for ratio in ratios) else incident.treatment_affected


# A count, a ratio or a dose that is given says that there was something to count, whatever was ticked.
_PARTS: Final[dict[str, Callable[[Incident], bool | None]]] = {
    "accident": _accident,
    "diagnostic_or_imaging": _imaging,
    "planning_scan": _planning,
    "verification_imaging": _verification,
    "treatment_delivery": _treatment,
    "radionuclide_therapy": lambda one: one.radionuclide_therapy,
    "foetus": lambda one: True if one.foetal_dose else one.foetus_exposed,
    "breastfed_infant": lambda one: True if one.infant_effective_dose else one.infant_exposed,
    "interventional": _interventional,
}
