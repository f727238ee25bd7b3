"""More time for the report: no right, an inspector's decision (CQC, "when to notify"), asked for or not."""

from datetime import date

from notifications.letters import EXTENSION, MORE_TIME_ASKED, MORE_TIME_REFUSED, post, post_to_desk
from notifications.models import Notification
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing
from regulator.casework.visibility import permit_on
from regulator.deadlines import requests
from regulator.deadlines.models import Deadline, Extension, ExtensionRequest
from regulator.deadlines.services import extend_deadline
from regulator.organisations.policies import NotPermitted
from regulator.organisations.queries import contacts


def awaited_report(case: Case) -> Deadline | None:
    """The clock of the report while it runs; ``None`` where no report is awaited. One query."""
    return Deadline.objects.open().filter(case=case, kind="report").first()


def extend_report(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    due_on: date,
    reason: str,
    identifies_nobody: str = "",
) -> Extension:
    """Move the report's date to a later day, which grants the request for more time where one is open.

    Raises ``NotAllowedNow`` where no report is awaited, ``IdentifiersFound`` for a reason that seems to
    identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    by = _reviewer(notification, by)
    with changing(notification.case, version=version) as held:
        deadline = awaited_report(held)
        if deadline is None:
            raise NotAllowedNow("No report is awaited, so there is nothing to extend.")
        request = requests.open_request(held)
        extension = extend_deadline(
            case=held,
            deadline=deadline,
            due_on=due_on,
            reason=reason,
            by=by,
            identifies_nobody=identifies_nobody,
        )
        if request is not None:
            requests.record_grant(case=held, request=request, extension=extension, by=by)
        post(EXTENSION, case=held, to=contacts(held.employer_id, permission=held.spec.follow), due_on=due_on)
    return extension


def refuse_more_time(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> ExtensionRequest:
    """Let the report's date stand, for a reason that the employer reads, checked as ``extend_report``'s.

    Raises ``NotAllowedNow`` where no request is open.
    """
    by = _reviewer(notification, by)
    with changing(notification.case, version=version) as held:
        request = requests.open_request(held)
        if request is None:
            raise NotAllowedNow("No request for more time is open.")
        requests.refuse(case=held, request=request, reason=reason, by=by, identifies_nobody=identifies_nobody)
        people = contacts(held.employer_id, permission=held.spec.follow)
        post(MORE_TIME_REFUSED, case=held, to=people, due_on=request.deadline.due_on)
    return request


def ask_more_time(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    asked_until: date,
    reason: str,
    identifies_nobody: str = "",
) -> ExtensionRequest:
    """Ask CQC for more time for the report, once at a time; whoever leads the case is told.

    Raises ``NotAllowedNow`` where no report is awaited or a request is open already, ``IdentifiersFound`` for
    a reason that seems to identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    case = notification.case
    permit_on(case, "notifications.ask_more_time", by)
    if not isinstance(by, User):
        raise NotPermitted("More time is asked for by a person.")
    with changing(case, version=version) as held:
        deadline = awaited_report(held)
        if deadline is None:
            raise NotAllowedNow("No report is awaited, so there is no date to move.")
        asked = requests.ask(
            case=held,
            deadline=deadline,
            until=asked_until,
            reason=reason,
            by=by,
            identifies_nobody=identifies_nobody,
        )
        post_to_desk(MORE_TIME_ASKED, case=held, asked_until=asked_until, due_on=deadline.due_on)
    return asked


def _reviewer(notification: Notification, by: Actor) -> User:
    permit_on(notification.case, "notifications.review", by)
    if not isinstance(by, User):
        raise NotPermitted("An extension is decided by a person.")
    return by
