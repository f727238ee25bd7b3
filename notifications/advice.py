"""Between a draft and the criteria checker: what a draft says as an incident, and an incident as a draft.

Pure over content; nothing is read or written. The rules are in ``notifications.criteria``. Every fact that
the checker asks has its place in a draft, so that what was answered there is advised upon alike here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from notifications.content import SECTIONS, DraftContent, days_of
from notifications.criteria.check import Answer, Result, check
from notifications.criteria.incident import Incident
from notifications.criteria.reference import Criteria
from notifications.criteria.wording import as_plain
from notifications.kinds import fitted, nobody_exposed
from notifications.models import AgeBand, Basis, ExposedGroup, PregnancyEnquiry, SubModality
from regulator import clock
from regulator.organisations.models import Modality

__all__ = ["PLACES", "advice_on", "advised", "draft_of", "incident_of"]

_OF_ALL: Final = {
    "exposure_kind": "event_kind",
    "number_exposed": "number_exposed",
    "foetus_exposed": "foetus_exposed",
    "clinically_significant": "clinically_significant",
    "equipment_failure": "equipment_failure",
    "procedural_failure": "procedural_failure",
    "foetal_dose": "foetal_dose_mgy",
}
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    Modality.DIAGNOSTIC_IMAGING: _OF_ALL
    | {
        "intended_effective_dose": "imaging.intended_effective_dose_msv",
        "total_effective_dose": "imaging.actual_effective_dose_msv",
        "interventional": "imaging.interventional",
        "local_drl_multiple": "imaging.local_drl_multiple",
        "tissue_reaction": "imaging.tissue_reaction",
        "transient_erythema_only": "imaging.transient_erythema_only",
    },
    Modality.RADIOTHERAPY: _OF_ALL
    | {
        "intended_effective_dose": "imaging.intended_effective_dose_msv",
        "total_effective_dose": "imaging.actual_effective_dose_msv",
        "tissue_reaction": "radiotherapy.tissue_reaction",
        "planning_scan_affected": "radiotherapy.planning_scan_affected",
        "verification_affected": "radiotherapy.verification_affected",
        "treatment_affected": "radiotherapy.treatment_affected",
        "planning_scans_total": "radiotherapy.planning_scans",
        "set_up_error": "radiotherapy.set_up_error",
        "hardware_or_software_failure": "radiotherapy.hardware_or_software_failure",
        "images_in_fraction": "radiotherapy.images_in_fraction",
        "planned_images": "radiotherapy.planned_images_in_course",
        "images_in_course": "radiotherapy.actual_images_in_course",
        "course_ratio": "radiotherapy.delivered_ratio_course",
        "fraction_ratio": "radiotherapy.delivered_ratio_fraction",
        "organ_at_risk_ratio": "radiotherapy.delivered_ratio_organ_at_risk",
        "geographical_miss": "radiotherapy.geographical_miss",
        "miss_distance_mm": "radiotherapy.miss_distance_mm",
        "margin_mm": "radiotherapy.local_error_margin_mm",
    },
    Modality.NUCLEAR_MEDICINE: _OF_ALL
    | {
        "infant_exposed": "infant_exposed",
        "infant_effective_dose": "infant_effective_dose_msv",
        "radionuclide_therapy": "radionuclide.therapeutic",
        "wrong_radiopharmaceutical": "radionuclide.wrong_radiopharmaceutical",
        "intended_effective_dose": "radionuclide.intended_effective_dose_msv",
        "total_effective_dose": "radionuclide.effective_dose_msv",
        "tissue_reaction": "radionuclide.tissue_reaction",
        "prescribed_activity": "radionuclide.activity_prescribed_mbq",
        "administered_activity": "radionuclide.activity_administered_mbq",
    },
    "": _OF_ALL
    | {
        "intended_effective_dose": "imaging.intended_effective_dose_msv",
        "total_effective_dose": "imaging.actual_effective_dose_msv",
        "tissue_reaction": "imaging.tissue_reaction",
    },
}
"""Where a draft of each modality, and of none, keeps each fact: a field of its own or of one of its parts."""
_ENQUIRY_FAILED: Final[Mapping[str, bool]] = {
    PregnancyEnquiry.NOT_FOLLOWED: True,
    PregnancyEnquiry.FOLLOWED: False,
}
_INTERVENTIONAL: Final[Mapping[str, bool]] = {
    SubModality.INTERVENTIONAL_RADIOLOGY: True,
    SubModality.CARDIOLOGY: True,
    SubModality.PLAIN_FILM: False,
    SubModality.MAMMOGRAPHY: False,
    SubModality.DENTAL: False,
}
"""Where the sub-modality leaves no choice: CT and fluoroscopy may guide an intervention."""
_THERAPY: Final[Mapping[str, bool]] = {
    SubModality.RADIONUCLIDE_THERAPY: True,
    SubModality.DIAGNOSTIC_NM: False,
    SubModality.PET: False,
    SubModality.IN_VITRO: False,
}
_GROWN: Final[Mapping[str, str]] = {ExposedGroup.ADULT: "adult", ExposedGroup.CHILD: "child"}
_OF_BAND: Final[Mapping[str, str]] = {
    AgeBand.UNDER_1: "child",
    AgeBand.FROM_1_TO_9: "child",
    AgeBand.FROM_10_TO_17: "child",
    AgeBand.FROM_18_TO_39: "adult",
    AgeBand.FROM_40_TO_64: "adult",
    AgeBand.FROM_65: "adult",
}
_OF_THE_INFANT: Final = (AgeBand.UNDER_1, AgeBand.FROM_1_TO_9)
_DOSES: Final = (
    "intended_effective_dose",
    "total_effective_dose",
    "local_drl_multiple",
    "foetal_dose",
    "infant_effective_dose",
)


def advice_on(content: DraftContent, criteria: Criteria | None = None) -> Result:
    """What the checker says of a draft as far as it is filled in, under ``criteria``. No query."""
    return check(incident_of(content, today=clock.today()), criteria)


def advised(content: DraftContent, criteria: Criteria | None = None) -> dict[str, Any]:
    """What a page shows of it: ``advice``, and ``disagreement`` where basis or code say otherwise. It warns;
    what is sent is the employer's to decide."""
    result = advice_on(content, criteria)
    return {"advice": as_plain(result, criteria), "disagreement": _disagreement(content, result)}


