"""The writes on compliance: one function for each thing that a person does."""

from enforcement.compliance.services.appealing import confirm_appeal, decline_appeal, tell_of_appeal
from enforcement.compliance.services.filing import submit_evidence, write_evidence
from enforcement.compliance.services.judging import accept_evidence, return_evidence
from enforcement.compliance.services.more_time import ask_more_time, refuse_more_time
from enforcement.compliance.services.prosecuting import record_prosecution, refer_for_prosecution
from enforcement.compliance.services.reinspecting import open_reinspection

__all__ = [
    "accept_evidence",
    "ask_more_time",
    "confirm_appeal",
    "decline_appeal",
    "open_reinspection",
    "record_prosecution",
    "refer_for_prosecution",
    "refuse_more_time",
    "return_evidence",
    "submit_evidence",
    "tell_of_appeal",
    "write_evidence",
]
