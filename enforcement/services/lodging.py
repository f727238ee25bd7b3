"""Lodging an appeal: that an employer appealed to the employment tribunal, as CQC records it."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from enforcement import letters
from enforcement.binding import found_in, stands_still
from enforcement.conditions import not_lodged_anew
from enforcement.deadlines import EVIDENCE_ANSWER, MORE_TIME_ANSWER
from enforcement.legal_clock import appeal_window_closes
from enforcement.models import Appeal, Notice
from enforcement.services.holding import holding
from enforcement.services.publishing import take_down
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Case
from regulator.casework.services import move, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.casework.wording import as_text
from regulator.deadlines.services import end_deadlines

LONGEST_NUMBER: Final = 40
"""How many characters the tribunal's number of a case may have: its column's."""


def record_appeal(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    lodged_on: date,
    late_with_leave: bool = False,
    case_number: str = "",
    identifies_nobody: str = "",
) -> Appeal:
    """Record that an appeal was lodged: nothing stays or becomes public until it is disposed of.

    It suspends an improvement notice, so its compliance clock stops, and CQC's clocks to answer what was
    filed about it; a prohibition notice binds on, unless the tribunal directs otherwise (HSWA 1974 s24).
    Lodged after the period it adds no day to it, and CQC goes on answering evidence. A
    failure that CQC recorded before it learnt of an appeal lodged within the period of an improvement notice
    does not outlive it. A notice that was complied with may be appealed against too.
    Raises ``ValidationError`` for a day before service, in the future, or after the time for appeal without
    the tribunal's leave; ``NotAllowedNow`` where the employer told of an appeal, which is confirmed or
    declined instead; ``IdentifiersFound`` for a number that seems to identify somebody, unless
    ``identifies_nobody`` says why not.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.record_appeal", by)
        if refusal := not_lodged_anew(held, by):
            raise NotAllowedNow(refusal)
        refuse_identifiers(case=held, texts={"case_number": case_number}, by=by, reason=identifies_nobody)
        return lodge(
            held,
            notice,
            by=by,
            lodged_on=lodged_on,
            late_with_leave=late_with_leave,
            case_number=case_number,
        )


def lodge(
    held: Case, notice: Notice, *, by: Actor, lodged_on: date, late_with_leave: bool, case_number: str
) -> Appeal:
    """``record_appeal`` on a held case: the one way in which an appeal comes to be on record."""
    before, number = held.status, case_number.strip()
    found = found_in(notice, before, lodged_on=lodged_on)
    payload = {
        "lodged_on": lodged_on.isoformat(),
        "late": late_with_leave,
        "case_number_sha256": keep_text(held, number),
    }
    move(held, "lodge_appeal", by=by, payload=payload)
    check_lodged(notice, lodged_on, late_with_leave, number)
    appeal = Appeal.objects.create(
        notice=notice,
        lodged_on=lodged_on,
        late_with_leave=late_with_leave,
        former_status=found,
        case_number=number,
    )
    stopped = ["appeal_window", "publish", "register_update"]
    if notice.type == Notice.Type.IMPROVEMENT:
        stopped += ["comply", MORE_TIME_ANSWER]
    if stands_still(notice, appeal):
        stopped.append(EVIDENCE_ANSWER)
    end_deadlines(case=held, by=by, kinds=stopped)
    take_down(held, notice, by=by, why="an appeal is pending")
    letters.tell_appealed(held, notice, appeal, undone=found != before)
    return appeal


def check_lodged(notice: Notice, lodged_on: date, late_with_leave: bool, case_number: str) -> None:
    """Raise ``ValidationError`` beside the field: a day before service, in the future, or after the time for
    appeal without the tribunal's leave (HSWA 1974 s24); a number that is too long to be one."""
    if len(case_number) > LONGEST_NUMBER:
        raise ValidationError({"case_number": f"Use {LONGEST_NUMBER} characters or fewer."})
    if notice.served_on is None or lodged_on < notice.served_on:
        raise ValidationError({"lodged_on": "An appeal cannot be lodged before the notice was served."})
    if lodged_on > clock.today():
        raise ValidationError({"lodged_on": "The day cannot be in the future."})
    closes = appeal_window_closes(notice.served_on).on
    if lodged_on > closes and not late_with_leave:
        message = (
            f"The time for appeal ended on {as_text(closes)}: a later appeal needs the tribunal's leave."
        )
        raise ValidationError({"lodged_on": message})
