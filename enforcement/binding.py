"""What an appeal suspends: an improvement notice's period, and from which day a deferred prohibition binds
where the tribunal suspended it. How the days are found is ``enforcement.legal_life``; here they are read of a
notice."""

from datetime import date

from django.db.models import F, Q

from enforcement.legal_life import Appealed, binds_from, last_directed, suspends
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED
from enforcement.models import Appeal, Notice


def found_in(notice: Notice, status: str, *, lodged_on: date) -> str:
    """The state in which an appeal lodged on that day finds a notice that stands in ``status`` today (no
    query). The period of an improvement notice stood still from that day on (HSWA 1974 s24(3)): a failure
    that CQC recorded before it learnt of an appeal lodged within the period is none."""
    return SERVED if status == NOT_COMPLIED and _suspends(notice, lodged_on, was_owed=True) else status


def stands_still(notice: Notice, appeal: Appeal) -> bool:
    """Whether an appeal makes the period of a notice stand still until it is disposed of: to be asked before
    its disposal moves the day for compliance (no query)."""
    return _suspends(notice, appeal.lodged_on, was_owed=appeal.was_owed)


def _suspends(notice: Notice, lodged_on: date, *, was_owed: bool) -> bool:
    due_on = notice.compliance_on
    if due_on is None:
        return False
    return suspends(notice.type, was_owed=was_owed, lodged_on=lodged_on, due_on=due_on)


def is_suspended(notice: Notice) -> bool:
    """Whether an appeal that is pending makes its period stand still (one query where the appeals are not
    read yet; none of a prohibition)."""
    if notice.type != Notice.Type.IMPROVEMENT:
        return False
    return any(each.disposed_on is None and stands_still(notice, each) for each in notice.appeals.all())


def suspending() -> Q:
    """As ``stands_still``, of those that are pending. A condition on appeals."""
    owed = Q(former_status=SERVED) | Q(former_status=COMPLIED, notice__complied_on__gt=F("lodged_on"))
    within = Q(notice__type=Notice.Type.IMPROVEMENT, lodged_on__lte=F("notice__compliance_on"))
    return owed & within & Q(disposed_on=None)


def directed(appeal: Appeal) -> Appealed:
    """What the tribunal directed on an appeal, as ``enforcement.legal_life`` reads it (no query)."""
    return Appealed(
        appeal.lodged_on,
        appeal.disposed_on,
        suspended_from=appeal.suspended_from,
        suspended_until=appeal.suspended_until,
    )


def must_be_kept_from(notice: Notice) -> date | None:
    """The day of compliance that counts: of a deferred prohibition the later of the day on which it takes
    effect and the first day after a suspension (one query more); ``None`` where the notice states no day."""
    day = notice.compliance_on
    if day is None or notice.type != Notice.Type.PROHIBITION_DEFERRED:
        return day
    return binds_from(day, last_directed([directed(each) for each in notice.appeals.all()]))


def took_effect(notice: Notice, *, before: date) -> bool:
    """Whether the day on which a deferred prohibition takes effect lies before that day (no query)."""
    day = notice.compliance_on
    return notice.type == Notice.Type.PROHIBITION_DEFERRED and day is not None and day < before


def fell_into_a_suspension(notice: Notice) -> bool:
    """Whether a deferred prohibition was, or is to be, suspended on the day on which it takes effect: no
    clock runs to that day (one query, none for other notices)."""
    day = notice.compliance_on
    if day is None or notice.type != Notice.Type.PROHIBITION_DEFERRED:
        return False
    return any(each.suspends_on(day) for each in notice.appeals.all())


def went_by(notice: Notice, *, before: date) -> bool:
    """Whether the day that counts for a notice lies before that day, and it was not complied with by then. It
    does not go by while an appeal makes the period stand still, nor while a suspension keeps a deferred
    prohibition from binding: what was complied with meanwhile was in time (one query where the appeals are
    not read yet)."""
    due, complied_on = must_be_kept_from(notice), notice.complied_on
    if due is None or due >= before or (complied_on is not None and complied_on <= due):
        return False
    return not any(_holds(each, notice, due, complied_on or before) for each in notice.appeals.all())


def _holds(appeal: Appeal, notice: Notice, due: date, on: date) -> bool:
    """Whether an appeal keeps the day ``due`` of its notice from having gone by on ``on``."""
    if appeal.disposed_on is None and stands_still(notice, appeal):
        return True
    return appeal.suspends_on(due) and appeal.suspends_on(on)
