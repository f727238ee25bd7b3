"""An incident read under the criteria of one regime: notifiable, not notifiable, or not to be told.

Pure. CQC's guidance asks employers to notify what is shown to meet a criterion, while regulation 8(4) asks
them to notify unless it is shown that none is met; so nothing that is missing, unverified or contradictory
ever gives a "no".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Final

from notifications.criteria.evaluation import Evaluation, Truth, evaluate
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import PARTS_OF_RADIOTHERAPY, Values, has_part
from notifications.criteria.reference import Limit, Regime, Rule

__all__ = [
    "ALWAYS_ASKED",
    "Answer",
    "Reading",
    "day_in_words",
    "in_order",
    "period_of",
    "reading_of",
    "unknown",
]

ALWAYS_ASKED: Final = (
    "country",
    "event",
    "occurred_on",
    "modality",
    "number_exposed",
    "clinically_significant",
)
_ROUTING: Final = ("country", "event")


class Answer(Enum):
    """What the checker says, with the sentence that heads a page."""

    NOTIFIABLE = "notifiable"
    NOT_NOTIFIABLE = "not_notifiable"
    CANNOT_TELL = "cannot_tell"
    ELSEWHERE = "elsewhere"

    @property
    def heading(self) -> str:
        return _HEADINGS[self]

    def advice(self, limit: Limit) -> str:
        """What to do, in a sentence or two; ``limit`` is the one to notify."""
        return _ADVICE[self].format(within=limit.length)


_HEADINGS: Final = {
    Answer.NOTIFIABLE: "This is notifiable to CQC",
    Answer.NOT_NOTIFIABLE: "This is not notifiable on these facts",
    Answer.CANNOT_TELL: "We cannot tell from these answers",
    Answer.ELSEWHERE: "This belongs to another body",
}
_ADVICE: Final = {
    Answer.NOTIFIABLE: "Notify CQC as soon as possible, and at the latest {within} after discovery.",
    Answer.NOT_NOTIFIABLE: "Record it, with its analysis, under regulation 8(3). You may still send it "
    "to CQC as a voluntary report if there is something to learn from it.",
    Answer.CANNOT_TELL: "Notify CQC, or talk to an inspector. Do not wait for a missing estimate: the "
    "{within} run from discovery.",
    Answer.ELSEWHERE: "CQC’s criteria do not decide this. Tell the body named here.",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one regime says of an incident, and everything that this rests on.

    ``codes`` are those that are met, the one to give first; none unless it is notifiable. ``missing`` are the
    facts that would settle what is open.
    """

    regime: Regime
    answer: Answer
    evaluations: tuple[Evaluation, ...] = ()
    codes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    verified: bool = False


def reading_of(incident: Incident, regime: Regime, values: Values) -> Reading:
    """``incident``, whose quantities are ``values``, under the criteria of ``regime``."""
    if not regime.rules:
        why = f"The criteria {period_of(regime)} ({regime.label}) are not held here: ask an inspector."
        return Reading(regime, Answer.CANNOT_TELL, reasons=(why,))
    evaluations = tuple(
        evaluate(rule, values, incident) for rule in _fitting(regime.rules, incident.modality)
    )
    met = [each for each in evaluations if each.truth is Truth.MET]
    overriding = _overriding(incident)
    if incident.number_exposed == 0:
        return _of_nobody(incident, regime, evaluations)
    if not met and not overriding:
        return _open_or_no(incident, regime, evaluations)
    met.sort(key=lambda each: not each.rule.verified)  # a verified code first; stable: the first that fits
    reasons = (*overriding, *(each.sentence for each in met))
    if unplaced := unknown(incident, _ROUTING):
        why = "CQC is told of exposures of patients, carers and research participants in England alone."
        reasons = (why, *_not_known(unplaced), *reasons)
        return Reading(regime, Answer.CANNOT_TELL, evaluations, reasons=reasons, missing=frozenset(unplaced))
    return Reading(
        regime,
        Answer.NOTIFIABLE,
        evaluations,
        codes=tuple(each.rule.code for each in met),
        reasons=reasons,
        verified=bool(overriding) or met[0].rule.verified,
    )


def _open_or_no(incident: Incident, regime: Regime, evaluations: tuple[Evaluation, ...]) -> Reading:
    """No rule is met: "no" where every rule is decided and verified, else "cannot tell" with why."""
    missing = set(unknown(incident, ALWAYS_ASKED))
    doubts = []
    for each in evaluations:
        missing |= each.missing
        if each.truth is Truth.DOUBTFUL or (each.truth is Truth.NOT_MET and not each.rule.verified):
            doubts.append(_doubt(each))
    reasons = _not_known(missing)
    if _affected_nothing(incident):
        doubts.insert(0, _AFFECTED_NOTHING)
        missing |= set(PARTS_OF_RADIOTHERAPY)
    if missing or doubts:
        why = (*doubts, *reasons)
        return Reading(regime, Answer.CANNOT_TELL, evaluations, reasons=why, missing=frozenset(missing))
    held = (
        f"No criterion {period_of(regime)} ({regime.label}) is met, and each that concerns this is decided."
    )
    return Reading(regime, Answer.NOT_NOTIFIABLE, evaluations, reasons=(held,), verified=True)


