"""The states of a notification and the transitions between them: one table. Nothing is written here.

After the stages that CQC published for reporting IR(ME)R incidents (2018), with drafts before them.
"""

from typing import Final

from notifications.models import Basis, Notification
from notifications.models.choices import MERGED as MERGED
from notifications.models.choices import NO_INCIDENT_OF_ITS_OWN as NO_INCIDENT_OF_ITS_OWN
from notifications.models.choices import NOT_NOTIFIABLE as NOT_NOTIFIABLE
from notifications.models.choices import WITHDRAWN as WITHDRAWN
from notifications.signing import submission_refusal
from regulator.casework.lifecycle import Lifecycle, State, Transition
from regulator.casework.models import Case

DRAFT: Final = "draft"
DISCARDED: Final = "discarded"
SUBMITTED: Final = "submitted"
TRIAGED: Final = "triaged"
AWAITING_REPORT: Final = "awaiting_report"
REPORT_RECEIVED: Final = "report_received"
FURTHER_INFORMATION: Final = "further_information"
UNDER_REVIEW: Final = "under_review"
PROVISIONALLY_CLOSED: Final = "provisionally_closed"
CLOSED: Final = "closed"

_BEFORE_CLOSURE: Final = (
    SUBMITTED,
    TRIAGED,
    AWAITING_REPORT,
    REPORT_RECEIVED,
    FURTHER_INFORMATION,
    UNDER_REVIEW,
)
_ENDED: Final = (CLOSED, WITHDRAWN, NOT_NOTIFIABLE, MERGED)
AMENDABLE: Final = (*_BEFORE_CLOSURE, PROVISIONALLY_CLOSED)
"""Where an employer may still correct what it told: from submission until the closure is confirmed."""


def report_is_in(case: Case) -> str:
    """A statutory notification is reviewed on its report; the other kinds owe none. One query."""
    facts = _facts(case)
    if facts["report"] or facts["basis"] != Basis.STATUTORY:
        return ""
    return "The investigation report has not been filed yet."


def no_report_yet(case: Case) -> str:
    """A report is filed once. One query."""
    return "The investigation report has been filed already." if _facts(case)["report"] else ""


def ready_to_close(case: Case) -> str:
    """Nothing closes uncoded, and a statutory notification closes only with its report filed. A breach of a
    licence is coded by the kind of breach that it states. One query."""
    facts = _facts(case)
    if facts["basis"] == Basis.LICENCE_BREACH:
        return ""
    if facts["basis"] == Basis.STATUTORY and not facts["report"]:
        return "The investigation report has not been filed yet."
    return "" if facts["cqc_cause"] else "The cause has not been coded yet."


def triaged_before(case: Case) -> str:
    """A case that was triaged once goes back under review."""
    return "" if case.risk else "This notification was never triaged."


def never_triaged(case: Case) -> str:
    """A case that ended before triage goes back to triage."""
    return "This notification was triaged before." if case.risk else ""


def _facts(case: Case) -> dict[str, object]:
    return dict(Notification.objects.values("basis", "cqc_cause", "report").get(pk=case.pk))


def _row(
    name: str, label: str, sources: tuple[str, ...], target: str, permission: str, event: str, **rest: object
) -> Transition:
    return Transition(name, label, sources, target, permission, f"notifications.{event}", **rest)  # type: ignore[arg-type]