def _disagreement(content: DraftContent, result: Result) -> str:
    if content.basis == Basis.LICENCE_BREACH:
        return ""
    if result.answer is Answer.NOTIFIABLE and content.basis == Basis.VOLUNTARY:
        return "You are sending this as voluntary, but on these facts it must be notified."
    if result.answer is Answer.NOT_NOTIFIABLE and content.basis == Basis.STATUTORY:
        return "You are sending this as required by law; on these facts it may be sent as voluntary."
    codes = {code for reading in result.readings for code in reading.codes}
    if content.criterion_code and result.primary and content.criterion_code not in codes:
        return f"You chose code {content.criterion_code}; on these facts code {result.primary} fits."
    return ""


def incident_of(content: DraftContent, *, today: date) -> Incident:
    """What a draft says of the incident, on ``today``. What was not answered stays unknown.

    Nobody received what might have been given in a near miss: its doses are none of the incident's.
    """
    first, last = days_of(content, today=today) or (None, None)
    places = PLACES.get(content.modality, PLACES[""])
    facts: dict[str, Any] = {fact: _told(content, place) for fact, place in places.items()}
    facts |= {fact: value for fact, value in _implied(content) if facts.get(fact) is None}
    facts |= {
        "country": "england",
        "event": "licence_breach" if content.basis == Basis.LICENCE_BREACH else "exposure",
        "occurred_on": first,
        "occurred_until": last if last != first else None,
        "modality": content.modality or None,
        "person": _person(content),
        "enquiry_failed": _ENQUIRY_FAILED.get(content.pregnancy_enquiry),
    }
    if content.modality == Modality.NUCLEAR_MEDICINE and content.imaging:
        facts |= _with_imaging(content, facts)
    if nobody_exposed(content) and content.number_exposed == 0:
        facts |= dict.fromkeys(_DOSES)
    return Incident(**facts)


def _told(content: DraftContent, place: str) -> Any:
    part, _, name = place.rpartition(".")
    home = getattr(content, part) if part else content
    value = getattr(home, name) if home else None
    return None if value == "" else value


