"""Two notifications of one incident become one: the duplicate ends, and both references keep working."""

from typing import Final

from django.core.exceptions import ValidationError

from notifications.letters import MERGED, post
from notifications.lifecycle import DISCARDED, DRAFT, NO_INCIDENT_OF_ITS_OWN
from notifications.models import InvestigationReport, Notification
from notifications.queries import KIND
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing, move
from regulator.casework.services.linking import are_linked, tie
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import end_deadlines
from regulator.organisations.queries import contacts

_ENDS: Final = frozenset({DRAFT, DISCARDED, *NO_INCIDENT_OF_ITS_OWN})


def merge(
    *,
    notification: Notification,
    into: str,
    by: User,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> Notification:
    """End a notification as the duplicate of the one with the reference ``into``, which goes on unchanged.

    Its clocks stop; it stays readable, names the other, is linked with it and is counted nowhere. The
    employer is told. ``reopen`` takes it back. Raises ``NotPermitted``, ``NotAllowedNow``, ``StaleVersion``,
    ``IdentifiersFound`` for the reason, and ``ValidationError`` beside ``into``: no such notification of the
    same employer that they may read, itself, one that has ended as no incident of its own, one that lacks
    the report filed here, or one that the law does not require where it requires this one.
    """
    with changing(notification.case, version=version) as held:
        permit_on(held, "notifications.merge", by)
        lifecycle = held.spec.lifecycle
        if refusal := lifecycle.refusal(lifecycle.transitions["merge"], held):
            raise NotAllowedNow(refusal)
        survivor = _survivor(notification, held, into, by)
        payload = {"into": survivor.pk}
        move(held, "merge", by=by, reason=reason, payload=payload, identifies_nobody=identifies_nobody)
        append("notifications.merged_here", case=survivor.case, by=by, payload={"from": held.pk})
        if not are_linked(held, survivor.case):
            tie(held, survivor.case, by=by, reason=reason.strip())
        notification.merged_into = survivor
        notification.save(update_fields=["merged_into"])
        end_deadlines(case=held, by=by)
        follow = contacts(held.employer_id, permission=held.spec.follow)
        post(MERGED, case=held, to=follow, into=survivor.case.reference)
    return notification


def _survivor(notification: Notification, held: Case, into: str, by: User) -> Notification:
    readable = Case.objects.for_user(by).filter(kind=KIND, employer=held.employer_id)
    found = (
        Notification.objects.select_related("case")
        .filter(case__in=readable, case__reference__iexact=into.strip())
        .first()
    )
    if found is None:
        raise _beside("There is no notification of this employer with this reference that you may read.")
    if refusal := _refusal(notification, held, found):
        raise _beside(refusal)
    return found


def _refusal(notification: Notification, held: Case, found: Notification) -> str:
    """Why one cannot be merged into the other; ``""`` where it can. At most one query."""
    if found.pk == held.pk:
        return "This is the notification itself. Enter the reference of the other."
    if found.case.status in _ENDS:
        return f"{found} is “{found.case.status_label}”, so nothing can be merged into it."
    if notification.is_statutory and not found.is_statutory:
        return f"The law requires this notification, and not {found}. Merge {found} into this one."
    pair = (held.pk, found.pk)
    filed = set(InvestigationReport.objects.filter(pk__in=pair).values_list("pk", flat=True))
    if held.pk in filed and found.pk not in filed:
        return f"The report was filed here, and {found} has none. Merge {found} into this one."
    return ""


def _beside(message: str) -> ValidationError:
    return ValidationError({"into": message})
