"""Between a draft and the criteria checker: what a draft says as an incident, and an incident as a draft.

Pure over content; nothing is read or written. The rules are in ``notifications.criteria``.
"""

from collections.abc import Callable
from typing import Any, Final

from notifications.content import DraftContent, ImagingContent, RadionuclideContent, RadiotherapyContent
from notifications.criteria.check import Answer, Result, check
from notifications.criteria.incident import Incident
from notifications.criteria.reference import Criteria
from notifications.models import Basis, ExposedGroup, PregnancyEnquiry, SubModality
from regulator.organisations.models import Modality

_INTERVENTIONAL: Final = (SubModality.INTERVENTIONAL_RADIOLOGY, SubModality.CARDIOLOGY)
_ENQUIRY_FAILED: Final[dict[str, bool]] = {
    PregnancyEnquiry.NOT_FOLLOWED: True,
    PregnancyEnquiry.FOLLOWED: False,
}


def advice_on(content: DraftContent, criteria: Criteria | None = None) -> Result:
    """What the checker says of a draft as far as it is filled in, under ``criteria``. No query."""
    return check(incident_of(content), criteria)


def advised(content: DraftContent, criteria: Criteria | None = None) -> dict[str, Any]:
    """What a page shows of it: ``advice``, and ``disagreement`` where basis or code say otherwise. It warns;
    what is sent is the employer's to decide."""
    advice = advice_on(content, criteria)
    return {"advice": advice, "disagreement": _disagreement(content, advice)}


def _disagreement(content: DraftContent, advice: Result) -> str:
    if content.basis == Basis.LICENCE_BREACH:
        return ""
    if advice.answer is Answer.NOTIFIABLE and content.basis == Basis.VOLUNTARY:
        return "You are sending this as voluntary, but on these facts it must be notified."
    if advice.answer is Answer.NOT_NOTIFIABLE and content.basis == Basis.STATUTORY:
        return "You are sending this as required by law; on these facts it may be sent as voluntary."
    codes = (advice.primary, *advice.others)
    if content.criterion_code and advice.primary and content.criterion_code not in codes:
        return f"You chose code {content.criterion_code}; on these facts code {advice.primary} fits."
    return ""


def incident_of(content: DraftContent) -> Incident:
    """What a draft says of the incident. What its form does not ask stays unknown."""
    codes = content.complementary_codes
    facts: dict[str, Any] = {
        "country": "england",
        "event": "licence_breach" if content.basis == Basis.LICENCE_BREACH else "exposure",
        "occurred_on": content.occurred_on,
        "modality": content.modality or None,
        "exposure_kind": content.event_kind or None,
        "number_exposed": content.number_exposed,
        "clinically_significant": content.clinically_significant,
        "equipment_failure": True if "equipment" in codes else None,
        "foetal_dose": content.foetal_dose_mgy,
        "procedural_failure": _ENQUIRY_FAILED.get(content.pregnancy_enquiry),
    }
    of_modality = _MODALITIES.get(content.modality)
    return Incident(**facts | _people(content) | (of_modality(content) if of_modality else {}))


def _people(content: DraftContent) -> dict[str, Any]:
    group = content.exposed_group
    if not group:
        return {}
    return {
        "person": group if group in (ExposedGroup.ADULT, ExposedGroup.CHILD) else None,
        "foetus_exposed": group == ExposedGroup.FOETUS,
        "infant_exposed": group == ExposedGroup.BREASTFED_INFANT,
    }


def _imaging(content: DraftContent) -> dict[str, Any]:
    part = content.imaging or ImagingContent()
    kind = content.sub_modality
    return {
        "intended_effective_dose": part.intended_effective_dose_msv,
        "total_effective_dose": part.actual_effective_dose_msv,
        "local_drl_multiple": part.local_drl_multiple,
        "tissue_reaction": part.tissue_reaction,
        "transient_erythema_only": part.transient_erythema_only,
        "interventional": kind in _INTERVENTIONAL if kind else None,
    }


def _radiotherapy(content: DraftContent) -> dict[str, Any]:
    part = content.radiotherapy or RadiotherapyContent()
    images = (part.images_in_fraction, part.actual_images_in_course)
    kind = content.sub_modality
    return {
        "planning_scan_affected": True if part.planning_scans is not None else None,
        "verification_affected": True if any(each is not None for each in images) else None,
        "treatment_affected": kind != SubModality.PLANNING_VERIFICATION if kind else None,
        "planning_scans_total": part.planning_scans,
        "images_in_fraction": part.images_in_fraction,
        "planned_images": part.planned_images_in_course,
        "images_in_course": part.actual_images_in_course,
        "course_ratio": part.delivered_ratio_course,
        "fraction_ratio": part.delivered_ratio_fraction,
        "geographical_miss": part.geographical_miss or None,
    }