def _implied(content: DraftContent) -> Iterator[tuple[str, Any]]:
    """What another answer of the draft says of a fact, should its own question be open."""
    if content.exposed_group == ExposedGroup.FOETUS:
        yield "foetus_exposed", True
    if content.exposed_group == ExposedGroup.BREASTFED_INFANT:
        yield "infant_exposed", True
    for code, fact in (("equipment", "equipment_failure"), ("clinically_significant",) * 2):
        if code in content.complementary_codes:
            yield fact, True
    if content.modality == Modality.DIAGNOSTIC_IMAGING:
        yield "interventional", _INTERVENTIONAL.get(content.sub_modality)
    if content.modality == Modality.NUCLEAR_MEDICINE:
        yield "radionuclide_therapy", _THERAPY.get(content.sub_modality)
    if content.imaging and content.imaging.tissue_reaction:
        yield "tissue_reaction", True


def _person(content: DraftContent) -> str | None:
    """Adult or child: of an unborn or breastfed child, the mother. ``None`` where two answers differ."""
    group, band = content.exposed_group, content.age_band
    of_infant = group in (ExposedGroup.FOETUS, ExposedGroup.BREASTFED_INFANT) and band in _OF_THE_INFANT
    found = {_GROWN.get(group), None if of_infant else _OF_BAND.get(band)} - {None}
    return found.pop() if len(found) == 1 else None


def _with_imaging(content: DraftContent, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The doses of an administration and of the imaging beside it (a PET-CT), together."""
    part = content.imaging
    if part is None:
        return {}
    beside = {
        "intended_effective_dose": part.intended_effective_dose_msv,
        "total_effective_dose": part.actual_effective_dose_msv,
    }
    if all(dose is None for dose in beside.values()):
        return {}
    return {
        fact: facts[fact] + dose if facts[fact] is not None and dose is not None else None
        for fact, dose in beside.items()
    }


def draft_of(incident: Incident, criteria: Criteria | None = None) -> DraftContent | None:
    """A draft that says what was answered, with the codes that the checker found; ``None`` where the event is
    not one to tell CQC of, and while it is not known whether it is, or whether anybody was exposed."""
    if incident.country != "england" or incident.event not in ("exposure", "licence_breach"):
        return None
    result = check(incident, criteria)
    if incident.number_exposed == 0 and "number_exposed" in result.missing:
        return None
    content = DraftContent(
        modality=incident.modality or "",
        occurred_on=incident.occurred_on,
        occurred_until=incident.occurred_until,
        near_miss=True if incident.number_exposed == 0 else None,
        exposed_group=_group(incident),
        pregnancy_enquiry=_enquiry(incident),
        criterion_code=result.primary,
        complementary_codes=tuple(sorted(result.complementary)),
        sub_modality=_sub_modality(incident),
    )
    for fact, place in PLACES[content.modality].items():
        value = getattr(incident, fact)
        if value is not None:
            content = _with(content, place, value)
    if incident.event == "licence_breach" and content.modality == Modality.DIAGNOSTIC_IMAGING:
        content = replace(content, modality="")  # imaging needs no licence: the modality is asked anew
    return fitted(content, _basis(result, incident))


def _with(content: DraftContent, place: str, value: Any) -> DraftContent:
    part, _, name = place.rpartition(".")
    if not part:
        return replace(content, **{name: value})
    before: Any = getattr(content, part) or SECTIONS[part][0]()
    changes: dict[str, Any] = {part: replace(before, **{name: value})}
    return replace(content, **changes)


def _basis(result: Result, incident: Incident) -> str:
    if incident.event == "licence_breach":
        return Basis.LICENCE_BREACH.value
    voluntary = result.answer is Answer.NOT_NOTIFIABLE or incident.number_exposed == 0
    return Basis.VOLUNTARY.value if voluntary else Basis.STATUTORY.value


def _group(incident: Incident) -> str:
    if incident.person:
        return incident.person
    if incident.foetus_exposed:
        return ExposedGroup.FOETUS.value
    return ExposedGroup.BREASTFED_INFANT.value if incident.infant_exposed else ""


def _enquiry(incident: Incident) -> str:
    if incident.enquiry_failed is None:
        return ""
    failed, followed = PregnancyEnquiry.NOT_FOLLOWED.value, PregnancyEnquiry.FOLLOWED.value
    return failed if incident.enquiry_failed else followed


def _sub_modality(incident: Incident) -> str:
    """Where the answers leave no choice."""
    if incident.modality == Modality.NUCLEAR_MEDICINE and incident.radionuclide_therapy:
        return SubModality.RADIONUCLIDE_THERAPY.value
    imaging = incident.planning_scan_affected or incident.verification_affected
    if incident.modality == Modality.RADIOTHERAPY and imaging and incident.treatment_affected is False:
        return SubModality.PLANNING_VERIFICATION.value
    return ""
