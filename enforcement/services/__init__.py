"""The writes on notices: one function for each thing that a person does."""

from enforcement.services.appealing import dispose_appeal, record_appeal
from enforcement.services.approving import approve, return_to_drafter
from enforcement.services.complying import (
    extend_compliance,
    record_compliance,
    record_failure,
)
from enforcement.services.drafting import abandon, draft_notice, edit_notice, propose
from enforcement.services.publishing import propose_publication, withdraw
from enforcement.services.serving import serve

__all__ = [
    "abandon",
    "approve",
    "dispose_appeal",
    "draft_notice",
    "edit_notice",
    "extend_compliance",
    "propose",
    "propose_publication",
    "record_appeal",
    "record_compliance",
    "record_failure",
    "return_to_drafter",
    "serve",
    "withdraw",
]
