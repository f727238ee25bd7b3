"""The lifecycle of a notice, as a table, and the conditions that need only the notice itself.

Conditions that need the actor or today's date are in ``enforcement.conditions``.
"""

from typing import Final

from enforcement.models import Notice
from enforcement.papers.wording import gaps
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case

DRAFT: Final = "draft"
PROPOSED: Final = "proposed"
REVIEWED: Final = "reviewed"
APPROVED: Final = "approved"
SERVED: Final = "served"
UNDER_APPEAL: Final = "under_appeal"
COMPLIED: Final = "complied"
NOT_COMPLIED: Final = "not_complied"
WITHDRAWN: Final = "withdrawn"
CANCELLED: Final = "cancelled"
ABANDONED: Final = "abandoned"

UNSEEN_BY_EMPLOYER: Final = frozenset({DRAFT, PROPOSED, REVIEWED, APPROVED, ABANDONED})

_TEXTS: Final = {
    "opinion": "the inspector's opinion",
    "reasons": "the reasons",
    "required_action": "what must be done",
}


def complete(case: Case) -> str:
    """HSWA 1974 s21: a notice states the opinion, the provisions and the reasons (two queries). A prohibition
    need not name a provision: it rests on a risk of serious personal injury (s22).

    The period is stated when it is served, because it is counted from that day.
    """
    notice = Notice.objects.get(pk=case.pk)
    missing = [words for field, words in _TEXTS.items() if not getattr(notice, field).strip()]
    if notice.type == Notice.Type.IMPROVEMENT and not notice.breaches.exists():
        missing.append("at least one provision")
    if missing:
        return f"The notice does not say yet: {', '.join(missing)}."
    left = gaps("\n".join((notice.opinion, notice.reasons, notice.required_action)))
    return f"The notice has gaps to fill: {', '.join(left)}." if left else ""


LIFECYCLE: Final = Lifecycle(
    initial=DRAFT,
    states=(
        State(DRAFT, "Draft", "Being written by an inspector."),
        State(PROPOSED, "Proposed", "Waits for its legal review."),
        State(REVIEWED, "Reviewed", "In order in law; waits for an enforcement manager's approval."),
        State(APPROVED, "Approved", "May be served as it stands."),
        State(SERVED, "Served", "Binds the employer."),
        State(UNDER_APPEAL, "Under appeal", "The tribunal has not decided yet; nothing is published."),
        State(COMPLIED, "Complied with", "CQC is satisfied; the entry stays on the register.", over=True),
        State(NOT_COMPLIED, "Not complied with", "The date went by; prosecution is considered."),
        State(WITHDRAWN, "Withdrawn", "Taken back by CQC; not on the register.", over=True),
        State(CANCELLED, "Cancelled on appeal", "Cancelled by the tribunal; never published.", over=True),
        State(ABANDONED, "Abandoned", "Given up before it was approved.", over=True),
    ),
    transitions=(
        Transition(
            "propose",
            "Propose",
            (DRAFT,),
            PROPOSED,
            "enforcement.draft",
            "enforcement.proposed",
            guard=complete,
        ),
        Transition(
            "pass_review",
            "Find in order",
            (PROPOSED,),
            REVIEWED,
            "enforcement.review_legally",
            "enforcement.reviewed",
        ),
        Transition(
            "fail_review",
            "Return with points of law",
            (PROPOSED,),
            DRAFT,
            "enforcement.review_legally",
            "enforcement.review_failed",
            needs_reason=True,
        ),
        Transition(
            "return",
            "Return to the drafter",
            (PROPOSED, REVIEWED, APPROVED),
            DRAFT,
            "enforcement.approve",
            "enforcement.returned",
            needs_reason=True,
        ),
        Transition(
            "approve", "Approve", (REVIEWED,), APPROVED, "enforcement.approve", "enforcement.approved"
        ),
        Transition("serve", "Serve", (APPROVED,), SERVED, "enforcement.serve", "enforcement.served"),
        Transition(
            "fail_service",
            "Record that it was not served after all",
            (SERVED,),
            APPROVED,
            "enforcement.serve",
            "enforcement.service_failed",
            needs_reason=True,
        ),
        Transition(
            "lodge_appeal",
            "Record an appeal",
            (SERVED, NOT_COMPLIED, COMPLIED),
            UNDER_APPEAL,
            "enforcement.record_appeal",
            "enforcement.appeal_lodged",
        ),
        Transition(
            "uphold",
            "Affirmed on appeal",
            (UNDER_APPEAL,),
            SERVED,
            "enforcement.record_appeal",
            "enforcement.appeal_disposed",
        ),
        Transition(
            "uphold_complied",
            "Affirmed on appeal, complied with before",
            (UNDER_APPEAL,),
            COMPLIED,
            "enforcement.record_appeal",
            "enforcement.appeal_disposed",
        ),
        Transition(
            "uphold_overdue",
            "Affirmed on appeal, its date gone by before",
            (UNDER_APPEAL,),
            NOT_COMPLIED,
            "enforcement.record_appeal",
            "enforcement.appeal_disposed",
        ),
        Transition(
            "cancel",
            "Cancelled on appeal",
            (UNDER_APPEAL,),
            CANCELLED,
            "enforcement.record_appeal",
            "enforcement.cancelled",
        ),
        Transition(
            "comply",
            "Record compliance",
            (SERVED, NOT_COMPLIED),
            COMPLIED,
            "enforcement.decide_compliance",
            "enforcement.complied",
        ),
        Transition(
            "fail",
            "Record failure to comply",
            (SERVED,),
            NOT_COMPLIED,
            "enforcement.decide_compliance",
            "enforcement.not_complied",
            needs_reason=True,
        ),
        Transition(
            "withdraw",
            "Withdraw",
            (SERVED, UNDER_APPEAL),
            WITHDRAWN,
            "enforcement.withdraw",
            "enforcement.withdrawn",
            needs_reason=True,
        ),
        Transition(
            "abandon",
            "Abandon",
            (DRAFT, PROPOSED, REVIEWED),
            ABANDONED,
            "enforcement.draft",
            "enforcement.abandoned",
            needs_reason=True,
        ),
    ),
)
