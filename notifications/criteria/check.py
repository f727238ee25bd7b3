"""Is an incident notifiable? The rules of the regime of its date, applied to what is known of it.

Pure. Truth has three values here: a rule is met, is not met, or cannot be decided on what is known. CQC's
guidance asks employers to notify what is shown to meet a criterion, while regulation 8(4) asks them to
notify unless it is shown that none is met; so nothing that is missing or unverified ever gives a "no".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final

from notifications.criteria.evaluation import Evaluation, Truth, evaluate
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import values_of
from notifications.criteria.reference import Criteria, Regime, Rule, shipped
from notifications.criteria.routing import Route, routes_of

__all__ = ["Answer", "Result", "check", "needed", "period_of"]

_ALWAYS_ASKED: Final = (
    "country",
    "event",
    "occurred_on",
    "modality",
    "number_exposed",
    "clinically_significant",
)


class Answer(Enum):
    """What the checker says, with the sentence that heads a page."""

    NOTIFIABLE = "notifiable"
    NOT_NOTIFIABLE = "not_notifiable"
    CANNOT_TELL = "cannot_tell"
    ELSEWHERE = "elsewhere"

    @property
    def heading(self) -> str:
        return _HEADINGS[self]

    @property
    def advice(self) -> str:
        """What to do, in a sentence or two."""
        return _ADVICE[self]


_HEADINGS: Final = {
    Answer.NOTIFIABLE: "This is notifiable to CQC",
    Answer.NOT_NOTIFIABLE: "This is not notifiable on these facts",
    Answer.CANNOT_TELL: "We cannot tell from these answers",
    Answer.ELSEWHERE: "This belongs to another body",
}
_ADVICE: Final = {
    Answer.NOTIFIABLE: "Notify CQC as soon as possible: the time limit runs from the day of discovery.",
    Answer.NOT_NOTIFIABLE: "Record it, with its analysis, under regulation 8(3). You may still send it "
    "to CQC as a voluntary report if there is something to learn from it.",
    Answer.CANNOT_TELL: "Notify CQC, or talk to an inspector. Do not wait for a missing estimate: the "
    "time limit runs from the day of discovery.",
    Answer.ELSEWHERE: "CQC’s criteria do not decide this. Tell the body named here.",
}


@dataclass(frozen=True, slots=True)
class Result:
    """The answer, and everything that it rests on.

    ``regime`` is ``None`` where the date is not known. ``primary`` is the code to give (``""`` where none is
    met), ``others`` the further codes that are met, ``complementary`` the keys of complementary codes.
    ``missing`` are the facts that would settle what is open, in the order of the questions.
    """

    answer: Answer
    regime: Regime | None
    routes: tuple[Route, ...]
    evaluations: tuple[Evaluation, ...]
    primary: str
    others: tuple[str, ...]
    complementary: tuple[str, ...]
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    verified: bool

    def of(self, truth: Truth) -> tuple[Evaluation, ...]:
        """The rules that came out so."""
        return tuple(each for each in self.evaluations if each.truth is truth)


def check(incident: Incident, criteria: Criteria | None = None) -> Result:
    """Whether the incident is notifiable to CQC under the criteria of its date.

    ``criteria`` are those that the project ships, unless others are given (``queries.criteria_in_force``).
    """
    routes = routes_of(incident)
    if any(route.instead for route in routes):
        reasons = tuple(route.why for route in routes if route.instead)
        return _result(Answer.ELSEWHERE, None, routes, reasons=reasons)
    regime = (criteria or shipped()).regime_on(incident.occurred_on) if incident.occurred_on else None
    if regime is None:
        why = "The criteria of the day of the incident apply, and that day is not known."
        return _result(
            Answer.CANNOT_TELL, None, routes, reasons=(why,), missing=_unknown(incident, _ALWAYS_ASKED)
        )
    if not regime.rules:
        why = f"The criteria {period_of(regime)} ({regime.label}) are not held here: ask an inspector."
        return _result(Answer.CANNOT_TELL, regime, routes, reasons=(why,))
    return _checked(incident, regime, routes)


def needed(incident: Incident, criteria: Criteria | None = None) -> tuple[str, ...]:
    """The questions that matter to this incident as far as it is known, whether answered or not.

    They follow from the rules of its date and modality: what no rule asks for is not asked of people.
    """
    if any(route.instead for route in routes_of(incident)):
        return ("country", "event")
    if incident.country is None or incident.event is None or incident.occurred_on is None:
        return ("country", "event", "occurred_on")
    rules = (criteria or shipped()).regime_on(incident.occurred_on).rules
    if not rules:
        return ("country", "event", "occurred_on")
    if incident.modality is None:
        return ("country", "event", "occurred_on", "modality")
    values = values_of(incident)
    asked = {*_ALWAYS_ASKED, "exposure_kind", "equipment_failure"}
    for rule in _fitting(rules, incident.modality):
        asked |= evaluate(rule, values, incident).asks
    return _in_order(asked)


def _checked(incident: Incident, regime: Regime, routes: tuple[Route, ...]) -> Result:
    values = values_of(incident)
    evaluations = tuple(
        evaluate(rule, values, incident) for rule in _fitting(regime.rules, incident.modality)
    )
    met = [each for each in evaluations if each.truth is Truth.MET]
    overriding = _overriding(incident)
    if met or overriding:
        met.sort(
            key=lambda each: not each.rule.verified
        )  # a verified code first; stable: the first that fits
        codes = [each.rule.code for each in met]
        return _result(
            Answer.NOTIFIABLE,
            regime,
            routes,
            evaluations,
            codes=codes,
            complementary=_complementary(incident),
            reasons=(*overriding, *(each.sentence for each in met)),
            verified=bool(overriding) or met[0].rule.verified,
        )
    return _open_or_no(incident, regime, routes, evaluations)


def _open_or_no(
    incident: Incident, regime: Regime, routes: tuple[Route, ...], evaluations: tuple[Evaluation, ...]
) -> Result:
    """No rule is met: "no" where every rule is decided and verified, else "cannot tell" with why."""
    missing = set(_unknown(incident, _ALWAYS_ASKED))
    doubts = []
    for each in evaluations:
        missing |= each.missing
        if each.truth is Truth.DOUBTFUL or (each.truth is Truth.NOT_MET and not each.rule.verified):
            doubts.append(_doubt(each))
    reasons = [f"Not known: {FACTS[name].short}." for name in _in_order(missing)]
    if missing or doubts:
        return _result(
            Answer.CANNOT_TELL,
            regime,
            routes,
            evaluations,
            complementary=_complementary(incident),
            reasons=(*doubts, *reasons),
            missing=_in_order(missing),
        )
    why = f"No criterion {period_of(regime)} ({regime.label}) is met, and each that concerns this is decided."
    return _result(Answer.NOT_NOTIFIABLE, regime, routes, evaluations, reasons=(why,), verified=True)


def _result(
    answer: Answer,
    regime: Regime | None,
    routes: tuple[Route, ...],
    evaluations: tuple[Evaluation, ...] = (),
    *,
    codes: Iterable[str] = (),
    complementary: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    verified: bool = False,
) -> Result:
    primary, *others = codes or ("",)
    return Result(
        answer, regime, routes, evaluations, primary, tuple(others), complementary, reasons, missing, verified
    )


def _overriding(incident: Incident) -> tuple[str, ...]:
    """What makes an incident notifiable whatever the doses (CQC, complementary notification codes)."""
    found = []
    if incident.number_exposed is not None and incident.number_exposed > 1:
        found.append(f"{incident.number_exposed} people were exposed: notifiable whatever each dose.")
    if incident.clinically_significant:
        found.append("It was clinically significant: notifiable, and people must be told (regulation 8(1)).")
    return tuple(found)


def _complementary(incident: Incident) -> tuple[str, ...]:
    held = {
        "clinically_significant": incident.clinically_significant,
        "multiple_individuals": (incident.number_exposed or 0) > 1,
        "equipment": incident.equipment_failure,
    }
    return tuple(key for key, applies in held.items() if applies)


def _fitting(rules: tuple[Rule, ...], modality: str | None) -> tuple[Rule, ...]:
    return rules if modality is None else _of_modality(rules, modality)


@cache
def _of_modality(rules: tuple[Rule, ...], modality: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if modality in rule.modalities)


def _unknown(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if getattr(incident, name) is None)


def _in_order(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in FACTS if name in wanted)


def _doubt(evaluation: Evaluation) -> str:
    rule = evaluation.rule
    if evaluation.truth is Truth.DOUBTFUL:
        return f"Code {rule.code}, {rule.category}, may apply: {rule.note}."
    return f"Code {rule.code}, {rule.category}, is not met, but is not verified against CQC’s table."


def period_of(regime: Regime) -> str:
    """When the criteria were in force: "in force from 1 April 2023"."""
    begun = f"in force from {_day(regime.effective_from)}" if regime.effective_from else ""
    to = "until" if begun else "in force until"
    ended = f"{to} {_day(regime.effective_to)}" if regime.effective_to else ""
    return " ".join(filter(None, (begun, ended))) or "of every date"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
