"""One incident as far as it is known: typed facts, each of which may be missing.

Pure. ``read_incident`` makes one of the plain answers that a page, the API or the command was given.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any, Final

from notifications.criteria.facts import FACTS, Fact
from notifications.criteria.units import NotAnAmount, in_base_unit, number_of, units_of

__all__ = ["EARLIEST", "Incident", "WrongAnswers", "read_incident"]

EARLIEST: Final = date(2000, 5, 13)
"""The first Ionising Radiation (Medical Exposure) Regulations came into force on this day."""
_UNKNOWN: Final = ("", "unknown", "not_known")


class WrongAnswers(ValueError):
    """Answers that cannot be read. ``faults`` has the message for each by the name of its fact."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in faults.items()))
        self.faults = dict(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What is known, by the names of ``criteria.facts``; ``None`` is not known.

    Effective doses in mSv, the dose to an unborn child in mGy, activities in MBq; ratios and multiples are
    plain numbers. Without ``occurred_until`` it happened on one day.
    """

    country: str | None = None
    event: str | None = None
    occurred_on: date | None = None
    occurred_until: date | None = None
    modality: str | None = None
    exposure_kind: str | None = None
    number_exposed: int | None = None
    person: str | None = None
    foetus_exposed: bool | None = None
    infant_exposed: bool | None = None
    clinically_significant: bool | None = None
    equipment_failure: bool | None = None
    planning_scan_affected: bool | None = None
    verification_affected: bool | None = None
    treatment_affected: bool | None = None
    radionuclide_therapy: bool | None = None
    wrong_radiopharmaceutical: bool | None = None
    intended_effective_dose: Decimal | None = None
    total_effective_dose: Decimal | None = None
    enquiry_failed: bool | None = None
    procedural_failure: bool | None = None
    interventional: bool | None = None
    local_drl_multiple: Decimal | None = None
    tissue_reaction: bool | None = None
    transient_erythema_only: bool | None = None
    planning_scans_total: int | None = None
    set_up_error: bool | None = None
    hardware_or_software_failure: bool | None = None
    images_in_fraction: int | None = None
    planned_images: int | None = None
    images_in_course: int | None = None
    course_ratio: Decimal | None = None
    fraction_ratio: Decimal | None = None
    organ_at_risk_ratio: Decimal | None = None
    geographical_miss: str | None = None
    miss_distance_mm: Decimal | None = None
    margin_mm: Decimal | None = None
    prescribed_activity: Decimal | None = None
    administered_activity: Decimal | None = None
    foetal_dose: Decimal | None = None
    infant_effective_dose: Decimal | None = None


def read_incident(answers: Mapping[str, Any], *, today: date, strict: bool = True) -> Incident:
    """The incident that ``answers`` tell of, by fact; amounts have their unit under ``<name>_unit``.

    An answer that is absent, empty, ``None`` or ``"unknown"`` is not known. Raises ``WrongAnswers`` with
    every answer that cannot be read or that no draft could keep, a date after ``today`` and, where
    ``strict``, a name that is no fact. Whatever is left when the faulty answers are taken out can be read.
    """
    faults: dict[str, str] = {}
    if strict:
        known = set(FACTS) | {f"{name}_unit" for name in FACTS if FACTS[name].dimension}
        faults |= {str(name): "There is no such question." for name in answers if name not in known}
    read: dict[str, Any] = {}
    for name, fact in FACTS.items():
        answer = answers.get(name)
        text = "" if answer is None else _written(answer)
        if text.lower() in _UNKNOWN:
            continue
        try:
            read[name] = _READERS[fact.kind](fact, text, _written(answers.get(f"{name}_unit") or ""))
        except ValueError as fault:
            faults[name] = str(fault)
    faults |= _date_faults(read, today)
    if faults:
        raise WrongAnswers(faults)
    return Incident(**read)


def _date_faults(read: Mapping[str, Any], today: date) -> dict[str, str]:
    faults = {}
    first, last = read.get("occurred_on"), read.get("occurred_until")
    for name, day in (("occurred_on", first), ("occurred_until", last)):
        if day and day > today:
            faults[name] = "The date must be today or in the past."
        elif day and day < EARLIEST:
            faults[name] = "The date must not be before the Regulations of 2000. Check the year."
    if last and (first is None or "occurred_on" in faults):
        faults.setdefault("occurred_until", "Enter the first day as well.")
    elif last and last < first:
        faults.setdefault("occurred_until", "The last day must not be before the first.")
    return faults


def _written(answer: object) -> str:
    """An answer as text: JSON has numbers and truth values of its own."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, float) and isfinite(answer):
        return format(Decimal(repr(answer)), "f")
    return str(answer).strip()


def _choice(fact: Fact, text: str, unit: str) -> str:
    if text not in {key for key, _ in fact.choices}:
        raise ValueError("Choose one of " + ", ".join(key for key, _ in fact.choices) + " or unknown.")
    return text


def _yes_no(fact: Fact, text: str, unit: str) -> bool:
    return _choice(fact, {"true": "yes", "false": "no"}.get(text.lower(), text.lower()), unit) == "yes"


def _date(fact: Fact, text: str, unit: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("Enter a date as year-month-day, like 2026-03-27.") from None


def _count(fact: Fact, text: str, unit: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) > fact.most:
        raise ValueError(f"Enter a whole number from 0 to {fact.most:,}.")
    return int(text)


def _number(fact: Fact, text: str, unit: str) -> Decimal:
    return _within(fact, number_of(text))


def _amount(fact: Fact, text: str, unit: str) -> Decimal:
    if fact.dimension is None:
        raise NotAnAmount("This has no unit.")
    number, _, written = text.partition(" ")
    number_of(number)
    if unit and written:
        raise NotAnAmount("Give the unit once.")
    amount = in_base_unit(number, unit or written or units_of(fact.dimension)[0], fact.dimension)
    return _within(fact, amount)


def _within(fact: Fact, number: Decimal) -> Decimal:
    return fact.bounds.within(number) if fact.bounds else number


_READERS: Final[Mapping[str, Callable[[Fact, str, str], Any]]] = {
    "choice": _choice,
    "yes_no": _yes_no,
    "date": _date,
    "count": _count,
    "number": _number,
    "amount": _amount,
}
