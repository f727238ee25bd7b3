"""What an activity return may say: which years, which numbers, and what is asked about. No writes.

Page, file and API read what was typed through here, so that each answers the same slip in the same words.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError

from regulator.organisations.models import EMPLOYERS_RETURN, Completeness, Modality
from regulator.periods import Period, reporting_year, reporting_year_as_typed, reporting_year_of

FIRST_YEAR: Final = reporting_year("2017/18")
"""The first that an employer returns: IR(ME)R 2017 came into force in it, on 6 February 2018."""
MOST: Final = 100_000_000
"""More than anybody carries out: all of England had some 30 million ionising examinations in 2023/24."""
IMPROBABLE_RATIO: Final = 10
"""So many times more or less than the year beside it is asked about. The portal's own bound."""

_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:(?P<mark>[,'’ ])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
_DIGITS: Final = re.compile(r"[0-9]+")
_SLIPS: Final = (
    (re.compile(r"[-−–] ?[0-9][0-9, ]*(?:\.[0-9]+)?"), "The number must be 0 or more"),
    (re.compile(r"[=+@].*|-.+"), "This is a formula: enter the number itself"),
    (
        re.compile(r"[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+"),
        "The number is shortened, as a spreadsheet shows a long one: write all its digits",
    ),
    (
        re.compile(r"[0-9][0-9, ]*\.[0-9]*"),
        "Enter a whole number, without a point; a thousand is written 1,000 or 1000",
    ),
)
_NOT_A_NUMBER: Final = "Enter a whole number, like 12400 or 12,400"
_APOSTROPHES: Final = re.compile("[’‘'`´]")


@dataclass(frozen=True, slots=True)
class ReturnDetails:
    """What a lead says of one modality in one reporting year.

    ``version`` is that of the return which they saw, 0 where they saw none. ``confirmed`` says that the
    number is right although it looks improbable.
    """

    year: Period
    modality: str
    quantity: int
    completeness: str
    version: int = 0
    confirmed: bool = False

    @property
    def name(self) -> str:
        """Under which faults name it, before the field at fault: ``2023-24.radiotherapy``."""
        return f"{self.year.slug}.{self.modality}"


# Years -----------------------------------------------------------------------------------------------


def years_open(today: date) -> list[Period]:
    """The reporting years that may be returned, the newest first: the running one back to the first."""
    found = [reporting_year_of(today)]
    while found[-1].start > FIRST_YEAR.start:
        found.append(year_before(found[-1]))
    return found


def year_before(year: Period) -> Period:
    """The reporting year before."""
    return reporting_year_of(year.start - timedelta(days=1))


def year_after(year: Period) -> Period:
    """The reporting year after."""
    return reporting_year_of(year.end + timedelta(days=1))


def last_ended(today: date) -> Period:
    """The newest reporting year that has ended."""
    return year_before(reporting_year_of(today))


def has_ended(year: Period, today: date) -> bool:
    return year.end < today


# Reading what was typed ------------------------------------------------------------------------------


def year_in(typed: str) -> Period:
    """The reporting year that was typed, in any of the ways people write one. Raises ``ValidationError``."""
    if not typed.strip():
        raise ValidationError("Enter the reporting year, like 2023/24")
    try:
        return reporting_year_as_typed(typed)
    except ValueError:
        message = f"“{_shown(typed)}” is not a reporting year: write it like 2023/24"
        raise ValidationError(message) from None


def modality_in(typed: str) -> str:
    """The modality that was typed, by its name or its key. Raises ``ValidationError``."""
    return _choice_in(typed, Modality.choices, "modality")


def completeness_in(typed: str) -> str:
    """The completeness that was typed, by its name or its key. Raises ``ValidationError``."""
    return _choice_in(typed, Completeness.choices, "completeness")


def quantity_in(typed: str) -> int:
    """The number that was typed, with or without marks between the thousands.

    Raises ``ValidationError`` for anything but a whole number from 0 to ``MOST``, saying which slip it is.
    """
    text = " ".join(typed.split())
    if not text:
        raise ValidationError("Enter the number, or 0 if there were none")
    if not (_DIGITS.fullmatch(text) or _THOUSANDS.fullmatch(text)):
        slips = (message for pattern, message in _SLIPS if pattern.fullmatch(text))
        raise ValidationError(next(slips, _NOT_A_NUMBER))
    digits = re.sub("[^0-9]", "", text).lstrip("0")
    quantity = int(digits or "0") if len(digits) <= len(str(MOST)) else MOST + 1
    if refusal := _refusal_of_quantity(quantity):
        raise ValidationError(refusal)
    return quantity


def _choice_in(typed: str, choices: list[tuple[str, str]], what: str) -> str:
    said = _plain(typed)
    if not said:
        raise ValidationError(f"Enter the {what}: {_offered(choices)}")
    for key, label in choices:
        if said in (_plain(key), _plain(label)):
            return key
    raise ValidationError(f"“{_shown(typed)}” is not a {what}: enter {_offered(choices)}")


def _plain(typed: str) -> str:
    return " ".join(re.sub("[_-]", " ", typed).casefold().split())


def _offered(choices: list[tuple[str, str]]) -> str:
    keys = [key for key, _ in choices]
    return f"{', '.join(keys[:-1])} or {keys[-1]}"


def _shown(typed: str) -> str:
    """What was typed, short enough to stand in a sentence."""
    text = " ".join(typed.split())
    return text if len(text) <= 40 else f"{text[:39]}…"


# Rules -----------------------------------------------------------------------------------------------


def refuse_details(details: ReturnDetails, today: date) -> None:
    """Raise ``ValidationError``, by field, for what no return of an employer may say."""
    said = {name: getattr(details, name) for name in ("year", "modality", "quantity", "completeness")}
    _raise(**refusals(said, today))


def refusals(said: Mapping[str, Any], today: date) -> dict[str, str]:
    """By field, what no return of an employer may say; of a return that is only partly known, what is wrong
    with that part."""
    year: Period | None = said.get("year")
    found = {
        "year": _refusal_of_year(year, today) if year else "",
        "modality": "That is not a modality" if said.get("modality") not in (*Modality.values, None) else "",
        "quantity": _refusal_of_quantity(said.get("quantity", 0)),
    }
    if "completeness" in said:
        end = year.end if year else date.min
        found["completeness"] = _refusal_of_completeness(said["completeness"], end, today)
    return {field: message for field, message in found.items() if message}


def refuse_recorded(
    *, period_start: date, period_end: date, quantity: int, completeness: str, source: str, today: date
) -> None:
    """Raise ``ValidationError``, by field, for what CQC may not record of an employer's activity.

    A data set may cover any days; what is said of numbers and of years that have not ended holds for it, too.
    What the employer returns, it returns itself.
    """
    own = _is_own(source)
    _raise(
        period_start="These days have not begun yet." if period_start > today else "",
        period_end="The last day comes before the first." if period_end < period_start else "",
        quantity=_refusal_of_quantity(quantity),
        completeness=_refusal_of_completeness(completeness, period_end, today),
        source="The employer’s lead files this return. Name the data set that it comes from." if own else "",
    )


def doubts_about(
    details: ReturnDetails, *, numbers: Mapping[tuple[str, str], int], carried_out: Collection[str]
) -> list[str]:
    """Why the number looks improbable, in words; nothing where it does not.

    It is held against the number for the reporting year before, or where there is none, for the year after:
    ``numbers``, by label and modality. ``carried_out`` are the modalities of all sites of the employer, and
    empty where none says anything.
    """
    found = []
    for year, verb in ((year_before(details.year), "was"), (year_after(details.year), "is")):
        number = numbers.get((year.label, details.modality))
        if number is not None:
            if _far_from(details.quantity, number):
                found.append(f"You give {details.quantity:,}. For {year.label} it {verb} {number:,}.")
            break
    if details.quantity and carried_out and details.modality not in carried_out:
        name = Modality(details.modality).label.lower()
        found.append(f"None of your sites says that it carries out {name}.")
    return found


def _far_from(quantity: int, before: int) -> bool:
    less, more = sorted((quantity, before))
    return less != more and more >= IMPROBABLE_RATIO * less


def _raise(**faults: str) -> None:
    found = {field: [message] for field, message in faults.items() if message}
    if found:
        raise ValidationError(found)


def _refusal_of_year(year: Period, today: date) -> str:
    if year.start > today:
        return f"{year.label} has not begun"
    if year.start < FIRST_YEAR.start:
        return f"Returns begin with {FIRST_YEAR.label}, the first year under IR(ME)R 2017"
    return ""


def _refusal_of_quantity(quantity: int) -> str:
    if quantity < 0:
        return "The number must be 0 or more"
    return f"The number must be {MOST:,} or less" if quantity > MOST else ""


def _refusal_of_completeness(completeness: str, end: date, today: date) -> str:
    if completeness not in Completeness.values:
        return "Say whether the number is complete, partial or estimated"
    if completeness == Completeness.COMPLETE and end >= today:
        return f"It cannot be complete: the period ends on {end.day} {end:%B %Y}"
    return ""


def _is_own(source: str) -> bool:
    return _plain(_APOSTROPHES.sub("’", source)) == _plain(EMPLOYERS_RETURN)
