"""The conditions that need the person or the day. Asked by the services and by the desk's buttons alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Max

from enforcement.binding import fell_into_a_suspension, must_be_kept_from, stands_still, took_effect
from enforcement.findings import SETTLED
from enforcement.legal_clock import LegalDate, publication_withheld_until
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, SERVED, UNDER_APPEAL, UNSEEN_BY_EMPLOYER
from enforcement.models import Appeal, Notice
from enforcement.papers.models import LegalReview
from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.registry import Registry

DRAFTING: Final = ("enforcement.drafted", "enforcement.edited", "enforcement.proposed", SETTLED)
"""The events that make somebody a drafter of a notice."""
PUBLISHABLE: Final = frozenset({SERVED, COMPLIED, NOT_COMPLIED})


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Something that the employer filed and that CQC may still have to answer.

    ``holds_up`` are the deeds, by name, that wait for the answer; ``why`` says in plain English that one is
    owed on a case (``""`` where none is), and states its number of SQL queries.
    """

    holds_up: frozenset[str]
    why: Callable[[Case], str]


UNANSWERED: Registry[Unanswered] = Registry("what of an employer's waits for CQC's answer")


def waits(case: Case, deed: str) -> str:
    """What of the employer's must be answered before ``deed``; ``""`` where nothing must."""
    asked = (each.why(case) for each in UNANSWERED.values() if deed in each.holds_up)
    return next(filter(None, asked), "")


def own_draft(case: Case, by: Actor) -> str:
    """Nobody reviews, approves or serves a notice that they had a hand in drafting (one query).

    These conditions read ``case.notice``: on the desk it was read with the facts, on a held case it is fresh.
    """
    if isinstance(by, Scheduled):
        return "A notice is reviewed, approved and served by a person."
    if case.notice.drafted_by_id == by.pk or case.events.filter(type__in=DRAFTING, actor=by).exists():
        return "You drafted this notice, so others must review, approve and serve it."
    return ""


def own_review(case: Case, by: Actor) -> str:
    """Nobody approves what they reviewed, whichever version of it that was (one query)."""
    if isinstance(by, User) and LegalReview.objects.filter(notice=case.pk, reviewed_by=by).exists():
        return "You reviewed this notice, so somebody else must approve it."
    return ""


def not_yet_late(case: Case, by: Actor) -> str:
    """A failure to comply exists only once the date has gone by, and once the notice bound after a suspension
    (one query; one more for a deferred prohibition)."""
    due = must_be_kept_from(case.notice)
    if due is not None and clock.today() <= due:
        return f"The notice may still be complied with, until {as_text(due)}."
    return waits(case, "fail")


def not_satisfied(case: Case, by: Actor) -> str:
    """Evidence that waits is accepted or returned: nobody passes over it."""
    return waits(case, "comply")


def not_lodged_anew(case: Case, by: Actor) -> str:
    """An appeal of which the employer told CQC is confirmed or declined: it is not recorded beside that."""
    return waits(case, "record_appeal")


def not_suspendable(case: Case, by: Actor) -> str:
    """HSWA 1974 s24(3): an appeal suspends an improvement notice of itself, a prohibition notice only by the
    tribunal's direction (one query)."""
    if case.status != UNDER_APPEAL:
        return "The tribunal suspends a notice only while an appeal is pending."
    if Notice.objects.filter(pk=case.pk, type=Notice.Type.IMPROVEMENT).exists():
        return "The appeal itself suspends an improvement notice."
    return ""


def not_extendable(case: Case, by: Actor) -> str:
    """HSWA 1974 s23: the period may be extended while the notice stands and no appeal is pending, and not
    that of a deferred prohibition that took effect or whose day fell into a suspension (one query for a
    deferred one, else none)."""
    if case.status != SERVED:
        return "The time for compliance can be extended only while the notice is served and not under appeal."
    if case.notice.compliance_on is None:
        return "This notice states no date for compliance."
    if took_effect(case.notice, before=clock.today()) or fell_into_a_suspension(case.notice):
        return "The prohibition took effect; there is no period to extend."
    return ""


def not_withdrawable(case: Case, by: Actor) -> str:
    """HSWA 1974 s23(2): an improvement or deferred prohibition notice, before its period ends (two queries).

    While an appeal suspends an improvement notice its period does not run. A notice whose period is over, or
    that was complied with before an appeal, is never ended by withdrawal: that would delete an entry that
    must stay.
    """
    notice: Notice = case.notice
    if notice.compliance_on is None:
        return "An immediate prohibition notice states no period, so it cannot be withdrawn (HSWA 1974 s23)."
    appeal = pending_appeal(notice)
    if appeal is not None and appeal.former_status == COMPLIED:
        return "The notice was complied with before the appeal, so it is not withdrawn."
    day = appeal.lodged_on if appeal is not None and stands_still(notice, appeal) else clock.today()
    if day > notice.compliance_on:
        ended = as_text(notice.compliance_on)
        return f"The notice's period ended on {ended}; it could be withdrawn only before (HSWA 1974 s23)."
    return ""


def unserved(case: Case, by: Actor) -> str:
    """Why there is nothing to prove: the notice is not served. No query."""
    unseen = case.status in UNSEEN_BY_EMPLOYER
    return "This notice is not served, so there is nothing to prove." if unseen else ""


def reached_the_employer(case: Case, by: Actor) -> str:
    """What shows that a served notice arrived, so that its service stands (three queries)."""
    notice = Notice.objects.get(pk=case.pk)
    if notice.published_on is not None:
        return "This notice is on the public register, so its service is not undone."
    if notice.appeals.exists():
        return "An appeal was lodged against this notice, so it did reach the employer."
    if hasattr(notice, "trade_secret"):
        return "The employer claimed a trade secret, so this notice did reach it."
    return waits(case, "fail_service")


def withheld(case: Case, notice: Notice) -> str:
    """Why the public may not see a notice today: its state, a pending appeal or one that CQC has not
    confirmed, or the time for appeal and for claiming a trade secret (ESIA 1988 s3 and s4; two queries, and
    those of what the employer filed)."""
    if case.status not in PUBLISHABLE:
        return f"A notice that is “{case.status_label}” is not published."
    if pending_appeal(notice) is not None:
        return "An appeal is pending; nothing is published before it is disposed of."
    if refusal := waits(case, "publish"):
        return refusal
    until = publication_opens_after(notice)
    if until is None:
        return "This notice was not served."
    if clock.today() <= until.on:
        why = until.derivation[:1].lower() + until.derivation[1:]
        return f"Nothing is published up to and including {as_text(until.on)}, which is {why}"
    return ""


def pending_appeal(notice: Notice) -> Appeal | None:
    """The appeal that the tribunal has not decided yet (one query)."""
    return notice.appeals.filter(disposed_on=None).first()


def publication_opens_after(notice: Notice) -> LegalDate | None:
    """The last day on which the notice may not be public (one query); ``None`` where it was not served."""
    if notice.served_on is None:
        return None
    return publication_withheld_until(notice.served_on, disposed_on=last_disposal(notice))


def last_disposal(notice: Notice) -> date | None:
    """The day on which the last appeal was disposed of (one query); ``None`` where none was."""
    disposed: date | None = notice.appeals.aggregate(last=Max("disposed_on"))["last"]
    return disposed