LIFECYCLE: Final = Lifecycle(
    initial=DRAFT,
    states=(
        State(DRAFT, "Draft", "The employer is writing it; CQC does not see it."),
        State(DISCARDED, "Discarded", "A draft that the employer gave up.", over=True),
        State(SUBMITTED, "Submitted", "Received, with its reference; nobody has looked at it yet."),
        State(TRIAGED, "Triaged", "Its risk is assessed and it has a lead."),
        State(AWAITING_REPORT, "Awaiting report", "The investigation report is due."),
        State(REPORT_RECEIVED, "Report received", "The report is in and waits for review."),
        State(FURTHER_INFORMATION, "Further information requested", "CQC waits for the employer's answer."),
        State(UNDER_REVIEW, "Under review", "CQC is reviewing the incident and its investigation."),
        State(PROVISIONALLY_CLOSED, "Provisionally closed", "Reviewed; the closure is to be confirmed."),
        State(CLOSED, "Closed", "The closure was confirmed to the chief executive's office.", over=True),
        State(WITHDRAWN, "Withdrawn", "Taken back, for the reason on record.", over=True),
        State(NOT_NOTIFIABLE, "Not notifiable", "CQC found that it need not be notified.", over=True),
        State(MERGED, "Merged", "The same incident as another notification, which goes on.", over=True),
    ),
    transitions=(
        _row("submit", "Submit", (DRAFT,), SUBMITTED, "notifications.submit", "submitted",
             guard=submission_refusal),
        _row("discard", "Discard", (DRAFT,), DISCARDED, "notifications.draft", "discarded"),
        _row("remove_abandoned", "Remove", (DRAFT,), DISCARDED, "notifications.tend_drafts", "draft_removed"),
        _row("triage", "Triage", (SUBMITTED,), TRIAGED, "notifications.triage", "triaged"),
        _row("await_report", "Await the report", (TRIAGED,), AWAITING_REPORT, "notifications.advance",
             "report_awaited"),
        _row("report_already_in", "Report already in", (TRIAGED,), REPORT_RECEIVED, "notifications.advance",
             "report_already_in", guard=report_is_in),
        _row("file_report_early", "File the report", (SUBMITTED,), SUBMITTED, "notifications.file_report",
             "report_filed", guard=no_report_yet),
        _row("file_report", "File the report", (TRIAGED, AWAITING_REPORT), REPORT_RECEIVED,
             "notifications.file_report", "report_filed", guard=no_report_yet),
        _row("file_report_in_review", "File the report", (UNDER_REVIEW,), UNDER_REVIEW,
             "notifications.file_report", "report_filed", guard=no_report_yet),
        _row("file_report_while_asked", "File the report", (FURTHER_INFORMATION,), FURTHER_INFORMATION,
             "notifications.file_report", "report_filed", guard=no_report_yet),
        _row("start_review", "Start the review", (TRIAGED, REPORT_RECEIVED), UNDER_REVIEW,
             "notifications.review", "review_started", guard=report_is_in),
        _row("request_information", "Ask the employer", (UNDER_REVIEW, FURTHER_INFORMATION),
             FURTHER_INFORMATION, "casework.request_information", "information_awaited"),
        _row("await_answers", "Await the answers", (UNDER_REVIEW,), FURTHER_INFORMATION,
             "notifications.advance", "information_awaited"),
        _row("resume_review", "Resume the review", (FURTHER_INFORMATION,), UNDER_REVIEW,
             "notifications.advance", "review_resumed"),
        _row("provisionally_close", "Close provisionally", (UNDER_REVIEW,), PROVISIONALLY_CLOSED,
             "notifications.close", "provisionally_closed", guard=ready_to_close),
        _row("confirm_closure", "Confirm the closure", (PROVISIONALLY_CLOSED,), CLOSED, "notifications.close",
             "closed"),
        _row("withdraw", "Withdraw", _BEFORE_CLOSURE, WITHDRAWN, "notifications.withdraw", "withdrawn",
             needs_reason=True),
        _row("reject", "Not notifiable", _BEFORE_CLOSURE, NOT_NOTIFIABLE, "notifications.triage",
             "not_notifiable", needs_reason=True),
        _row("merge", "Merge", _BEFORE_CLOSURE, MERGED, "notifications.merge", "merged", needs_reason=True),
        _row("reopen", "Reopen", _ENDED, UNDER_REVIEW, "notifications.reopen", "reopened",
             guard=triaged_before, needs_reason=True),
        _row("reopen_for_triage", "Reopen", NO_INCIDENT_OF_ITS_OWN, SUBMITTED, "notifications.reopen",
             "reopened", guard=never_triaged, needs_reason=True),
    ),
)  # fmt: skip
