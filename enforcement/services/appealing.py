"""Appeals to the employment tribunal: lodged, and disposed of. The tribunal decides; CQC records."""

from datetime import date

from django.core.exceptions import ValidationError

from enforcement.legal_clock import appeal_window_closes, compliance_after_appeal
from enforcement.models import Appeal, Notice
from enforcement.services.holding import holding
from enforcement.services.publishing import open_publication, take_down
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.deadlines.services import BEYOND_REACH, end_deadlines, open_deadline, within_reach


def record_appeal(
    *, notice: Notice, by: Actor, version: int | None, lodged_on: date, late_with_leave: bool = False
) -> Appeal:
    """Record that an appeal was lodged: nothing stays or becomes public until it is disposed of.

    It suspends an improvement notice, so its compliance clock stops; a prohibition notice binds on
    (HSWA 1974 s24). Raises ``ValidationError`` for a day before service, in the future, or after the time
    for appeal without the tribunal's leave.
    """
    with holding(notice, version=version) as held:
        move(
            held, "lodge_appeal", by=by, payload={"lodged_on": lodged_on.isoformat(), "late": late_with_leave}
        )
        _check_lodged(notice, lodged_on, late_with_leave)
        appeal = Appeal.objects.create(notice=notice, lodged_on=lodged_on, late_with_leave=late_with_leave)
        stopped = ["appeal_window", "publish"]
        if notice.type == Notice.Type.IMPROVEMENT:
            stopped.append("comply")
        end_deadlines(case=held, by=by, kinds=stopped)
        take_down(held, notice, by=by, why="an appeal is pending")
    return appeal


def dispose_appeal(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    outcome: str,
    on: date,
    compliance_on: date | None = None,
    changes: str = "",
) -> None:
    """Record the tribunal's decision of the day ``on``.

    Cancelled: the notice is over and is never published. Affirmed or modified: it binds again, an
    improvement notice's compliance date moves by the days of suspension unless the tribunal set another
    (``compliance_on``), and the entry is due within 14 days. Raises ``ValidationError`` by field.
    """
    with holding(notice, version=version) as held:
        name = "cancel" if outcome == Appeal.Outcome.CANCELLED else "uphold"
        move(held, name, by=by, payload={"outcome": outcome, "disposed_on": on.isoformat()})
        appeal = notice.appeals.get(disposed_on=None)
        _check_disposal(appeal, outcome=outcome, on=on, compliance_on=compliance_on, changes=changes)
        appeal.disposed_on, appeal.outcome, appeal.changes = on, outcome, changes.strip()
        appeal.save()
        if outcome == Appeal.Outcome.CANCELLED:
            end_deadlines(case=held, by=by)
            return
        _resume(held, notice, appeal, by=by, compliance_on=compliance_on)
        open_publication(held, notice, by=by)


def _resume(held: Case, notice: Notice, appeal: Appeal, *, by: Actor, compliance_on: date | None) -> None:
    former, disposed_on = notice.compliance_on, appeal.disposed_on
    if former is None or disposed_on is None or notice.served_on is None:
        return
    suspended = notice.type == Notice.Type.IMPROVEMENT
    if compliance_on is None and suspended:
        compliance_on = compliance_after_appeal(
            former, lodged_on=appeal.lodged_on, disposed_on=disposed_on
        ).on
    notice.compliance_on = compliance_on or former
    notice.save(update_fields=["compliance_on"])
    open_deadline(case=held, kind="comply", start_on=notice.served_on, due_on=notice.compliance_on, by=by)


def _check_lodged(notice: Notice, lodged_on: date, late_with_leave: bool) -> None:
    if notice.served_on is None or lodged_on < notice.served_on:
        raise ValidationError({"lodged_on": "An appeal cannot be lodged before the notice was served."})
    if lodged_on > clock.today():
        raise ValidationError({"lodged_on": "The day cannot be in the future."})
    closes = appeal_window_closes(notice.served_on).on
    if lodged_on > closes and not late_with_leave:
        said = f"{closes.day} {closes:%B %Y}"
        message = f"The time for appeal ended on {said}: a later appeal needs the tribunal's leave."
        raise ValidationError({"lodged_on": message})


def _check_disposal(
    appeal: Appeal, *, outcome: str, on: date, compliance_on: date | None, changes: str
) -> None:
    errors: dict[str, str] = {}
    if outcome not in Appeal.Outcome.values:
        errors["outcome"] = "Choose the outcome."
    if not appeal.lodged_on <= on <= clock.today():
        errors["on"] = "The day must lie between the day on which the appeal was lodged and today."
    if outcome == Appeal.Outcome.MODIFIED and not changes.strip():
        errors["changes"] = "Say what the tribunal changed."
    if compliance_on is not None and compliance_on < on:
        errors["compliance_on"] = "The date for compliance cannot be before the decision."
    elif compliance_on is not None and not within_reach(compliance_on):
        errors["compliance_on"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)
