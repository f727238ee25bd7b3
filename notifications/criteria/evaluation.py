"""One rule applied to one incident: met, not met, or not to be decided; and the arithmetic, in words.

Pure. Three-valued logic after Kleene: "and" is no as soon as one part is no, "or" is yes as soon as one is
yes, and what is not known stays not known. Where it is not known whether the person is an adult or a child,
a rule is decided if it comes out the same for both.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import Enum
from functools import cache
from operator import ge, gt, le, lt
from typing import Final

from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident
from notifications.criteria.quantities import (
    DIAGNOSTIC_ONLY,
    FACTS_OF,
    NEVER,
    Ratio,
    Value,
    Values,
    has_part,
    unanswered_of_part,
)
from notifications.criteria.reference import Condition, Rule
from notifications.taxonomy import MODALITIES
from regulator.frontend.numbers import plain

__all__ = ["Evaluation", "Truth", "evaluate"]

_GROWN: Final = ("adult", "child")
_COMPARE: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
_WORDS: Final = {"<": "less than {}", "<=": "{} or less", ">": "more than {}", ">=": "{} or more"}
_OUTCOME: Final = {True: "met", False: "not met", None: "not known"}
_FOR_READING: Final = Context(prec=6, rounding=ROUND_HALF_EVEN)


class Truth(Enum):
    """How a rule came out. ``DOUBTFUL`` is a rule that may apply: what is published does not say."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    DOUBTFUL = "doubtful"
    NOT_CONCERNED = "not_concerned"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A rule with how it came out. Its words are made only when they are asked for."""

    rule: Rule
    truth: Truth
    values: Values
    incident: Incident

    @property
    def sentence(self) -> str:
        """The code, what it is about and the arithmetic of the alternative that decided."""
        return f"Code {self.rule.code}, {self.rule.category}: {'; '.join(self.arithmetic)}."

    @property
    def arithmetic(self) -> tuple[str, ...]:
        """Each comparison that mattered, in words, with its outcome: of the alternative that is met, else of
        all that are not ruled out by who was exposed."""
        if self.truth is Truth.NOT_CONCERNED:
            return ("this is not about such an incident",)
        shown = [each for each in self._alternatives() if self._holds(each) is True] or self._alternatives()
        return tuple(dict.fromkeys(self._in_words(condition) for each in shown for condition in each))

    @property
    def asks(self) -> frozenset[str]:
        """The facts that can matter to this rule for this incident, answered or not.

        Without a modality these are the facts that matter in each; a rule of some modalities alone asks which
        it is.
        """
        if self.incident.modality is None and len(self.rule.modalities) < len(MODALITIES):
            return frozenset({"modality"})
        own = frozenset(self._gate())
        if self.truth is Truth.NOT_CONCERNED or (self.rule.concerns and not self._concerned()):
            return own
        facts = own | frozenset(_facts_of(self.rule))
        if self.incident.modality != "diagnostic_imaging":
            return facts - DIAGNOSTIC_ONLY
        return facts - {"local_drl_multiple"} if self.incident.interventional is False else facts

    @property
    def missing(self) -> frozenset[str]:
        """The unanswered facts that could still decide this rule; none where it is decided."""
        if self.truth is not Truth.UNKNOWN:
            return frozenset()
        return frozenset(name for name in self.asks if getattr(self.incident, name) is None)

    def _gate(self) -> tuple[str, ...]:
        return unanswered_of_part(self.incident, self.rule.concerns) if self.rule.concerns else ()

    def _concerned(self) -> bool | None:
        return has_part(self.incident, self.rule.concerns)

    def _alternatives(self) -> list[tuple[Condition, ...]]:
        fitting = [
            alternative
            for alternative in self.rule.notifiable_when_any
            if not any(_ruled_out(condition, self.incident.person) for condition in alternative)
        ]
        return fitting or list(self.rule.notifiable_when_any)

    def _holds(self, alternative: tuple[Condition, ...]) -> bool | None:
        return _all(alternative, self.values, self.incident.person)

    def _in_words(self, condition: Condition) -> str:
        value = self.values[condition.quantity]
        outcome = _OUTCOME[_compared(condition, value)]
        name = FACTS[FACTS_OF[condition.quantity][-1]].short
        if condition.comparison == "is":
            return f"{name}: {_said(value)} ({outcome})"
        unit = "" if condition.unit in ("times", "scans", "images") else f" {condition.unit}"
        wanted = _WORDS[condition.comparison].format(f"{condition.value}{unit}")
        people = f" for {_PEOPLE[condition.who]}" if condition.who in _GROWN else ""
        return f"{_number_said(condition, value)}, the criterion is {wanted}{people}: {outcome}"


_PEOPLE: Final = {"adult": "an adult", "child": "a child"}


def evaluate(rule: Rule, values: Values, incident: Incident) -> Evaluation:
    """``rule`` applied to ``incident``, whose quantities are ``values``."""
    return Evaluation(rule, _truth(rule, values, incident), values, incident)


def _truth(rule: Rule, values: Values, incident: Incident) -> Truth:
    concerned = has_part(incident, rule.concerns) if rule.concerns else True
    if concerned is False:
        return Truth.NOT_CONCERNED
    if concerned and incident.modality is None and len(rule.modalities) < len(MODALITIES):
        concerned = None
    met = _met(rule.notifiable_when_any, values, incident.person)
    if met is False and rule.doubtful_when_any:
        return _OF_DOUBT[_met(rule.doubtful_when_any, values, incident.person)]
    if met is False:
        return Truth.NOT_MET
    return Truth.MET if met and concerned else Truth.UNKNOWN


_OF_DOUBT: Final = {True: Truth.DOUBTFUL, False: Truth.NOT_MET, None: Truth.UNKNOWN}


def _met(alternatives: tuple[tuple[Condition, ...], ...], values: Values, person: str | None) -> bool | None:
    if person is None and _asks_age(alternatives):
        outcomes = {_any_holds(alternatives, values, each) for each in _GROWN}
        return outcomes.pop() if len(outcomes) == 1 else None
    return _any_holds(alternatives, values, person)


def _any_holds(
    alternatives: tuple[tuple[Condition, ...], ...], values: Values, person: str | None
) -> bool | None:
    outcome: bool | None = False
    for alternative in alternatives:
        holds = _all(alternative, values, person)
        if holds:
            return True
        if holds is None:
            outcome = None
    return outcome


def _all(alternative: tuple[Condition, ...], values: Values, person: str | None) -> bool | None:
    whole: bool | None = True
    for condition in alternative:
        holds = _condition(condition, values, person)
        if holds is False:
            return False
        if holds is None:
            whole = None
    return whole


def _condition(condition: Condition, values: Values, person: str | None) -> bool | None:
    if _ruled_out(condition, person):
        return False
    return _compared(condition, values[condition.quantity])


def _ruled_out(condition: Condition, person: str | None) -> bool:
    """Whether the condition is about a grown person of the other age. Whether an unborn or a breastfed child
    was exposed is asked by what the rule concerns."""
    return condition.who in _GROWN and person is not None and condition.who != person


def _compared(condition: Condition, value: Value) -> bool | None:
    if value is None or value is NEVER:
        return None if value is None else False
    if condition.comparison == "is":
        return value == condition.value
    threshold, compare = _threshold(condition.value), _COMPARE[condition.comparison]
    if isinstance(value, Ratio):
        return compare(value.part, threshold * value.whole)
    return compare(value, threshold) if isinstance(value, Decimal) else None


@cache
def _threshold(text: str) -> Decimal:
    return Decimal(text)


@cache
def _asks_age(alternatives: tuple[tuple[Condition, ...], ...]) -> bool:
    return any(condition.who in _GROWN for alternative in alternatives for condition in alternative)


@cache
def _facts_of(rule: Rule) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each_fact(rule)))


def _each_fact(rule: Rule) -> Iterator[str]:
    if _asks_age(rule.notifiable_when_any):
        yield "person"
    for alternative in (*rule.notifiable_when_any, *rule.doubtful_when_any):
        for condition in alternative:
            yield from FACTS_OF[condition.quantity]


def _said(value: Value) -> str:
    if value is None:
        return "not known"
    return {"true": "yes", "false": "no"}.get(str(value), str(value))


def _number_said(condition: Condition, value: Value) -> str:
    facts = [FACTS[name].short for name in FACTS_OF[condition.quantity]]
    if isinstance(value, Ratio):
        whole, part = facts[-2], facts[-1]
        times = f" = {plain(_rounded(value))} times" if value.whole else ""
        return f"{part} {plain(value.part)} ÷ {whole} {plain(value.whole)}{times}"
    if isinstance(value, Decimal):
        unit = f" {condition.unit}" if condition.unit in ("mSv", "mGy") else ""
        return f"{facts[-1]} {plain(value)}{unit}"
    return f"{' and '.join(facts)} not known" if value is None else f"no {facts[-1]}"


def _rounded(ratio: Ratio) -> Decimal:
    """For reading only, to six digits; what decides is never rounded."""
    return _FOR_READING.divide(ratio.part, ratio.whole)