def _radionuclide(content: DraftContent) -> dict[str, Any]:
    part = content.radionuclide or RadionuclideContent()
    meant, given = part.radiopharmaceutical_intended.strip(), part.radiopharmaceutical_given.strip()
    kind = content.sub_modality
    return {
        "radionuclide_therapy": kind == SubModality.RADIONUCLIDE_THERAPY if kind else None,
        "wrong_radiopharmaceutical": meant.casefold() != given.casefold() if meant and given else None,
        "prescribed_activity": part.activity_prescribed_mbq,
        "administered_activity": part.activity_administered_mbq,
        "total_effective_dose": part.effective_dose_msv,
    }


_MODALITIES: Final[dict[str, Callable[[DraftContent], dict[str, Any]]]] = {
    Modality.DIAGNOSTIC_IMAGING: _imaging,
    Modality.RADIOTHERAPY: _radiotherapy,
    Modality.NUCLEAR_MEDICINE: _radionuclide,
}


def draft_of(incident: Incident, criteria: Criteria | None = None) -> DraftContent | None:
    """A draft that says what was answered, with the codes that the checker found; ``None`` where the
    event is not one to tell CQC of."""
    result = check(incident, criteria)
    if result.answer is Answer.ELSEWHERE and incident.event != "licence_breach":
        return None
    return DraftContent(
        basis=_basis(result, incident),
        modality=incident.modality or "",
        occurred_on=incident.occurred_on,
        event_kind=incident.exposure_kind or "",
        number_exposed=incident.number_exposed or None,
        exposed_group=_group(incident),
        clinically_significant=incident.clinically_significant,
        foetal_dose_mgy=incident.foetal_dose,
        criterion_code=result.primary,
        complementary_codes=tuple(sorted(result.complementary)),
        sub_modality=_sub_modality(incident),
        **_part(incident),
    )


def _basis(result: Result, incident: Incident) -> str:
    if incident.event == "licence_breach":
        return Basis.LICENCE_BREACH.value
    voluntary = result.answer is Answer.NOT_NOTIFIABLE
    return Basis.VOLUNTARY.value if voluntary else Basis.STATUTORY.value


def _group(incident: Incident) -> str:
    if incident.foetus_exposed:
        return ExposedGroup.FOETUS.value
    if incident.infant_exposed:
        return ExposedGroup.BREASTFED_INFANT.value
    return incident.person or ""


def _sub_modality(incident: Incident) -> str:
    """Where the answers leave no choice."""
    if incident.modality == Modality.NUCLEAR_MEDICINE and incident.radionuclide_therapy:
        return SubModality.RADIONUCLIDE_THERAPY.value
    imaging = incident.planning_scan_affected or incident.verification_affected
    if incident.modality == Modality.RADIOTHERAPY and imaging and incident.treatment_affected is False:
        return SubModality.PLANNING_VERIFICATION.value
    return ""


def _part(incident: Incident) -> dict[str, Any]:
    if incident.modality == Modality.RADIOTHERAPY:
        return {"radiotherapy": _radiotherapy_part(incident)}
    if incident.modality == Modality.NUCLEAR_MEDICINE:
        part = RadionuclideContent(
            activity_prescribed_mbq=incident.prescribed_activity,
            activity_administered_mbq=incident.administered_activity,
            effective_dose_msv=incident.total_effective_dose,
        )
        return {"radionuclide": part}
    if incident.modality != Modality.DIAGNOSTIC_IMAGING:
        return {}
    imaging = ImagingContent(
        intended_effective_dose_msv=incident.intended_effective_dose,
        actual_effective_dose_msv=incident.total_effective_dose,
        local_drl_multiple=incident.local_drl_multiple,
        tissue_reaction=incident.tissue_reaction,
        transient_erythema_only=incident.transient_erythema_only,
    )
    return {"imaging": imaging}


def _radiotherapy_part(incident: Incident) -> RadiotherapyContent:
    return RadiotherapyContent(
        delivered_ratio_course=incident.course_ratio,
        delivered_ratio_fraction=incident.fraction_ratio,
        geographical_miss=incident.geographical_miss or "",
        planning_scans=incident.planning_scans_total,
        images_in_fraction=incident.images_in_fraction,
        planned_images_in_course=incident.planned_images,
        actual_images_in_course=incident.images_in_course,
    )
