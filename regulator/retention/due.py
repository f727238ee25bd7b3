"""Which cases are due on a day, and why those that are old enough are kept. Reads only.

A day is one of London's: a case that was closed at half past midnight in July was closed on that day.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.retention.days import last_closing, years_later
from regulator.retention.hindrances import HINDRANCES, any_of, names
from regulator.retention.policies import RetentionPolicy

_NONE: Final = Q(pk__in=[])


def due_on(case: Case, policy: RetentionPolicy) -> date | None:
    """The day on which a case is old enough under ``policy``; ``None`` while it is open, and where that day
    lies beyond the calendar."""
    if case.closed_at is None:
        return None
    try:
        return years_later(timezone.localdate(case.closed_at), policy.years)
    except ValueError:
        return None


def aged(policy: RetentionPolicy, as_of: date) -> Q:
    """Cases of the policy's kind that are old enough on ``as_of``, and of which something is left.

    Not those that CQC never saw: an abandoned draft has a clock of its own.
    """
    last = last_closing(as_of, policy.years)
    if last is None or policy.kind not in KINDS:
        return _NONE
    unseen = KINDS.get(policy.kind).hidden_from_staff
    return Q(kind=policy.kind, closed_at__lt=end_of(last), redacted_at__isnull=True) & ~Q(status__in=unseen)


def end_of(day: date) -> datetime:
    """The moment at which a day ends in London."""
    if day == date.max:
        return datetime.max.replace(tzinfo=timezone.get_default_timezone())
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())


def old_enough(policies: Iterable[RetentionPolicy], as_of: date) -> QuerySet[Case]:
    """Cases that are old enough under these policies, each knowing of every reason whether it keeps it
    (``why_kept``)."""
    found = _NONE
    for policy in policies:
        found |= aged(policy, as_of)
    return with_reasons(Case.objects.filter(found))


def with_reasons(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The same cases, each knowing of every reason whether it keeps it."""
    return cases.annotate(**{f"{_KEPT}{name}": HINDRANCES.get(name).cases() for name in names()})


_KEPT: Final = "kept_for_"


def reasons_of(case: Case) -> list[str]:
    """The names of the reasons for which a case of ``old_enough`` is kept (no query)."""
    return [name for name in names() if getattr(case, f"{_KEPT}{name}")]


def why_kept(case: Case) -> tuple[str, ...]:
    """Why a case of ``old_enough`` is kept, in words; nothing where it is due (no query)."""
    return tuple(HINDRANCES.get(name).why for name in reasons_of(case))


def due_under(policy: RetentionPolicy, as_of: date) -> QuerySet[Case]:
    """The cases that are due on ``as_of`` under ``policy``: old enough, and kept for no reason."""
    return Case.objects.filter(aged(policy, as_of) & ~any_of())