def _of_nobody(incident: Incident, regime: Regime, evaluations: tuple[Evaluation, ...]) -> Reading:
    """Nobody was exposed, so no criterion can be met; unless something else that is told says otherwise."""
    signs = tuple(_signs_of_somebody(incident, evaluations))
    missing = {*unknown(incident, _ROUTING), *(("number_exposed",) if signs else ())}
    if signs:
        why = f"Nobody was exposed, it says; but also: {'; '.join(signs)}. One of the two cannot be."
        return Reading(regime, Answer.CANNOT_TELL, evaluations, reasons=(why,), missing=frozenset(missing))
    why = "Nobody was exposed: a near miss meets no criterion."
    if missing:
        reasons = (why, *_not_known(missing))
        return Reading(regime, Answer.CANNOT_TELL, evaluations, reasons=reasons, missing=frozenset(missing))
    return Reading(regime, Answer.NOT_NOTIFIABLE, evaluations, reasons=(why,), verified=True)


def _signs_of_somebody(incident: Incident, evaluations: tuple[Evaluation, ...]) -> Iterator[str]:
    for name in _ONLY_OF_SOMEBODY:
        if getattr(incident, name):
            yield FACTS[name].short
    yield from (each.sentence.removesuffix(".") for each in evaluations if each.truth is Truth.MET)


_ONLY_OF_SOMEBODY: Final = (
    "foetus_exposed",
    "infant_exposed",
    "clinically_significant",
    "total_effective_dose",
    "tissue_reaction",
    "foetal_dose",
    "infant_effective_dose",
)
_AFFECTED_NOTHING: Final = (
    "An exposure was unintended, it says, and yet neither planning, nor verification, nor the treatment was "
    "affected: one of these cannot be."
)


def _affected_nothing(incident: Incident) -> bool:
    """Whether a radiotherapy exposure is called unintended while each of its parts is said to be as meant."""
    return (
        incident.modality == "radiotherapy"
        and incident.exposure_kind == "unintended"
        and all(has_part(incident, part) is False for part in _PARTS_OF_RADIOTHERAPY)
    )


_PARTS_OF_RADIOTHERAPY: Final = ("planning_scan", "verification_imaging", "treatment_delivery")


def _overriding(incident: Incident) -> tuple[str, ...]:
    """What makes an incident notifiable whatever the doses (CQC, complementary notification codes)."""
    found = []
    if incident.number_exposed is not None and incident.number_exposed > 1:
        found.append(f"{incident.number_exposed:,} people were exposed: notifiable whatever each dose.")
    if incident.clinically_significant:
        found.append("It was clinically significant: notifiable, and people must be told (regulation 8(1)).")
    return tuple(found)


def _fitting(rules: tuple[Rule, ...], modality: str | None) -> tuple[Rule, ...]:
    return rules if modality is None else _of_modality(rules, modality)


@cache
def _of_modality(rules: tuple[Rule, ...], modality: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if modality in rule.modalities)


def unknown(incident: Incident, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the facts that are not known."""
    return tuple(name for name in names if getattr(incident, name) is None)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Facts in the order of the questions, each once."""
    wanted = set(names)
    return tuple(name for name in FACTS if name in wanted)


def _not_known(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"Not known: {FACTS[name].short}." for name in in_order(names))


def _doubt(evaluation: Evaluation) -> str:
    rule = evaluation.rule
    if evaluation.truth is Truth.DOUBTFUL:
        return f"Code {rule.code}, {rule.category}, may apply: {rule.note}."
    return f"Code {rule.code}, {rule.category}, is not met, but is not verified against CQC’s table."


@cache
def period_of(regime: Regime) -> str:
    """When the criteria were in force: "in force from 1 April 2023"."""
    begun = f"in force from {day_in_words(regime.effective_from)}" if regime.effective_from else ""
    to = "until" if begun else "in force until"
    ended = f"{to} {day_in_words(regime.effective_to)}" if regime.effective_to else ""
    return " ".join(filter(None, (begun, ended))) or "of every date"


def day_in_words(day: date) -> str:
    """As people write it: 27 March 2026."""
    return f"{day.day} {day:%B %Y}"
