"""Giving the employer more time for the report: no right, an inspector's decision (CQC, "when to notify")."""

from datetime import date

from notifications.letters import EXTENSION, post
from notifications.models import Notification
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import changing
from regulator.casework.visibility import permit_on
from regulator.deadlines.models import Deadline, Extension
from regulator.deadlines.services import extend_deadline
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import contacts


def extend_report(
    *, notification: Notification, by: Actor, version: int | None, due_on: date, reason: str
) -> Extension:
    """Move the report's date to a later day. Raises ``NotAllowedNow`` where no report is awaited."""
    case = notification.case
    permit_on(case, "notifications.review", by)
    if not isinstance(by, User):
        raise NotPermitted("An extension is granted by a person.")
    with changing(case, version=version) as held:
        deadline = Deadline.objects.open().filter(case=held, kind="report").first()
        if deadline is None:
            raise NotAllowedNow("No report is awaited, so there is nothing to extend.")
        extension = extend_deadline(case=held, deadline=deadline, due_on=due_on, reason=reason, by=by)
        post(EXTENSION, case=held, to=contacts(held.employer_id, permission=held.spec.follow), due_on=due_on)
    return extension
