"""Reviewing: taking the case up, and coding its cause in the taxonomy."""

from django.core.exceptions import ValidationError

from notifications import lifecycle
from notifications.models import Cause, Notification
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import changing, move
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted

_CODED_WHERE = (
    lifecycle.REPORT_RECEIVED,
    lifecycle.UNDER_REVIEW,
    lifecycle.FURTHER_INFORMATION,
    lifecycle.PROVISIONALLY_CLOSED,
)


def start_review(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Take the case up for review: a statutory one once its report is in."""
    with changing(notification.case, version=version) as held:
        move(held, "start_review", by=by)
    return notification


def coding_refusal(status: str) -> str:
    """Why a cause cannot be coded in this state; ``""`` where it can."""
    return "" if status in _CODED_WHERE else "A cause is coded between the report and the closure."


def code_cause(*, notification: Notification, by: Actor, version: int | None, cause: Cause) -> Notification:
    """Record CQC's coding of the cause, the one that is counted; coding it anew replaces the former.

    Raises ``ValidationError`` for a cause of another modality.
    """
    case = notification.case
    permit_on(case, "notifications.code_cause", by)
    if not isinstance(by, User):
        raise NotPermitted("A cause is coded by a person.")
    with changing(case, version=version) as held:
        refusal = coding_refusal(held.status)
        if refusal:
            raise NotAllowedNow(refusal)
        if cause.modality != held.modality:
            raise ValidationError({"cause": "This cause belongs to another modality."})
        coding = {"cqc_cause": cause, "coded_at": clock.now(), "coded_by": by}
        Notification.objects.filter(pk=held.pk).update(**coding)
        payload = {"version": cause.version_id, "cause": cause.slug}
        append("notifications.cause_coded", case=held, by=by, payload=payload)
    for name, value in coding.items():
        setattr(notification, name, value)
    return notification
