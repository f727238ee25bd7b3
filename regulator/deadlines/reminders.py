"""What the clock itself brings about: reminders around a due date, and escalation once it has passed.

Everything is found by comparing dates and by what is not recorded yet, never by today's being a certain
day: a worker that was down for a week makes up for it, and one that runs twice does nothing the second time.
"""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.kinds import KINDS, CaseKind
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.deadlines import letters
from regulator.deadlines.kinds import DEADLINES, DeadlineKind
from regulator.deadlines.models import Deadline, DeadlineQuerySet, Reminder
from regulator.organisations.policies import permit

REMINDER: Final = Scheduled("deadlines.remind")
ESCALATION: Final = Scheduled("deadlines.escalate")
OVERDUE_LETTER: Final = "deadline-overdue"
BATCH: Final = 200


def remind() -> int:
    """Send each reminder that has fallen due and was not sent; answers how many deadlines were reminded of.

    Where several of one deadline fell due at once only the latest letter goes, and all are recorded.
    """
    permit(REMINDER, "deadlines.remind")
    reminded = 0
    for kind in DEADLINES.values():
        for offset in sorted(set(kind.reminders), reverse=True):
            reminded += sum(_remind(key, kind, offset) for key in _keys(_reached(kind, offset)))
    return reminded


def escalate() -> int:
    """Tell CQC's people of each overdue deadline, once for each due date; answers how many there were.

    Not of a case that CQC does not see yet: it is told once the case is submitted, if it still is overdue.
    """
    permit(ESCALATION, "deadlines.escalate")
    return sum(_escalate(key) for key in _keys(_to_escalate()))


def _chased() -> DeadlineQuerySet:
    """Nobody is chased over a case that was reconstructed from a published year: its employer is invented."""
    return Deadline.objects.exclude(case__origin=Case.Origin.PUBLISHED_YEAR)


def _to_escalate() -> DeadlineQuerySet:
    """Overdue deadlines that somebody owes, on cases that CQC sees, and that CQC was not told of."""
    windows = [kind.name for kind in DEADLINES.values() if not kind.escalates or kind.employers_own]
    hidden = _in_states(lambda kind: kind.hidden_from_staff)
    found = _chased().overdue().filter(escalated_at__isnull=True).exclude(kind__in=windows).exclude(hidden)
    return found.exclude(_given_time())


def _given_time() -> Q:
    """Overdue, but not for as long as their kind gives before CQC is told."""
    found = Q(pk__in=[])
    for kind in DEADLINES.values():
        if kind.escalates_after > 1:
            found |= Q(kind=kind.name, due_on__gt=clock.today() - timedelta(days=kind.escalates_after))
    return found


def _in_states(states: Callable[[CaseKind], Collection[str]]) -> Q:
    """The deadlines of cases that are in the states that ``states`` names for their kind."""
    found = Q()
    for kind in KINDS.values():
        if named := states(kind):
            found |= Q(case__kind=kind.name, case__status__in=sorted(named))
    return found


def _reached(kind: DeadlineKind, offset: int) -> DeadlineQuerySet:
    """Open deadlines of ``kind`` whose reminder at ``offset`` is due; neither it nor a later one went.

    What reminds an employer, not of a case that it does not see: a reminder must not be how it hears of it.
    """
    went = Reminder.objects.filter(deadline=OuterRef("pk"), due_on=OuterRef("due_on"), offset__gte=offset)
    come = _chased().open().filter(kind=kind.name, due_on__lte=clock.today() - timedelta(days=offset))
    found = come.exclude(Exists(went))
    if kind.for_employer:
        found = found.exclude(_in_states(lambda each: each.hidden_from_employer))
    return found


def _keys(found: DeadlineQuerySet) -> Iterator[int]:
    """Their primary keys, a batch at a time, so that memory does not grow with the number of deadlines."""
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]


def _remind(key: int, kind: DeadlineKind, offset: int) -> bool:
    """One deadline, in one transaction. Asks again under the chain's lock: another may have been faster."""
    with writing():
        deadline = _reached(kind, offset).select_related("case__employer").filter(pk=key).first()
        if deadline is None:
            return False
        to = letters.write(
            letter=kind.letter,
            deadline=deadline,
            to=kind.recipients(deadline.case),
            dedupe_key=f"reminder:{deadline.pk}:{offset}:{deadline.due_on}",
        )
        done = [each for each in sorted(set(kind.reminders)) if each <= offset]
        Reminder.objects.bulk_create(
            [Reminder(deadline=deadline, offset=each, due_on=deadline.due_on) for each in done],
            ignore_conflicts=True,
        )
        deadline.times_reminded, deadline.last_reminded_at = deadline.times_reminded + 1, clock.now()
        deadline.save(update_fields=["times_reminded", "last_reminded_at"])
        payload = {"kind": kind.name, "offset": offset, "due_on": deadline.due_on.isoformat(), "letters": to}
        append(kind.event, case=deadline.case, by=REMINDER, payload=payload)
    return True


def _escalate(key: int) -> bool:
    with writing():
        found = _to_escalate().select_related("case__employer", "case__assignee")
        deadline = found.filter(pk=key).first()
        if deadline is None:
            return False
        deadline.escalated_at = clock.now()
        deadline.save(update_fields=["escalated_at"])
        to = letters.write(
            letter=OVERDUE_LETTER,
            deadline=deadline,
            to=_responsible(deadline.case),
            dedupe_key=f"overdue:{deadline.pk}:{deadline.due_on}",
        )
        payload = {"kind": deadline.kind, "due_on": deadline.due_on.isoformat(), "letters": to}
        append("deadlines.escalated", case=deadline.case, by=ESCALATION, payload=payload)
    return True


def _responsible(case: Case) -> list[str]:
    """Who answers for the case at CQC: its assignee, or everybody who could assign it."""
    return [person.email for person in lead_or(case, permission="casework.assign")]
