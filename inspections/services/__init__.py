"""The writes on inspections: one function for each thing that a person does."""

from inspections.services.feedback import accept_plan, close, issue_feedback
from inspections.services.findings import record_finding
from inspections.services.planning import announce, cancel, open_inspection
from inspections.services.proposing import decline_inspection, proposal_refusal
from inspections.services.visiting import visit

__all__ = [
    "accept_plan",
    "announce",
    "cancel",
    "close",
    "decline_inspection",
    "issue_feedback",
    "open_inspection",
    "proposal_refusal",
    "record_finding",
    "visit",
]
