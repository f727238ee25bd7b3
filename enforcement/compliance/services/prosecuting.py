"""What follows where a notice was not complied with: its referral to prosecution, and what came of it."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from enforcement.compliance.models import Prosecution
from enforcement.compliance.services.holding import DECIDE, keeping
from enforcement.lifecycle import COMPLIED, NOT_COMPLIED, UNDER_APPEAL
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, Referral
from regulator.casework.services import refuse_identifiers

FAILED: Final = "enforcement.not_complied"
"""The event by which a failure comes to be on record."""
NOT_REFERRED: Final = "This notice was not referred to prosecution, or that was decided."


def not_prosecutable(case: Case, notice: Notice) -> str:
    """Why a notice cannot be referred to prosecution now, in plain English (two queries at most)."""
    if refusal := not_failed(case, notice):
        return refusal
    if notice.prosecutions.filter(outcome="").exists():
        return "This notice was referred to prosecution already, and nothing was decided yet."
    return ""


def not_failed(case: Case, notice: Notice) -> str:
    """Why no failure to comply is on record, in plain English; ``""`` where one is. Not complying is an
    offence (HSWA 1974 s33), which late compliance does not undo: an improvement notice that was complied with
    after its day failed before, and so did any that CQC had recorded as failed (one query, of a prohibition
    that was complied with; else none)."""
    failed = case.status == NOT_COMPLIED or (case.status == COMPLIED and _complied_late(case, notice))
    return "" if failed else "Only a notice that was not complied with, or late, is referred to prosecution."


def _complied_late(case: Case, notice: Notice) -> bool:
    if _in_time(notice):
        return False
    if notice.type == Notice.Type.IMPROVEMENT:
        return True
    return case.events.filter(type="enforcement.complied", payload__from=NOT_COMPLIED).exists()


def not_standing(case: Case, notice: Notice, referred: Prosecution) -> str:
    """Why the failure for which a notice was referred does not stand now, in plain English; ``""`` where it
    does: an appeal that was lodged within the period, or new time from the tribunal, undoes it, and one that
    is recorded later is another (one query at most)."""
    if case.status == UNDER_APPEAL:
        return "An appeal is pending, so it is not known yet whether the failure stands."
    if case.status not in (NOT_COMPLIED, COMPLIED) or _in_time(notice):
        return "The failure no longer stands, so there is nothing to prosecute."
    failed_since = case.events.filter(type=FAILED, occurred_at__gt=referred.referred_at)
    if failed_since.exists():
        return "It was referred for an earlier failure, which no longer stands. End this, and refer it anew."
    return ""


def _in_time(notice: Notice) -> bool:
    due_on, complied_on = notice.compliance_on, notice.complied_on
    return due_on is not None and complied_on is not None and complied_on <= due_on


def refer_for_prosecution(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    reason: str,
    referral: Referral | None = None,
    identifies_nobody: str = "",
) -> Prosecution:
    """Refer a notice that was not complied with, or late, to prosecution: to CQC's own lawyers, or with the
    packet that went to another body (``referral``, recorded on this case before).

    Raises ``NotPermitted``; ``NotAllowedNow`` for one of which no failure is on record or that was referred
    already; ``ValidationError`` for no reason or another case's packet; ``IdentifiersFound`` for a reason
    that seems to identify somebody, unless ``identifies_nobody`` says why not.
    """
    with keeping(notice, DECIDE, by=by, version=version) as (held, person):
        if refusal := not_prosecutable(held, notice):
            raise NotAllowedNow(refusal)
        errors = {}
        if not reason.strip():
            errors["reason"] = "Give a reason."
        standing = Referral.objects.standing().filter(case=held)
        if referral is not None and not standing.filter(pk=referral.pk).exists():
            errors["referral"] = "Choose a referral that is recorded on this notice."
        if errors:
            raise ValidationError(errors)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        made = Prosecution.objects.create(
            notice=notice,
            referral=referral,
            referred_by=person,
            referred_at=clock.now(),
            reason=reason.strip(),
        )
        payload = {"prosecution": made.pk, "referral": referral.event_id if referral else None}
        append("compliance.referred_to_prosecution", case=held, by=by, payload=payload, text=made.reason)
    return made


def record_prosecution(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    outcome: str,
    on: date,
    reason: str,
    identifies_nobody: str = "",
) -> Prosecution:
    """Record what came of the referral, on which day and why. That it was complied with late is an outcome
    only once compliance is on record, and neither that nor a prosecution is one where the failure for which
    it was referred does not stand (``not_standing``).

    Raises ``NotPermitted``, ``NotAllowedNow`` where none waits, ``ValidationError`` by field,
    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with keeping(notice, DECIDE, by=by, version=version) as (held, person):
        found = notice.prosecutions.filter(outcome="").first()
        if found is None:
            raise NotAllowedNow(NOT_REFERRED)
        if errors := _faults(held, notice, found, outcome=outcome, on=on, reason=reason):
            raise ValidationError(errors)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        found.outcome, found.decided_on, found.decided_by = outcome, on, person
        found.why = reason.strip()
        found.save(update_fields=["outcome", "decided_on", "decided_by", "why"])
        payload = {"prosecution": found.pk, "outcome": outcome, "on": on.isoformat()}
        append("compliance.prosecution_decided", case=held, by=by, payload=payload, text=found.why)
    return found


def _faults(
    held: Case, notice: Notice, found: Prosecution, *, outcome: str, on: date, reason: str
) -> dict[str, str]:
    errors = {}
    if said := _not_that(held, notice, found, outcome):
        errors["outcome"] = said
    if not timezone.localdate(found.referred_at) <= on <= clock.today():
        errors["on"] = "The day must lie between the referral and today."
    if not reason.strip():
        errors["reason"] = "Give a reason."
    return errors


def _not_that(held: Case, notice: Notice, found: Prosecution, outcome: str) -> str:
    """Why that cannot be what came of a referral now."""
    if outcome not in Prosecution.Outcome.values:
        return "Choose what came of it."
    if outcome == Prosecution.Outcome.NOT_PROSECUTED:
        return ""
    if outcome == Prosecution.Outcome.COMPLIED_LATE and held.status != COMPLIED:
        return "Record compliance first: it is not on record yet."
    return not_standing(held, notice, found)
