"""Is an incident notifiable? The criteria of its day, or of each of its days, applied to what is known of it.

Pure. Truth has three values here: a rule is met, is not met, or cannot be decided on what is known. Where
more than one version of the criteria applies, or may, each is read; where they differ nobody can tell.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from notifications.criteria.evaluation import Evaluation, Truth
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import values_of
from notifications.criteria.reading import (
    ALWAYS_ASKED,
    Answer,
    Reading,
    day_in_words,
    in_order,
    period_of,
    reading_of,
    unknown,
)
from notifications.criteria.reference import Criteria, Regime, shipped
from notifications.criteria.routing import Route, routes_of

__all__ = ["Answer", "Reading", "Result", "assumed_beginning", "check", "needed", "period_of"]

_ASKED_OF_EVERY_INCIDENT: Final = (
    *ALWAYS_ASKED,
    "occurred_until",
    "exposure_kind",
    "person",
    "equipment_failure",
)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer, and everything that it rests on.

    ``readings`` are those of each version of the criteria that applies or may, the earliest first; none where
    the date is not known or another body decides. ``regime`` is the one of the (first) day. ``primary`` is
    the code to give (``""`` where none is met), ``others`` the further codes that are met, ``complementary``
    the keys of complementary codes. ``missing`` are the facts that would settle what is open, in the order of
    the questions.
    """

    answer: Answer
    regime: Regime | None
    routes: tuple[Route, ...]
    readings: tuple[Reading, ...] = ()
    primary: str = ""
    others: tuple[str, ...] = ()
    complementary: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    verified: bool = False

    @property
    def evaluations(self) -> tuple[Evaluation, ...]:
        """Every rule of every reading."""
        return tuple(each for reading in self.readings for each in reading.evaluations)

    def of(self, truth: Truth) -> tuple[Evaluation, ...]:
        """The rules that came out so."""
        return tuple(each for each in self.evaluations if each.truth is truth)


def check(incident: Incident, criteria: Criteria | None = None) -> Result:
    """Whether the incident is notifiable to CQC under the criteria of its date.

    ``criteria`` are those that the project ships, unless others are given (``in_force.criteria_in_force``).
    """
    routes = routes_of(incident)
    if any(route.instead for route in routes):
        return Result(
            Answer.ELSEWHERE, None, routes, reasons=tuple(route.why for route in routes if route.instead)
        )
    held = criteria or shipped()
    if incident.occurred_on is None:
        why = "The criteria of the day of the incident apply, and that day is not known."
        missing = in_order(unknown(incident, ALWAYS_ASKED))
        return Result(Answer.CANNOT_TELL, None, routes, reasons=(why,), missing=missing)
    readings = _readings(incident, held)
    regime = held.regime_on(incident.occurred_on)
    own = next(each for each in readings if each.regime is regime)
    answer = own.answer if len({each.answer for each in readings}) == 1 else Answer.CANNOT_TELL
    primary, *others = own.codes if answer is Answer.NOTIFIABLE and own.codes else ("",)
    return Result(
        answer,
        regime,
        routes,
        readings,
        primary,
        tuple(others),
        complementary=() if answer is Answer.NOT_NOTIFIABLE else _complementary(incident),
        reasons=own.reasons if len(readings) == 1 else tuple(_of_several(incident, readings)),
        missing=in_order(_missing(readings)) if answer is Answer.CANNOT_TELL else (),
        verified=answer is not Answer.CANNOT_TELL
        and all(each.verified and each.codes[:1] == own.codes[:1] for each in readings),
    )


def needed(incident: Incident, criteria: Criteria | None = None) -> tuple[str, ...]:
    """The questions that matter to this incident as far as it is known, whether answered or not.

    They follow from the rules of its date and modality: what no rule asks for is not asked of people. Every
    fact that ``check`` calls missing is among them.
    """
    if any(route.instead for route in routes_of(incident)):
        return ("country", "event")
    asked = set(_ASKED_OF_EVERY_INCIDENT)
    if incident.occurred_on is not None:
        for reading in _readings(incident, criteria or shipped()):
            asked |= reading.missing
            asked = asked.union(*(each.asks for each in reading.evaluations))
    return in_order(asked)


def assumed_beginning(regime: Regime) -> str:
    """What is not known of the day on which the regime began, in a sentence; ``""`` where it is known."""
    if regime.effective_from is None or regime.begun_by is None:
        return ""
    first, last = day_in_words(regime.effective_from), day_in_words(regime.begun_by)
    return f"The day on which it began is not published: {first} is assumed; it was {last} at the latest."


def _readings(incident: Incident, criteria: Criteria) -> tuple[Reading, ...]:
    first = incident.occurred_on
    if first is None:
        return ()
    values = values_of(incident)
    regimes = criteria.regimes_between(first, incident.occurred_until or first)
    return tuple(reading_of(incident, regime, values) for regime in regimes)


def _missing(readings: Iterable[Reading]) -> set[str]:
    return {name for each in readings if each.answer is Answer.CANNOT_TELL for name in each.missing}


def _of_several(incident: Incident, readings: tuple[Reading, ...]) -> Iterator[str]:
    """Why more than one version is looked at, what each says where they differ, and what each rests on."""
    yield from _why_several(incident, readings)
    differ = len({(each.answer, each.codes) for each in readings}) > 1
    for each in readings if differ else ():
        regime, codes = each.regime, f", code {each.codes[0]}" if each.codes else ""
        yield f"{regime.label}, {period_of(regime)}: {_SAID[each.answer]}{codes}."
    told = [each for each in readings if not differ or each.answer is not Answer.NOT_NOTIFIABLE]
    yield from dict.fromkeys(reason for each in told for reason in each.reasons)


_SAID: Final = {
    Answer.NOTIFIABLE: "notifiable",
    Answer.NOT_NOTIFIABLE: "not notifiable on these facts",
    Answer.CANNOT_TELL: "we cannot tell",
}


def _why_several(incident: Incident, readings: tuple[Reading, ...]) -> Iterator[str]:
    first = incident.occurred_on
    if first is None:
        return
    last = incident.occurred_until or first
    for each in readings:
        if each.regime.is_in_doubt(first, last):
            yield f"{each.regime.label}. {assumed_beginning(each.regime)} So both versions are looked at."
    if sum(each.regime.touches(first, last) for each in readings) > 1:
        yield (
            f"It went on from {day_in_words(first)} to {day_in_words(last)}, so the versions of all those "
            "days are looked at. Where they differ, check each exposure by its own day."
        )


def _complementary(incident: Incident) -> tuple[str, ...]:
    held = {
        "clinically_significant": incident.clinically_significant,
        "multiple_individuals": (incident.number_exposed or 0) > 1,
        "equipment": incident.equipment_failure,
    }
    return tuple(key for key, applies in held.items() if applies)
