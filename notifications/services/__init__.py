"""The writes on notifications. Keyword-only; each is one transaction that appends its event.

Every service answers the notification (or what it made), raises ``NotPermitted``, ``NotAllowedNow``,
``StaleVersion`` or ``ValidationError`` with a message for each field, and leaves nothing half done.
"""

from notifications.services.abandoned import removal_day, tend_drafts
from notifications.services.acknowledge import acknowledge
from notifications.services.actions import (
    add_action,
    cancel_action,
    finish_action,
    keeping_refusal,
    move_action,
)
from notifications.services.amend import (
    amend,
    amendment_refusal,
    content_in_hand,
    drop_correction,
    save_correction,
)
from notifications.services.closure import confirm_closure, provisionally_close
from notifications.services.drafts import change_kind, discard, save_draft, saving_refusal, start_draft
from notifications.services.endings import reject, reopen, withdraw, withdrawal_refusal
from notifications.services.extend import ask_more_time, awaited_report, extend_report, refuse_more_time
from notifications.services.information import answer_request, answering_refusal, request_information
from notifications.services.merging import merge
from notifications.services.patterns import decide_on_pattern, look_for_patterns
from notifications.services.reference import load_reference
from notifications.services.report import (
    file_report,
    file_written_report,
    report_refusal,
    save_report,
    writing_refusal,
)
from notifications.services.review import code_cause, start_review
from notifications.services.sign_off import ask_for_sign_off, cancel_sign_off
from notifications.services.signing import enter_code, send_back, send_code, sign
from notifications.services.submit import submit
from notifications.services.triage import in_words, suggested, suggestions, triage

__all__ = [
    "acknowledge",
    "add_action",
    "amend",
    "amendment_refusal",
    "answer_request",
    "answering_refusal",
    "ask_for_sign_off",
    "ask_more_time",
    "awaited_report",
    "cancel_action",
    "cancel_sign_off",
    "change_kind",
    "code_cause",
    "confirm_closure",
    "content_in_hand",
    "decide_on_pattern",
    "discard",
    "drop_correction",
    "enter_code",
    "extend_report",
    "file_report",
    "file_written_report",
    "finish_action",
    "in_words",
    "keeping_refusal",
    "load_reference",
    "look_for_patterns",
    "merge",
    "move_action",
    "provisionally_close",
    "refuse_more_time",
    "reject",
    "removal_day",
    "reopen",
    "report_refusal",
    "request_information",
    "save_correction",
    "save_draft",
    "save_report",
    "saving_refusal",
    "send_back",
    "send_code",
    "sign",
    "start_draft",
    "start_review",
    "submit",
    "suggested",
    "suggestions",
    "tend_drafts",
    "triage",
    "withdraw",
    "withdrawal_refusal",
    "writing_refusal",
]
