"""The reactive inspection that a high risk proposes: whether one is proposed, and deciding against it."""

from django.core.exceptions import ValidationError

from inspections.models import InspectionDeclined
from inspections.queries import arisen, declined
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted


def proposal_refusal(case: Case) -> str:
    """Why there is no proposal to decide on, in plain English; ``""`` where there is one: what
    ``queries.proposed`` finds. At most two queries, none after ``queries.read_standing``."""
    if case.risk != Case.Risk.HIGH:
        return "An inspection is proposed only where the risk was assessed as high."
    if case.closed_at is not None:
        return "The case is closed."
    if arisen(case):
        return "An inspection arose from this case already."
    return "It was decided already that no inspection follows." if declined(case) else ""


def decline_inspection(
    *, case: Case, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> InspectionDeclined:
    """Decide that a case of high risk needs no reactive inspection, and why; the proposal no longer waits.

    Raises ``NotPermitted``, ``NotAllowedNow`` where none is proposed, ``ValidationError`` for no reason and
    ``IdentifiersFound`` for one that seems to identify somebody.
    """
    permit_on(case, "inspections.open", by)
    if not isinstance(by, User):
        raise NotPermitted("Whether to inspect is decided by a person.")
    with changing(case, version=version) as held:
        refusal = proposal_refusal(held)
        if refusal:
            raise NotAllowedNow(refusal)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        kept = InspectionDeclined.objects.create(case=held, reason=reason.strip(), declined_by=by)
        append("inspections.declined", case=held, by=by, text=reason.strip())
    return kept
