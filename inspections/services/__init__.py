"""The writes on inspections: one function for each thing that a person does. What leaves CQC with a second
person's approval (announcement, request for documents, feedback) is ``inspections.correspondence``."""

from inspections.services.evidence import send_document
from inspections.services.feedback import close, draft_feedback
from inspections.services.findings import record_finding
from inspections.services.following_up import not_followable, open_follow_up
from inspections.services.planning import open_inspection, stand_down
from inspections.services.proposing import decline_inspection, proposal_refusal
from inspections.services.replanning import not_replannable, replan
from inspections.services.team import join_team, leave_team
from inspections.services.visiting import visit, visit_again

__all__ = [
    "close",
    "decline_inspection",
    "draft_feedback",
    "join_team",
    "leave_team",
    "not_followable",
    "not_replannable",
    "open_follow_up",
    "open_inspection",
    "proposal_refusal",
    "record_finding",
    "replan",
    "send_document",
    "stand_down",
    "visit",
    "visit_again",
]
