"""What an employer's people see first: what is owed and when, what CQC asked, drafts, every case.

Of every kind of case, as far as each registered what concerns the employer. Reads only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Min, Q, QuerySet

from notifications.lifecycle import DISCARDED, DRAFT
from notifications.queries import KIND
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.kinds import KINDS
from regulator.casework.links import CASE_LINKS, case_path
from regulator.casework.models import Case, InformationRequest
from regulator.casework.references import normalise
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline

AHEAD: Final = timedelta(days=28)
"""How far ahead a date counts as coming up."""
MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Due:
    """One date: what, on which case, how many days are left (negative: overdue), and the path of the page
    on which it is done (``""`` where the portal has none yet)."""

    deadline: Deadline
    days_left: int
    path: str


@dataclass(frozen=True, slots=True)
class Dates:
    """What is overdue and what comes up, the earliest first. ``cut_short``: there is more than is shown."""

    overdue: list[Due]
    coming: list[Due]
    cut_short: bool


def dates(user: User, *, employer: int | None = None) -> Dates:
    """What the employer owes, or may do only until a day, overdue or due in the next 28 days.

    Only kinds of deadline that concern the employer. One query, and one for memberships.
    """
    shown = [kind.name for kind in DEADLINES.values() if kind.for_employer]
    found = list(
        Deadline.objects.open()
        .filter(kind__in=shown, case__in=_seen(user, employer), due_on__lte=clock.today() + AHEAD)
        .select_related("case__employer", "case__site")
        .order_by("due_on", "pk")[: MOST_SHOWN + 1]
    )
    rows = [_due(each) for each in found[:MOST_SHOWN]]
    overdue = [each for each in rows if each.days_left < 0 and _is_owed(each.deadline)]
    return Dates(overdue, [each for each in rows if each.days_left >= 0], len(found) > MOST_SHOWN)


def questions(user: User, *, employer: int | None = None) -> list[InformationRequest]:
    """What CQC asked and nobody answered, the first due first, at most 50. One query, and memberships."""
    waiting = InformationRequest.objects.filter(answered_at__isnull=True, case__closed_at__isnull=True)
    seen = waiting.filter(case__in=_seen(user, employer).filter(kind=KIND)).select_related("case__employer")
    return list(seen.order_by("due_on", "pk")[:MOST_SHOWN])


def drafts(user: User, *, employer: int | None = None) -> list[Case]:
    """The drafts, what is due first, at most 50. One query, and one for memberships."""
    mine = _seen(user, employer).filter(kind=KIND, status=DRAFT).select_related("employer", "site")
    return list(mine.order_by(F("next_due_on").asc(nulls_last=True), "-pk")[:MOST_SHOWN])


def cases(user: User, wanted: Mapping[str, Any]) -> QuerySet[Case]:
    """Every case that fits what the filters hold (``forms.CasesForm``): what is due first, then the latest.

    ``q`` is sought in references, in either case, and in the line that names the procedure. One query with
    site and employer, and one for memberships.
    """
    found = _seen(user, wanted["employer"].pk if wanted.get("employer") else None)
    for name in ("kind", "site", "modality"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    if wanted.get("status"):
        kind, _, status = wanted["status"].partition(":")
        found = found.filter(kind=kind, status=status)
    if wanted.get("state"):
        found = found.filter(closed_at__isnull=wanted["state"] == "open")
    if sought := wanted.get("q", ""):
        found = found.filter(Q(summary__icontains=sought) | Q(reference__contains=normalise(sought)))
    return found.select_related("site", "employer").order_by(F("next_due_on").asc(nulls_last=True), "-pk")


def next_dates(shown: Iterable[Case]) -> dict[int, date]:
    """The next open date of each case that concerns the employer: none of CQC's own clocks. One query."""
    kinds = [kind.name for kind in DEADLINES.values() if kind.for_employer]
    found = Deadline.objects.open().filter(case__in=[case.pk for case in shown], kind__in=kinds).order_by()
    return dict(found.values_list("case").annotate(next=Min("due_on")))


def page_of(case: Case) -> str:
    """The path of the case's page for its employer; ``""`` where its kind has none."""
    return case_path(case, for_staff=False) if case.kind in CASE_LINKS else ""


def statuses() -> list[tuple[str, str]]:
    """Every status in which an employer may see a case, as ``kind:status`` with its words. No query."""
    return [
        (f"{kind.name}:{state.value}", f"{kind.label}: {state.label}")
        for kind in KINDS.values()
        for state in kind.lifecycle.states.values()
        if state.value not in kind.hidden_from_employer and state.value != DISCARDED
    ]


def _seen(user: User, employer: int | None) -> QuerySet[Case]:
    found = Case.objects.for_user(user).exclude(kind=KIND, status=DISCARDED)
    return found if employer is None else found.filter(employer=employer)


def _is_owed(deadline: Deadline) -> bool:
    """Not a window that merely closes: nobody is overdue with an appeal."""
    return DEADLINES.get(deadline.kind).escalates


def _due(deadline: Deadline) -> Due:
    case, spec = deadline.case, DEADLINES.get(deadline.kind)
    path = spec.page(case, deadline.subject_id) if spec.page else page_of(case)
    return Due(deadline, (deadline.due_on - clock.today()).days, path)
