"""Triage: the risk, suggested and then accepted or overridden; the lead; on to where the report stands."""

from collections.abc import Collection
from typing import Final

from django.core.exceptions import ValidationError

from notifications.content import content_of
from notifications.in_force import criteria_in_force
from notifications.models import InvestigationReport, Notification, TriageAssessment
from notifications.queries import like_events, like_events_of_each, whole
from notifications.triage.reading import Context, inputs_of
from notifications.triage.weighing import Inputs, Suggestion, read_weights, weigh
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.services import add_note, changing, move, refuse_holder, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import may

ADVANCE = Scheduled("notifications.advance")
"""Who takes the transitions that follow of themselves."""
REPLAYED: Final = "The risk as it was recorded when this happened."
"""The reason kept where a past year is replayed: nobody weighed these inputs then."""


def suggested(notification: Notification) -> tuple[Inputs, Suggestion]:
    """What the portal suggests for a notification as it stands, and what it rests on.

    One query where clocks and all sections are in hand, one more where the site has like events to count, and
    one more outside a service.
    """
    return _weighed(notification, like_events(notification))


def suggestions(keys: Collection[int]) -> dict[int, Suggestion]:
    """What the portal suggests for each of these notifications, by key. Four queries at any number."""
    stored = list(whole().prefetch_related("case__deadlines").filter(pk__in=keys))
    like = like_events_of_each(stored)
    return {each.pk: _weighed(each, like[each.pk])[1] for each in stored}


def _weighed(notification: Notification, like: int) -> tuple[Inputs, Suggestion]:
    weights = read_weights()
    cause = notification.reporter_cause
    context = Context(
        like_events=like,
        late=any(each.kind == "notify" and each.is_late for each in notification.case.deadlines.all()),
        cause=cause.rollup if cause else "",
        criteria=criteria_in_force(),
    )
    inputs = inputs_of(content_of(notification), context, weights)
    return inputs, weigh(inputs, weights)


def triage(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    risk: Case.Risk,
    lead: User | None = None,
    comment: str = "",
    reason: str = "",
    identifies_nobody: str = "",
) -> Notification:
    """Assess the risk and name the lead; a statutory case then waits for its report, or has it already.

    What the portal suggests is worked out on the case as it is held, and kept beside what was chosen. The
    comment is kept as a note. Raises ``ValidationError`` for no assessment, for a risk other than suggested
    without a ``reason``, or for a lead who does not review notifications or may not hold this case;
    ``IdentifiersFound`` for a reason or a comment that seems to identify somebody.
    """
    if risk not in Case.Risk.values or risk == Case.Risk.NOT_ASSESSED:
        raise ValidationError({"risk": "Choose low, medium or high."})
    if lead is not None and not (lead.role and may(lead, "notifications.review")):
        raise ValidationError({"lead": "Choose a member of staff who reviews notifications."})
    permit_on(notification.case, "notifications.triage", by)
    with changing(notification.case, version=version) as held:
        texts = {"reason": reason, "comment": comment}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        suggestion, made = _assessed(held, risk, REPLAYED if clock.replaying() else reason.strip(), by)
        payload = {
            "risk": int(risk),
            "suggested": made.suggested,
            "points": made.points,
            "weights": made.weights,
            "inputs": made.inputs,
            "lead": lead.pk if lead else None,
        }
        move(held, "triage", by=by, payload=payload, reason=made.reason)
        refuse_holder(held, lead, field="lead")
        if made.chosen != made.suggested and not made.reason:
            raise ValidationError({"reason": f"Say why, as {in_words(suggestion)}"})
        made.save(force_insert=True)
        held.risk, held.assignee = risk, lead
        if comment.strip() and isinstance(by, User):
            add_note(case=held, text=comment, by=by, identifies_nobody=identifies_nobody, field="comment")
        if InvestigationReport.objects.filter(pk=held.pk).exists():
            move(held, "report_already_in", by=ADVANCE)
        elif notification.is_statutory:
            move(held, "await_report", by=ADVANCE)
    return notification


def _assessed(held: Case, risk: Case.Risk, reason: str, by: Actor) -> tuple[Suggestion, TriageAssessment]:
    """The assessment, not yet saved. A suggestion that was followed needs no reason and keeps none."""
    stored = whole().prefetch_related("case__deadlines").get(pk=held.pk)
    inputs, suggestion = suggested(stored)
    made = TriageAssessment(
        notification=stored,
        inputs=inputs.as_data(),
        weights=suggestion.version,
        points=suggestion.points,
        suggested=int(suggestion.band),
        chosen=int(risk),
        reason="" if int(risk) == int(suggestion.band) else reason,
        made_by=by if isinstance(by, User) else None,
        made_at=clock.now(),
    )
    return suggestion, made


def in_words(suggestion: Suggestion) -> str:
    """ "the suggestion is high. A child was exposed. …"."""
    reasons = [each.sentence for each in suggestion.reasons] or ["Nothing speaks for a higher risk."]
    return " ".join([f"the suggestion is {Case.Risk(suggestion.band).label.lower()}.", *reasons])
