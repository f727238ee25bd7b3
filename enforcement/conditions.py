"""The conditions that need the person or the day. Asked by the services and by the desk's buttons alike."""

from datetime import date
from typing import Final

from django.db.models import Max

from enforcement.legal_clock import appeal_window_closes
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.models import Case

DRAFTING: Final = ("enforcement.drafted", "enforcement.edited", "enforcement.proposed")
"""The events that make somebody a drafter of a notice."""
PUBLISHABLE: Final = frozenset({SERVED, COMPLIED, NOT_COMPLIED})


def own_draft(case: Case, by: Actor) -> str:
    """Nobody approves or serves a notice that they had a hand in drafting (two queries at most)."""
    if isinstance(by, Scheduled):
        return "A notice is approved and served by a person."
    drafted = Notice.objects.filter(pk=case.pk, drafted_by=by).exists()
    if drafted or case.events.filter(type__in=DRAFTING, actor=by).exists():
        return "You drafted this notice, so somebody else must approve and serve it."
    return ""


def not_yet_late(case: Case, by: Actor) -> str:
    """A failure to comply exists only once the date has gone by (one query)."""
    due = Notice.objects.values_list("compliance_on", flat=True).get(pk=case.pk)
    if due is not None and clock.today() <= due:
        return f"The notice may still be complied with, until {due.day} {due:%B %Y}."
    return ""


def not_extendable(case: Case, by: Actor) -> str:
    """HSWA 1974 s23: the period may be extended while the notice stands and no appeal is pending."""
    if case.status != SERVED:
        return "The time for compliance can be extended only while the notice is served and not under appeal."
    if Notice.objects.filter(pk=case.pk, compliance_on=None).exists():
        return "This notice states no date for compliance."
    return ""


def unpublishable(case: Case, by: Actor) -> str:
    """Why a notice may not go onto the register today (two queries at most)."""
    notice = Notice.objects.get(pk=case.pk)
    if notice.published_on is not None:
        return "This notice is on the register already."
    return withheld(case, notice)


def withheld(case: Case, notice: Notice) -> str:
    """Why the public may not see a notice today: its state, or the time for appeal (ESIA 1988 s3)."""
    if case.status not in PUBLISHABLE:
        return f"A notice that is “{case.status_label}” is not published."
    opens_after = publication_opens_after(notice)
    if opens_after is None or clock.today() <= opens_after:
        until = f" ends on {opens_after.day} {opens_after:%B %Y}" if opens_after else " has not begun"
        return f"The time for appeal{until}; nothing is published before it is over."
    return ""


def publication_opens_after(notice: Notice) -> date | None:
    """The last day on which the notice may not be public: the end of the time for appeal.

    An appeal that was disposed of has used that time up: then the entry is due from the day of disposal.
    ``None`` where the notice was not served.
    """
    if notice.served_on is None:
        return None
    disposed = notice.appeals.aggregate(last=Max("disposed_on"))["last"]
    closes = appeal_window_closes(notice.served_on).on
    return min(closes, date.fromordinal(disposed.toordinal() - 1)) if disposed else closes
