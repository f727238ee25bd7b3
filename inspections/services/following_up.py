"""Following an inspection up: a new inspection, linked with the first."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from inspections.models import Inspection
from inspections.services.planning import open_inspection
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.services.linking import tie
from regulator.casework.visibility import permit_on
from regulator.organisations.models import Site


def not_followable(case: Case) -> str:
    """Why a case has no follow-up, in plain English; ``""`` where it may have one (one query)."""
    seen = Inspection.objects.filter(pk=case.pk, visited_on__isnull=False).exists()
    return "" if seen else "Only an inspection that was on site is followed up."


def open_follow_up(
    *,
    first: Inspection,
    site: Site | None,
    planned_on: date,
    by: User,
    reason: str,
    lead: User | None = None,
    scope: str = "",
    further_sites: Sequence[Site] = (),
    identifies_nobody: str = "",
) -> Inspection:
    """Open an inspection that looks again at what ``first`` saw, of the same modality, and link the two.

    Each timeline says that they are linked, that of the first with the reason; neither moves. A restriction
    of the first holds for the follow-up. Raises ``NotPermitted``, ``NotAllowedNow`` for one that was not on
    site, and ``ValidationError`` or ``IdentifiersFound`` as ``open_inspection`` does, or for the reason.
    """
    permit_on(first.case, "inspections.open", by)
    permit_on(first.case, "casework.link", by)
    with writing():
        if refused := not_followable(first.case):
            raise NotAllowedNow(refused)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=first.case, texts={"reason": reason}, by=by, reason=identifies_nobody)
        made = open_inspection(
            employer=first.case.employer,
            site=site,
            modality=first.case.modality,
            trigger=Inspection.Trigger.FOLLOW_UP,
            planned_on=planned_on,
            by=by,
            lead=lead,
            arose_from=first.case,
            scope=scope,
            further_sites=further_sites,
            brachytherapy=first.brachytherapy,
            identifies_nobody=identifies_nobody,
        )
        tie(first.case, made.case, by=by, reason=reason.strip())
    return made
