"""Closing in two steps: provisionally by the reviewer, then confirmed to the chief executive's office."""

from notifications.letters import CLOSURE, PROVISIONAL, post
from notifications.models import Notification
from regulator.accounts.actors import Actor
from regulator.casework.services import changing, move
from regulator.deadlines.kinds import ended_by_closing
from regulator.deadlines.services import end_deadlines
from regulator.organisations.queries import contacts


def provisionally_close(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """End the review. A statutory case needs its report filed and its cause coded."""
    with changing(notification.case, version=version) as held:
        move(held, "provisionally_close", by=by)
        post(PROVISIONAL, case=held, to=contacts(held.employer_id, permission=held.spec.follow))
    return notification


def confirm_closure(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Close the case and tell the chief executive's office and the employer's people."""
    with changing(notification.case, version=version) as held:
        move(held, "confirm_closure", by=by)
        end_deadlines(case=held, by=by, kinds=ended_by_closing())
        office = held.employer.chief_executive_email
        people = contacts(held.employer_id, permission=held.spec.follow)
        post(CLOSURE, case=held, to=dict.fromkeys([office, *people] if office else people))
    return notification
