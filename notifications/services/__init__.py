"""The writes on notifications. Keyword-only; each is one transaction that appends its event.

Every service answers the notification (or what it made), raises ``NotPermitted``, ``NotAllowedNow``,
``StaleVersion`` or ``ValidationError`` with a message for each field, and leaves nothing half done.
"""

from notifications.services.actions import add_action, cancel_action, finish_action, move_action
from notifications.services.closure import confirm_closure, provisionally_close
from notifications.services.drafts import discard, save_draft, start_draft
from notifications.services.endings import reject, reopen, withdraw
from notifications.services.extend import extend_report
from notifications.services.information import answer_request, request_information
from notifications.services.reference import load_reference
from notifications.services.report import file_report, report_refusal
from notifications.services.review import code_cause, start_review
from notifications.services.submit import submit
from notifications.services.triage import triage

__all__ = [
    "add_action",
    "answer_request",
    "cancel_action",
    "code_cause",
    "confirm_closure",
    "discard",
    "extend_report",
    "file_report",
    "finish_action",
    "load_reference",
    "move_action",
    "provisionally_close",
    "reject",
    "reopen",
    "report_refusal",
    "request_information",
    "save_draft",
    "start_draft",
    "start_review",
    "submit",
    "triage",
    "withdraw",
]
