"""Compliance: more time for it, that it was reached, that it was not."""

from datetime import date

from django.core.exceptions import ValidationError

from enforcement import letters
from enforcement.conditions import not_extendable, not_satisfied, not_yet_late
from enforcement.deadlines import EVIDENCE_ANSWER, MORE_TIME_ANSWER
from enforcement.models import Notice
from enforcement.services.holding import holding
from enforcement.services.publishing import bring_up_to_date
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.casework.visibility import permit_on
from regulator.deadlines.models import Deadline, Extension
from regulator.deadlines.requests import open_request, record_grant
from regulator.deadlines.services import end_deadlines, extend_deadline, meet_deadline


def extend_compliance(
    *,
    notice: Notice,
    by: User,
    version: int | None,
    compliance_on: date,
    reason: str,
    identifies_nobody: str = "",
) -> Extension:
    """Give more time, while no appeal is pending (HSWA 1974 s23); a published entry shows the new date, and
    the employer is told. Where the employer asked for more time, this grants it.

    Raises ``NotAllowedNow``, or ``ValidationError`` for a date that is not later or lies before today, or for
    no reason, ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says
    why not.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.decide_compliance", by)
        if refusal := not_extendable(held, by):
            raise NotAllowedNow(refusal)
        deadline = Deadline.objects.get(case=held, kind="comply")
        asked = open_request(held)
        extension = extend_deadline(
            case=held,
            deadline=deadline,
            due_on=compliance_on,
            reason=reason,
            by=by,
            field="compliance_on",
            identifies_nobody=identifies_nobody,
        )
        payload = {"from": str(notice.compliance_on), "to": compliance_on.isoformat()}
        append("enforcement.extended", case=held, by=by, payload=payload)
        if asked is not None:
            record_grant(case=held, request=asked, extension=extension, by=by)
            meet_deadline(case=held, kind=MORE_TIME_ANSWER, by=by)
        former, notice.compliance_on = notice.compliance_on, compliance_on
        notice.save(update_fields=["compliance_on"])
        bring_up_to_date(held, notice, by=by)
        letters.tell_extended(held, notice, former=former)
    return extension


def record_compliance(*, notice: Notice, by: Actor, version: int | None, complied_on: date, how: str) -> None:
    """Record that CQC is satisfied: the entry, if public, says so at once, and the employer is told.

    Evidence that waits is accepted or returned instead (``NotAllowedNow``). Raises ``ValidationError`` for a
    day before service or in the future, or an unknown way of showing it.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.decide_compliance", by)
        if refusal := not_satisfied(held, by):
            raise NotAllowedNow(refusal)
        satisfied(held, notice, by=by, complied_on=complied_on, how=how)


def satisfied(held: Case, notice: Notice, *, by: Actor, complied_on: date, how: str) -> None:
    """``record_compliance`` on a held case: the one way in which compliance comes to be on record."""
    move(held, "comply", by=by, payload={"complied_on": complied_on.isoformat(), "how": how})
    if notice.served_on is None or not notice.served_on <= complied_on <= clock.today():
        raise ValidationError({"complied_on": "The day must lie between the day of service and today."})
    if how not in Notice.HowComplied.values:
        raise ValidationError({"how": "Choose how compliance was shown."})
    notice.complied_on, notice.how_complied = complied_on, how
    notice.save(update_fields=["complied_on", "how_complied"])
    meet_deadline(case=held, kind="comply", by=by, on=complied_on)
    end_deadlines(case=held, by=by, kinds=[EVIDENCE_ANSWER, MORE_TIME_ANSWER])
    bring_up_to_date(held, notice, by=by)
    letters.tell_complied(held, notice)


def record_failure(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Record that the date went by without compliance; the employer is told.

    Raises ``NotAllowedNow`` before that date has gone by and while something that the employer filed waits
    for CQC's answer, ``IdentifiersFound`` for a reason that seems to identify somebody, unless
    ``identifies_nobody`` says why it does not.
    """
    with holding(notice, version=version) as held:
        move(held, "fail", by=by, reason=reason, identifies_nobody=identifies_nobody)
        if refusal := not_yet_late(held, by):
            raise NotAllowedNow(refusal)
        end_deadlines(case=held, by=by, kinds=["comply"])
        bring_up_to_date(held, notice, by=by)
        letters.tell_failed(held, notice)
