"""The lifecycle of an inspection, as a table, and the conditions of its transitions.

What a state hides it hides from everybody at the employer, so an inspection that was stood down before the
employer knew of it is in a state of its own.
"""

from typing import Final

from inspections.models import Finding, Inspection
from regulator import clock
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case
from regulator.casework.wording import as_text

PLANNED: Final = "planned"
ANNOUNCED: Final = "announced"
EVIDENCE_REQUESTED: Final = "evidence_requested"
ON_SITE: Final = "on_site"
FEEDBACK_DRAFTED: Final = "feedback_drafted"
FACTUAL_ACCURACY: Final = "factual_accuracy"
FINAL: Final = "final"
ACTION_PLAN: Final = "action_plan"
CLOSED: Final = "closed"
STOOD_DOWN: Final = "stood_down"
STOOD_DOWN_UNSEEN: Final = "stood_down_unseen"

BEFORE_THE_VISIT: Final = (PLANNED, ANNOUNCED, EVIDENCE_REQUESTED)
ON_SITE_OR_AFTER: Final = (ON_SITE, FEEDBACK_DRAFTED, FACTUAL_ACCURACY, FINAL, ACTION_PLAN)
"""The states in which something may still be found: evidence also comes in after the visit."""
GIVEN_UP: Final = (STOOD_DOWN, STOOD_DOWN_UNSEEN)

NEEDS_ANSWER: Final = (Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH)
"""The kinds of finding that an employer must answer with a plan."""

CONDUCT: Final = "inspections.conduct"
APPROVE: Final = "inspections.approve_letter"
"""What leaves CQC leaves with the approval of a second person, who takes these four moves."""


def something_to_feed_back(case: Case) -> str:
    """The first feedback may always be drafted; a further one only where something new was found (at most
    one query)."""
    fresh = Finding.objects.standing().filter(inspection=case.pk, fed_back_on=None)
    if case.status == ON_SITE or fresh.exists():
        return ""
    return "Every finding has been fed back already."


def day_ahead(case: Case) -> str:
    """Nobody is told of a visit on a day that has gone by (one query). A published year is told as it was."""
    planned_on = Inspection.objects.values_list("planned_on", flat=True).get(pk=case.pk)
    if case.origin != Case.Origin.LIVE or planned_on >= clock.today():
        return ""
    return f"The visit was planned for {as_text(planned_on)}, which has gone by: plan another day first."


def nothing_open(case: Case) -> str:
    """Closing leaves no finding that the employer was not told of for good, and none without a plan (one
    query). What the plan promises may still be under way: its clocks run on."""
    asked = Finding.objects.standing().filter(inspection=case.pk, kind__in=NEEDS_ANSWER)
    told = list(asked.values_list("final_on", "inspection__plan_received_on"))
    if any(final_on is None for final_on, _ in told):
        return "A recommendation or breach has not been fed back to the employer for good yet."
    if any(received_on is None for _, received_on in told):
        return "There are recommendations or breaches, so the employer's action plan is needed first."
    return ""


LIFECYCLE: Final = Lifecycle(
    initial=PLANNED,
    states=(
        State(PLANNED, "Planned", "On CQC's plan; the employer does not know of it."),
        State(ANNOUNCED, "Announced", "The employer knows the date."),
        State(EVIDENCE_REQUESTED, "Evidence requested", "The employer was asked for documents beforehand."),
        State(ON_SITE, "On site", "The visit took place or goes on; feedback is due."),
        State(FEEDBACK_DRAFTED, "Feedback drafted", "The feedback is written and has not been sent."),
        State(FACTUAL_ACCURACY, "Factual accuracy", "The employer has the draft and may correct its facts."),
        State(FINAL, "Final", "The employer has the findings; what they ask for is to be answered."),
        State(ACTION_PLAN, "Action plan", "The employer's plan was accepted and is being carried out."),
        State(CLOSED, "Closed", "Nothing more to do.", over=True),
        State(STOOD_DOWN, "Stood down", "Called off after it was announced.", over=True),
        State(
            STOOD_DOWN_UNSEEN,
            "Stood down unannounced",
            "Called off before the employer knew of it.",
            over=True,
        ),
    ),
    transitions=(
        Transition(
            "announce",
            "Announce",
            (PLANNED,),
            ANNOUNCED,
            APPROVE,
            "inspections.announced",
            guard=day_ahead,
        ),
        Transition(
            "request_evidence",
            "Ask for documents",
            (ANNOUNCED, EVIDENCE_REQUESTED),
            EVIDENCE_REQUESTED,
            APPROVE,
            "inspections.evidence_requested",
        ),
        Transition("visit", "Record the visit", BEFORE_THE_VISIT, ON_SITE, CONDUCT, "inspections.visited"),
        Transition(
            "draft_feedback",
            "Draft the feedback",
            (ON_SITE, FACTUAL_ACCURACY, FINAL, ACTION_PLAN),
            FEEDBACK_DRAFTED,
            CONDUCT,
            "inspections.feedback_drafted",
            guard=something_to_feed_back,
        ),
        Transition(
            "issue_feedback",
            "Send the draft for factual accuracy",
            (FEEDBACK_DRAFTED,),
            FACTUAL_ACCURACY,
            APPROVE,
            "inspections.feedback_issued",
        ),
        Transition(
            "finalise",
            "Make the feedback final",
            (FACTUAL_ACCURACY,),
            FINAL,
            APPROVE,
            "inspections.finalised",
        ),
        Transition(
            "accept_plan",
            "Accept the action plan",
            (FINAL,),
            ACTION_PLAN,
            CONDUCT,
            "inspections.plan_received",
        ),
        Transition(
            "close",
            "Close",
            (FINAL, ACTION_PLAN),
            CLOSED,
            "inspections.close",
            "inspections.closed",
            guard=nothing_open,
        ),
        Transition(
            "stand_down",
            "Stand down",
            (ANNOUNCED, EVIDENCE_REQUESTED),
            STOOD_DOWN,
            CONDUCT,
            "inspections.stood_down",
            needs_reason=True,
        ),
        Transition(
            "stand_down_unseen",
            "Stand down unannounced",
            (PLANNED,),
            STOOD_DOWN_UNSEEN,
            CONDUCT,
            "inspections.stood_down",
            needs_reason=True,
        ),
    ),
)

FORMER_STATES: Final = {
    "visited": ON_SITE,
    "feedback_issued": FINAL,
    "plan_received": ACTION_PLAN,
    "cancelled": STOOD_DOWN,
    "dropped": STOOD_DOWN_UNSEEN,
}
"""What the states are called now that events of the first lifecycle name. It knew no draft of the feedback:
what was sent was final."""
