"""An exposure for each planned notification: a criteria code that suits its cause, and doses that reach it.

CQC publishes neither codes nor doses, so they are made up here, by the codes and thresholds of SAUE-2023.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from enforcement.year.draw import Draw
from enforcement.year.margins import Slot
from enforcement.year.records import DoseFacts

__all__ = ["Exposure", "exposure_of"]

_PREGNANCY = ("unknown-pregnancy", "pregnancy-check")
_TISSUE = ("deterministic-effects", "ten-times-drl")
# Nobody meant this person to be exposed at this time: an accidental exposure.
_NOT_MEANT = (
    "wrong-patient", "patient-id", "failure-to-cancel", "failure-to-cancel-request", "duplicate-imaging",
    "failure-to-cancel-radiotherapy", "referral-premature",
)  # fmt: skip
_PLANNING_SCAN = ("scan-protocol", "marking", "positioning-of-patient")
# Codes of unintended imaging exposure by sub-modality, each with its share in a hundred.
_IMAGING_CODES: dict[str, tuple[tuple[str, int], ...]] = {
    "ct": (("2.3", 60), ("2.4", 25), ("2.2", 15)),
    "plain_film": (("2.1", 100),),
    "mammography": (("2.1", 100),),
    "other_imaging": (("2.2", 60), ("2.1", 40)),
    "diagnostic_nm": (("2.3", 70), ("2.2", 30)),
    "pet": (("2.3", 80), ("2.4", 20)),
    "in_vitro": (("2.1", 100),),
}
_CHILD_PERCENT = {"plain_film": 40, "ct": 8}
_MOST_PEOPLE = 8
_EQUIPMENT = "-equipment-"


@dataclass(frozen=True)
class Exposure:
    """The code, who was exposed, and the dose facts that make the code fit."""

    criteria_code: str
    complementary: tuple[str, ...]
    exposed: str
    people: int
    dose: DoseFacts


def exposure_of(draw: Draw, slot: Slot, *, wrong_radiopharmaceutical: bool) -> Exposure:
    """The exposure of one notification; always the same for the same slot of the same year."""
    code = "9" if wrong_radiopharmaceutical else _code(draw, slot)
    exposed = _exposed(draw, slot, code)
    people = _people(draw, slot)
    complementary = [
        *(["equipment"] if _EQUIPMENT in slot.cause else []),
        *(["multiple_individuals"] if people > 1 else []),
    ]
    return Exposure(code, tuple(complementary), exposed, people, _DOSES[code](draw, slot, exposed))


def _code(draw: Draw, slot: Slot) -> str:
    if slot.cause.endswith(_PREGNANCY):
        return "5"
    if slot.cause.endswith(_TISSUE):
        return "3"
    if slot.modality == "radiotherapy":
        return _radiotherapy_code(draw, slot)
    if slot.submodality == "radionuclide_therapy":
        return "8"
    if slot.cause.endswith(_NOT_MEANT):
        return "1"
    return _pick(draw, slot, _IMAGING_CODES.get(slot.submodality, (("2.2", 100),)))


def _radiotherapy_code(draw: Draw, slot: Slot) -> str:
    if slot.submodality == "planning_verification":
        if slot.cause.endswith(_PLANNING_SCAN):
            return "4.1"
        return _pick(draw, slot, (("4.2a", 75), ("4.2b", 25)))
    if "geographical-miss" in slot.cause:
        return "7.3"
    if slot.cause.endswith(_NOT_MEANT):
        return "1"
    return _pick(draw, slot, (("7.1", 65), ("7.2", 35)))


def _pick(draw: Draw, slot: Slot, shares: tuple[tuple[str, int], ...]) -> str:
    drawn = draw.number("code", slot, below=100)
    for code, percent in shares:
        drawn -= percent
        if drawn < 0:
            return code
    return shares[-1][0]


def _exposed(draw: Draw, slot: Slot, code: str) -> str:
    if code == "5":
        return "foetus"
    return "child" if draw.chance("child", slot, percent=_CHILD_PERCENT.get(slot.submodality, 2)) else "adult"


def _people(draw: Draw, slot: Slot) -> int:
    """Equipment and mammography settings tend to affect several people before they are noticed."""
    shared_fault = _EQUIPMENT in slot.cause or slot.submodality == "mammography"
    if shared_fault and draw.chance("people", slot, percent=20):
        return draw.between("how many", slot, low=2, high=_MOST_PEOPLE)
    return 1


def _tenths(draw: Draw, slot: Slot, what: str, low: int, high: int) -> Decimal:
    """A drawn decimal between ``low`` and ``high`` tenths."""
    return Decimal(draw.between(what, slot, low=low, high=high)) / 10


def _hundredths(draw: Draw, slot: Slot, what: str, low: int, high: int) -> Decimal:
    """A drawn decimal between ``low`` and ``high`` hundredths."""
    return Decimal(draw.between(what, slot, low=low, high=high)) / 100


def _accidental(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    total = _tenths(draw, slot, "total", *((10, 60) if exposed == "child" else (30, 160)))
    return DoseFacts(
        exposure_kind="accidental", intended_effective_dose=Decimal(0), total_effective_dose=total
    )


def _low_band(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    total = _tenths(draw, slot, "total", *((10, 30) if exposed == "child" else (30, 60)))
    return DoseFacts(
        intended_effective_dose=_hundredths(draw, slot, "intended", 1, 29), total_effective_dose=total
    )


def _multiple(low: int, high: int, least: int, most: int) -> Callable[[Draw, Slot, str], DoseFacts]:
    """Intended between ``low`` and ``high`` tenths of a mSv, ``least`` to ``most`` tenths times over."""

    def facts(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
        intended = _tenths(draw, slot, "intended", low, high)
        return DoseFacts(
            intended_effective_dose=intended,
            total_effective_dose=intended * _tenths(draw, slot, "factor", least, most),
        )

    return facts


def _middle_band(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(
        intended_effective_dose=_tenths(draw, slot, "intended", 26, 100),
        total_effective_dose=_tenths(draw, slot, "total", 250, 420),
    )


def _tissue_reaction(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(
        intended_effective_dose=_tenths(draw, slot, "intended", 50, 150),
        total_effective_dose=_tenths(draw, slot, "total", 160, 400),
        tissue_reaction=True,
    )


def _planning_scans(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(planning_scans_total=draw.between("scans", slot, low=3, high=4))


def _images_in_fraction(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    failed = _EQUIPMENT in slot.cause
    return DoseFacts(
        images_in_fraction=draw.between("images", slot, low=3, high=6),
        set_up_error=not failed,
        hardware_or_software_failure=failed,
    )


def _images_over_course(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    planned = draw.between("planned", slot, low=5, high=20)
    least = -(-planned // 2)
    return DoseFacts(
        planned_images=planned, additional_images=draw.between("additional", slot, low=least, high=planned)
    )


def _foetal(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(foetal_dose=_tenths(draw, slot, "foetal", 100, 350))


def _target(low: int, high: int) -> Callable[[Draw, Slot, str], DoseFacts]:
    """A target dose delivered at ``low`` to ``high`` per cent of what was intended over the course."""

    def facts(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
        intended = Decimal(draw.between("target", slot, low=20, high=70))
        return DoseFacts(
            intended_target_dose=intended,
            delivered_target_dose=intended * _hundredths(draw, slot, "delivered", low, high),
        )

    return facts


def _geographical_miss(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(
        intended_target_dose=Decimal(draw.between("target", slot, low=20, high=70)),
        total_geographical_miss=True,
    )


def _therapy_activity(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    prescribed = Decimal(100 * draw.between("prescribed", slot, low=4, high=74))
    low, high = (60, 88) if draw.chance("under", slot, percent=75) else (112, 130)
    return DoseFacts(
        prescribed_activity=prescribed,
        administered_activity=prescribed * _hundredths(draw, slot, "given", low, high),
    )


def _wrong_radiopharmaceutical(draw: Draw, slot: Slot, exposed: str) -> DoseFacts:
    return DoseFacts(
        intended_effective_dose=_tenths(draw, slot, "intended", 10, 80),
        total_effective_dose=_tenths(draw, slot, "total", 10, 80),
        wrong_radiopharmaceutical=True,
    )


_DOSES: dict[str, Callable[[Draw, Slot, str], DoseFacts]] = {
    "1": _accidental,
    "2.1": _low_band,
    "2.2": _multiple(3, 25, 100, 149),
    "2.3": _middle_band,
    "2.4": _multiple(101, 180, 25, 35),
    "3": _tissue_reaction,
    "4.1": _planning_scans,
    "4.2a": _images_in_fraction,
    "4.2b": _images_over_course,
    "5": _foetal,
    "7.1": _target(110, 125),
    "7.2": _target(70, 90),
    "7.3": _geographical_miss,
    "8": _therapy_activity,
    "9": _wrong_radiopharmaceutical,
}
