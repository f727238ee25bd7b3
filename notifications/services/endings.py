"""The other ends, each with its reason on record, and the way back from any end."""

from notifications.letters import ENDED, REOPENED, post
from notifications.models import InvestigationReport, Notification
from notifications.services.actions import resume_actions
from notifications.services.information import resume_questions
from regulator.accounts.actors import Actor
from regulator.casework.models import Case
from regulator.casework.services import changing, move
from regulator.deadlines.services import end_deadlines, resume_deadline
from regulator.organisations.queries import contacts


def withdraw(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> Notification:
    """Take a submitted notification back; its clocks stop. Either side may, before it is closed.

    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    return _end(
        notification,
        "withdraw",
        by=by,
        version=version,
        reason=reason,
        identifies_nobody=identifies_nobody,
    )


def reject(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> Notification:
    """Find that it need not have been notified; its clocks stop. Its reason is checked as ``withdraw``'s."""
    return _end(
        notification, "reject", by=by, version=version, reason=reason, identifies_nobody=identifies_nobody
    )


def withdrawal_refusal(case: Case) -> str:
    """Why a notification cannot be withdrawn now, in plain English; ``""`` where it can. No query."""
    lifecycle = case.spec.lifecycle
    return lifecycle.refusal(lifecycle.transitions["withdraw"], case)


def reopen(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> Notification:
    """Take an ended case up again: under review, or to triage if it never was triaged.

    Where a statutory report is still owed, its clock runs again to the day last granted; so do the clocks of
    the actions that are still open and of the questions that were not answered, whose answers the case then
    waits for. Its reason is checked as ``withdraw``'s.
    """
    with changing(notification.case, version=version) as held:
        name = "reopen" if held.risk else "reopen_for_triage"
        move(held, name, by=by, reason=reason, identifies_nobody=identifies_nobody)
        Notification.objects.filter(pk=held.pk).update(merged_into=None)
        notification.merged_into = None
        if notification.is_statutory and not InvestigationReport.objects.filter(pk=held.pk).exists():
            resume_deadline(case=held, kind="report", by=by)
        resume_actions(notification, held, by)
        resume_questions(held, by)
        post(REOPENED, case=held, to=contacts(held.employer_id, permission=held.spec.follow))
    return notification


def _end(
    notification: Notification,
    name: str,
    *,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str,
) -> Notification:
    with changing(notification.case, version=version) as held:
        move(held, name, by=by, reason=reason, identifies_nobody=identifies_nobody)
        end_deadlines(case=held, by=by)
        post(
            ENDED,
            case=held,
            to=contacts(held.employer_id, permission=held.spec.follow),
            outcome=held.status_label,
        )
    return notification
