"""Looking again at what a notice requires: an inspection opened from the notice, and linked with it."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from enforcement.lifecycle import NOT_COMPLIED, SERVED
from enforcement.models import Notice
from inspections import services as inspecting
from inspections.models import Inspection
from inspections.services.following_up import not_followable
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.services.linking import tie
from regulator.casework.visibility import permit_on
from regulator.organisations.models import Site


def not_reinspectable(case: Case) -> str:
    """Why no inspection is opened from a notice now, in plain English. No query."""
    if case.status not in (SERVED, NOT_COMPLIED):
        return "An inspection looks again at a notice that binds and was not complied with yet."
    return ""


def open_reinspection(
    *,
    notice: Notice,
    by: User,
    planned_on: date,
    reason: str,
    site: Site | None = None,
    further_sites: Sequence[Site] = (),
    lead: User | None = None,
    scope: str = "",
    identifies_nobody: str = "",
) -> Inspection:
    """Open an inspection that looks at whether the notice was complied with, and link the two: a follow-up
    of the inspection on which the notice rests, where that was on site, else a focused one.

    The notice does not move. Raises ``NotPermitted``, also for an inspection that they may not see;
    ``NotAllowedNow`` for a notice that does not bind; ``ValidationError`` and ``IdentifiersFound`` as
    ``inspections.services.open_inspection`` does, or for the reason.
    """
    case = notice.case
    permit_on(case, "inspections.open", by)
    permit_on(case, "casework.link", by)
    with writing():
        case.refresh_from_db()
        if refused := case.why_empty if case.redacted_at else not_reinspectable(case):
            raise NotAllowedNow(refused)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
        first = notice.inspection
        if first is not None and not not_followable(first.case):
            made = inspecting.open_follow_up(
                first=first,
                site=site,
                further_sites=further_sites,
                planned_on=planned_on,
                by=by,
                reason=reason,
                lead=lead,
                scope=scope,
                identifies_nobody=identifies_nobody,
            )
        else:
            made = inspecting.open_inspection(
                employer=case.employer,
                site=site,
                further_sites=further_sites,
                modality=case.modality,
                trigger=Inspection.Trigger.FOCUSED,
                planned_on=planned_on,
                by=by,
                lead=lead,
                arose_from=case,
                scope=scope,
                identifies_nobody=identifies_nobody,
            )
        tie(case, made.case, by=by, reason=reason.strip())
    return made
