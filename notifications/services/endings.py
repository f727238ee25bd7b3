"""The other ends, each with its reason on record, and the way back from any end."""

from notifications.letters import ENDED, REOPENED, post
from notifications.models import InvestigationReport, Notification
from notifications.services.actions import resume_actions
from regulator.accounts.actors import Actor
from regulator.casework.services import changing, move
from regulator.deadlines.services import end_deadlines, resume_deadline
from regulator.organisations.queries import contacts


def withdraw(*, notification: Notification, by: Actor, version: int | None, reason: str) -> Notification:
    """Take a submitted notification back; its clocks stop. Either side may, before it is closed."""
    return _end(notification, "withdraw", by=by, version=version, reason=reason)


def reject(*, notification: Notification, by: Actor, version: int | None, reason: str) -> Notification:
    """Find that it need not have been notified; its clocks stop."""
    return _end(notification, "reject", by=by, version=version, reason=reason)


def reopen(*, notification: Notification, by: Actor, version: int | None, reason: str) -> Notification:
    """Take an ended case up again: under review, or to triage if it never was triaged.

    Where a statutory report is still owed, its clock runs again to the day last granted; so do the clocks of
    the actions that are still open.
    """
    with changing(notification.case, version=version) as held:
        move(held, "reopen" if held.risk else "reopen_for_triage", by=by, reason=reason)
        if notification.is_statutory and not InvestigationReport.objects.filter(pk=held.pk).exists():
            resume_deadline(case=held, kind="report", by=by)
        resume_actions(notification, held, by)
        post(REOPENED, case=held, to=contacts(held.employer_id, permission=held.spec.follow))
    return notification


def _end(
    notification: Notification, name: str, *, by: Actor, version: int | None, reason: str
) -> Notification:
    with changing(notification.case, version=version) as held:
        move(held, name, by=by, reason=reason)
        end_deadlines(case=held, by=by)
        post(
            ENDED,
            case=held,
            to=contacts(held.employer_id, permission=held.spec.follow),
            outcome=held.status_label,
        )
    return notification
