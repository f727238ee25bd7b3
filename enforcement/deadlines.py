"""The clocks of a notice. The services open them with the dates that ``enforcement.legal_clock`` finds; the
numbers of days here say how, for people."""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.conf import settings

from enforcement import legal_clock
from enforcement.letters import addressees
from enforcement.models import Notice
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or, staff_for
from regulator.deadlines.calendar import add_working_days
from regulator.deadlines.kinds import REMINDER, Counting, DeadlineKind, own_target
from regulator.deadlines.services import due_date

EVIDENCE_ANSWER: Final = "evidence_answer"
MORE_TIME_ANSWER: Final = "more_time_answer"
APPEAL_ANSWER: Final = "appeal_answer"


def publishers(case: Case) -> list[str]:
    """The addresses of those who may publish, and who may see the notice."""
    return [user.email for user in staff_for(case, permission="enforcement.publish")]


def employer_addressees(case: Case) -> list[str]:
    return addressees(case.employer)


def deciders(case: Case) -> list[str]:
    """The address of the notice's lead; of all who decide on compliance where it has none."""
    return [user.email for user in lead_or(case, permission="enforcement.decide_compliance")]


def confirmers(case: Case) -> list[str]:
    """Where an appeal waits to be confirmed: the addresses of ``deciders``, and while an entry of the notice
    stands of all who may confirm it, because it stands until then (one query more than ``deciders``, and
    those of ``staff_for`` while an entry stands)."""
    told = deciders(case)
    if Notice.objects.filter(pk=case.pk).exclude(published_on=None).exists():
        told += [user.email for user in staff_for(case, permission="enforcement.record_appeal")]
    return list(dict.fromkeys(told))


def _answer(
    name: str, label: str, setting: str, recipients: Callable[[Case], list[str]] = deciders
) -> DeadlineKind:
    """By when CQC answers what the employer filed."""
    return own_target(name, label, setting, reminders=(-1, 1), recipients=recipients)


def appeal_answer_due(notice: Notice, told_on: date) -> date | None:
    """By when an appeal of which the employer told is confirmed or declined, where that is sooner than the
    kind of clock says by the rule of that day: while an entry of the notice stands, which an appeal takes
    down (one query then)."""
    if notice.published_on is None:
        return None
    due_on = add_working_days(told_on, settings.NOTICE_PUBLIC_APPEAL_WORKING_DAYS)
    return due_on if due_on < due_date(APPEAL_ANSWER, told_on) else None


def nobody(case: Case) -> list[str]:
    return []


KINDS: Final = (
    # ``appeal_window`` is counted generously, for publication: the employer is never shown that day, which
    # nobody should rely on to lodge an appeal, but the cautious one.
    DeadlineKind(
        name="comply",
        label="Compliance with the notice",
        days=None,
        counting=Counting.CALENDAR,
        source="HSWA 1974 s21 and s22: the date that the notice states",
        reminders=(-14, -3),
        letter=REMINDER,
        recipients=employer_addressees,
        for_employer=True,
        extendable=True,
    ),
    DeadlineKind(
        name="appeal_window",
        label="End of the time for appeal",
        days=legal_clock.APPEAL_DAYS,
        counting=Counting.CALENDAR,
        source="HSWA 1974 s24, counted generously from the day after service",
        reminders=(),
        letter=REMINDER,
        recipients=nobody,
        escalates=False,
    ),
    DeadlineKind(
        name="publish",
        label="Entry on the public register",
        days=legal_clock.PUBLICATION_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s3(1)",
        reminders=(-7, -1),
        letter=REMINDER,
        recipients=publishers,
    ),
    DeadlineKind(
        name="register_update",
        label="Update of the register entry",
        days=legal_clock.REGISTER_UPDATE_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s3(3) and (4)",
        reminders=(-2,),
        letter=REMINDER,
        recipients=publishers,
    ),
    _answer(EVIDENCE_ANSWER, "Answer the employer’s evidence of compliance", "NOTICE_EVIDENCE_WORKING_DAYS"),
    _answer(
        MORE_TIME_ANSWER,
        "Answer the request for more time to comply",
        "NOTICE_MORE_TIME_WORKING_DAYS",
    ),
    _answer(
        APPEAL_ANSWER,
        "Confirm or decline the employer’s appeal",
        "NOTICE_APPEAL_WORKING_DAYS",
        confirmers,
    ),
)
