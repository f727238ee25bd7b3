"""The lifecycle of an inspection, as a table, and the conditions of its transitions."""

from typing import Final

from inspections.models import Finding, Inspection
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case

PLANNED: Final = "planned"
ANNOUNCED: Final = "announced"
VISITED: Final = "visited"
FEEDBACK_ISSUED: Final = "feedback_issued"
PLAN_RECEIVED: Final = "plan_received"
CLOSED: Final = "closed"
CANCELLED: Final = "cancelled"
DROPPED: Final = "dropped"

ON_SITE_OR_AFTER: Final = (VISITED, FEEDBACK_ISSUED, PLAN_RECEIVED)
"""The states in which something may still be found: evidence also comes in after the visit."""

NEEDS_ANSWER: Final = (Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH)
"""The kinds of finding that an employer must answer with a plan."""


def something_to_feed_back(case: Case) -> str:
    """The first feedback may always be issued; a further one only where something new was found."""
    if case.status == VISITED or Finding.objects.filter(inspection=case.pk, fed_back_on=None).exists():
        return ""
    return "Every finding has been fed back already."


def nothing_open(case: Case) -> str:
    """Closing leaves no finding that the employer was not told of, and none without a plan (two queries)."""
    asked = Finding.objects.filter(inspection=case.pk, kind__in=NEEDS_ANSWER)
    told = list(asked.values_list("fed_back_on", flat=True))
    if None in told:
        return "A recommendation or breach has not been fed back to the employer yet."
    if told and not Inspection.objects.filter(pk=case.pk, plan_received_on__isnull=False).exists():
        return "There are recommendations or breaches, so the employer's action plan is needed first."
    return ""


LIFECYCLE: Final = Lifecycle(
    initial=PLANNED,
    states=(
        State(PLANNED, "Planned", "On CQC's plan; the employer does not know of it."),
        State(ANNOUNCED, "Announced", "The employer knows the date."),
        State(VISITED, "Visited", "The visit took place; feedback is due."),
        State(FEEDBACK_ISSUED, "Feedback issued", "The employer has the findings."),
        State(PLAN_RECEIVED, "Action plan received", "The employer's plan was accepted."),
        State(CLOSED, "Closed", "Nothing more to do.", over=True),
        State(CANCELLED, "Cancelled", "Called off after it was announced.", over=True),
        State(DROPPED, "Dropped", "Given up before the employer knew of it.", over=True),
    ),
    transitions=(
        Transition(
            "announce", "Announce", (PLANNED,), ANNOUNCED, "inspections.conduct", "inspections.announced"
        ),
        Transition(
            "visit",
            "Record the visit",
            (PLANNED, ANNOUNCED),
            VISITED,
            "inspections.conduct",
            "inspections.visited",
        ),
        Transition(
            "issue_feedback",
            "Issue feedback",
            ON_SITE_OR_AFTER,
            FEEDBACK_ISSUED,
            "inspections.conduct",
            "inspections.feedback_issued",
            guard=something_to_feed_back,
        ),
        Transition(
            "accept_plan",
            "Accept the action plan",
            (FEEDBACK_ISSUED,),
            PLAN_RECEIVED,
            "inspections.conduct",
            "inspections.plan_received",
        ),
        Transition(
            "close",
            "Close",
            (FEEDBACK_ISSUED, PLAN_RECEIVED),
            CLOSED,
            "inspections.close",
            "inspections.closed",
            guard=nothing_open,
        ),
        Transition(
            "cancel",
            "Cancel",
            (ANNOUNCED,),
            CANCELLED,
            "inspections.conduct",
            "inspections.cancelled",
            needs_reason=True,
        ),
        Transition(
            "drop",
            "Drop",
            (PLANNED,),
            DROPPED,
            "inspections.conduct",
            "inspections.dropped",
            needs_reason=True,
        ),
    ),
)
