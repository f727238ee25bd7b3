"""Acknowledging: telling the employer that somebody at CQC has read its notification. Once."""

from typing import Final

from notifications import lifecycle
from notifications.letters import ACKNOWLEDGED, post
from notifications.models import Acknowledgement, Notification
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import contacts

ACKNOWLEDGED_WHERE: Final = (lifecycle.SUBMITTED, lifecycle.TRIAGED, lifecycle.AWAITING_REPORT)
"""From submission until the report is in: what CQC asks and decides from then on says that it is read."""


def acknowledgement_refusal(case: Case) -> str:
    """Why a notification cannot be acknowledged now, in plain English; ``""`` where it can. One query, or
    none for a case that was read with ``is_acknowledged``."""
    if case.status not in ACKNOWLEDGED_WHERE:
        return "Only a notification whose report is still to come is acknowledged."
    told = vars(case).get("is_acknowledged")
    if told or (told is None and Acknowledgement.objects.filter(pk=case.pk).exists()):
        return "The employer was told already that somebody has read it."
    return ""


def acknowledge(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Tell the employer's people, by letter, that somebody in the role of ``by`` has read the notification.

    Decides nothing and moves nothing. The receipt told them what was received; this second letter CQC wrote
    by hand. Raises ``NotAllowedNow`` the second time, and once the report is in.
    """
    permit_on(notification.case, "notifications.triage", by)
    if not isinstance(by, User):
        raise NotPermitted("A notification is acknowledged by a person.")
    with changing(notification.case, version=version) as held:
        refusal = acknowledgement_refusal(held)
        if refusal:
            raise NotAllowedNow(refusal)
        Acknowledgement.objects.create(notification=notification, by=by, at=clock.now())
        append("notifications.acknowledged", case=held, by=by)
        people = contacts(held.employer_id, permission=held.spec.follow)
        post(ACKNOWLEDGED, case=held, to=people, role=by.get_role_display())
    return notification
