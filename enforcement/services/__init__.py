"""The writes on notices: one function for each thing that a person does."""

from enforcement.services.appealing import dispose_appeal
from enforcement.services.approving import approve, return_to_drafter
from enforcement.services.coming_back import fail_service, record_failed_attempt
from enforcement.services.complying import (
    extend_compliance,
    record_compliance,
    record_failure,
)
from enforcement.services.drafting import abandon, draft_notice, edit_notice, propose
from enforcement.services.lodging import record_appeal
from enforcement.services.publishing import (
    propose_facts,
    propose_publication,
    propose_redrawn,
    withdraw,
)
from enforcement.services.reviewing import fail_review, pass_review
from enforcement.services.serving import add_proof, serve
from enforcement.services.settling import settle_findings
from enforcement.services.suspending import record_suspension

__all__ = [
    "abandon",
    "add_proof",
    "approve",
    "dispose_appeal",
    "draft_notice",
    "edit_notice",
    "extend_compliance",
    "fail_review",
    "fail_service",
    "pass_review",
    "propose",
    "propose_facts",
    "propose_publication",
    "propose_redrawn",
    "record_appeal",
    "record_compliance",
    "record_failed_attempt",
    "record_failure",
    "record_suspension",
    "return_to_drafter",
    "serve",
    "settle_findings",
    "withdraw",
]
