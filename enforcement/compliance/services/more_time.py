"""More time to comply: asked for by the employer before the date, refused by CQC with reasons. What grants
it is ``enforcement.services.extend_compliance``."""

from datetime import date

from enforcement.compliance import letters
from enforcement.compliance.services.holding import ANSWER, DECIDE, keeping
from enforcement.conditions import not_extendable
from enforcement.deadlines import MORE_TIME_ANSWER
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.deadlines import requests
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.deadlines.services import meet_deadline, open_deadline


def not_askable(case: Case, notice: Notice, by: Actor) -> str:
    """Why no more time can be asked for now, in plain English (one query at most)."""
    if refusal := not_extendable(case, by):
        return refusal
    if notice.compliance_on is not None and clock.today() > notice.compliance_on:
        return f"The date for compliance, {as_text(notice.compliance_on)}, has gone by."
    return ""


def ask_more_time(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    asked_until: date,
    reason: str,
    identifies_nobody: str = "",
) -> ExtensionRequest:
    """Ask CQC for a later date for compliance, before the date goes by and once at a time. The date stands
    until CQC decides; CQC's clock for an answer starts, and the notice's lead is told.

    Raises ``NotPermitted``; ``NotAllowedNow`` after the date, while an appeal is pending and where a request
    is open; ``ValidationError`` by field; ``IdentifiersFound`` for a reason that seems to identify somebody,
    unless ``identifies_nobody`` says why not.
    """
    with keeping(notice, ANSWER, by=by, version=version) as (held, person):
        if refusal := not_askable(held, notice, by):
            raise NotAllowedNow(refusal)
        asked = requests.ask(
            case=held,
            deadline=Deadline.objects.get(case=held, kind="comply"),
            until=asked_until,
            reason=reason,
            by=person,
            identifies_nobody=identifies_nobody,
        )
        open_deadline(case=held, kind=MORE_TIME_ANSWER, start_on=clock.today(), by=by)
        letters.tell_filed(held, what=letters.MORE_TIME)
    return asked


def refuse_more_time(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> ExtensionRequest:
    """Let the date stand, for a reason that the employer reads. Raises ``NotPermitted``, ``NotAllowedNow``
    where nobody asked, ``ValidationError``, and ``IdentifiersFound`` as ``ask_more_time`` does."""
    with keeping(notice, DECIDE, by=by, version=version) as (held, person):
        asked = requests.open_request(held)
        if asked is None:
            raise NotAllowedNow("No request for more time is open.")
        requests.refuse(
            case=held, request=asked, reason=reason, by=person, identifies_nobody=identifies_nobody
        )
        meet_deadline(case=held, kind=MORE_TIME_ANSWER, by=by)
        letters.tell_refused(held, due_on=notice.compliance_on)
    return asked
