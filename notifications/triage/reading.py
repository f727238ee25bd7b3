"""The inputs of triage, taken from what the employer told and from what is known around it. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from notifications.advice import advice_on
from notifications.content import DraftContent
from notifications.criteria.check import Answer
from notifications.criteria.evaluation import Evaluation, Truth
from notifications.criteria.quantities import Ratio
from notifications.criteria.reference import Condition, Criteria
from notifications.models import AgeBand, Basis, EventKind, ExposedGroup, Harm
from notifications.triage.weighing import Dose, Inputs, People, Person, Recurrence, Weights, YesNo

WRONG_PERSON_CAUSES: Final = frozenset({"Wrong patient", "Patient ID error"})
"""The rolled-up leaves of the taxonomy of causes (2023/24) that mean another person than the one meant."""
_CHILDREN: Final = frozenset({AgeBand.UNDER_1, AgeBand.FROM_1_TO_9, AgeBand.FROM_10_TO_17})
_UNBORN: Final = frozenset({ExposedGroup.FOETUS, ExposedGroup.BREASTFED_INFANT})
_SERIOUS: Final = frozenset({Harm.LASTING, Harm.DEATH})
_SEVERAL: Final = "multiple_individuals"


@dataclass(frozen=True, slots=True)
class Context:
    """What the notification itself does not say: ``like_events`` notified from its site in the 12 months
    before its discovery, whether it came ``late``, the ``cause`` its reporter saw (the rolled-up leaf), and
    the ``criteria`` that hold; those that the project ships unless others are given."""

    like_events: int = 0
    late: bool = False
    cause: str = ""
    criteria: Criteria | None = None


def inputs_of(content: DraftContent, context: Context, weights: Weights) -> Inputs:
    """What the band is weighed on. What was not told counts as not there, but for the dose."""
    return Inputs(
        dose=_dose(content, context, weights),
        person=_person(content),
        people=_people(content, weights),
        tissue_reaction=_yes(_tissue_reaction(content)),
        serious_harm=_yes(content.harm in _SERIOUS),
        wrong_person=_yes(_is_wrong_person(content, context)),
        recurrence=_recurrence(context.like_events, weights),
        late=_yes(context.late),
    )


def _yes(told: bool) -> YesNo:
    return YesNo.YES if told else YesNo.NO


def _dose(content: DraftContent, context: Context, weights: Weights) -> Dose:
    """A breach of a licence is no matter of dose, and is not held against the criteria."""
    if content.basis == Basis.LICENCE_BREACH:
        return Dose.BELOW
    result = advice_on(content, context.criteria)
    if any(_is_far_above(each, weights) for each in result.of(Truth.MET)):
        return Dose.FAR_ABOVE
    if result.answer is Answer.NOTIFIABLE:
        return Dose.MET
    return Dose.BELOW if result.answer is Answer.NOT_NOTIFIABLE else Dose.UNKNOWN


def _is_far_above(evaluation: Evaluation, weights: Weights) -> bool:
    """Whether a quantity that a met rule bounds from below stands far above its bound."""
    return any(
        _stands_far_above(condition, evaluation, weights)
        for alternative in evaluation.rule.notifiable_when_any
        for condition in alternative
        if condition.comparison in (">=", ">")
    )


def _stands_far_above(condition: Condition, evaluation: Evaluation, weights: Weights) -> bool:
    if condition.who in ("adult", "child") and condition.who != evaluation.incident.person:
        return False
    name = condition.quantity
    if name in weights.far_above_from:
        bound = weights.far_above_from[name]
    elif name in weights.far_above_times:
        bound = weights.far_above_times[name] * Decimal(condition.value)
    else:
        return False
    value = evaluation.values[name]
    if isinstance(value, Ratio):
        return value.whole > 0 and value.part >= bound * value.whole
    return isinstance(value, Decimal) and value >= bound


def _person(content: DraftContent) -> Person:
    unborn = content.foetus_exposed or content.infant_exposed or content.foetal_dose_mgy is not None
    if content.exposed_group in _UNBORN or unborn:
        return Person.UNBORN
    if content.exposed_group == ExposedGroup.CHILD or content.age_band in _CHILDREN:
        return Person.CHILD
    return Person.ADULT


def _people(content: DraftContent, weights: Weights) -> People:
    number = content.number_exposed or 0
    if number >= weights.many_people:
        return People.MANY
    return People.SEVERAL if number > 1 or _SEVERAL in content.complementary_codes else People.ONE


def _tissue_reaction(content: DraftContent) -> bool:
    """A reaction that was seen; transient erythema alone is none (CQC's criteria, code 3)."""
    imaging = content.imaging
    if imaging is not None and imaging.tissue_reaction:
        return imaging.transient_erythema_only is not True
    parts = (content.radiotherapy, content.radionuclide)
    return any(part is not None and part.tissue_reaction is True for part in parts)


def _is_wrong_person(content: DraftContent, context: Context) -> bool:
    """A cause that says so; or an accidental exposure of an adult or a child, of whom none was intended."""
    if context.cause in WRONG_PERSON_CAUSES:
        return True
    born = content.exposed_group in (ExposedGroup.ADULT, ExposedGroup.CHILD)
    return content.event_kind == EventKind.ACCIDENTAL and born


def _recurrence(like_events: int, weights: Weights) -> Recurrence:
    if like_events >= weights.repeated_from:
        return Recurrence.REPEATED
    return Recurrence.ONCE if like_events else Recurrence.NONE
