"""Who inspects beside the lead: joining the team of an inspection, leaving it."""

from django.core.exceptions import ValidationError

from inspections.lifecycle import CONDUCT
from inspections.models import Inspection, InspectionMember
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_holder
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted


def join_team(*, inspection: Inspection, by: Actor, version: int | None, person: User) -> InspectionMember:
    """Let an inspector join the team.

    Raises ``NotPermitted``, ``NotAllowedNow`` once the inspection is over, and ``ValidationError`` beside
    ``person``: no inspector, the lead, on the team already, not named on a restricted case, or with a
    declared interest in the employer.
    """
    if not isinstance(by, User):
        raise NotPermitted("The team is chosen by a person.")
    with holding(inspection, version=version) as held:
        _open_to_change(held, by)
        if person.role not in roles_with(CONDUCT):
            raise ValidationError({"person": "Choose an inspector."})
        refuse_holder(held, person, field="person")
        if held.assignee_id == person.pk:
            raise ValidationError({"person": f"{person} leads this inspection already."})
        if InspectionMember.objects.current().filter(inspection=inspection, person=person).exists():
            raise ValidationError({"person": f"{person} is on the team already."})
        made = InspectionMember.objects.create(
            inspection=inspection, person=person, joined_by=by, joined_at=clock.now()
        )
        append("inspections.joined", case=held, by=by, payload=_which(made))
    return made


def leave_team(*, inspection: Inspection, by: Actor, version: int | None, member: InspectionMember) -> None:
    """Take somebody off the team; that they were on it stays on record.

    Raises ``NotPermitted``, ``NotAllowedNow`` where they left before or the inspection is over, and
    ``ValidationError`` for the team of another inspection.
    """
    if not isinstance(by, User):
        raise NotPermitted("The team is chosen by a person.")
    with holding(inspection, version=version) as held:
        _open_to_change(held, by)
        left = InspectionMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if left.inspection_id != inspection.pk:
            raise ValidationError({"member": "This person is on the team of another inspection."})
        if left.left_at is not None:
            raise NotAllowedNow(f"{left.person} left the team already.")
        left.left_at, left.left_by = clock.now(), by
        left.save(update_fields=["left_at", "left_by"])
        append("inspections.left", case=held, by=by, payload=_which(left))


def over(case: Case) -> str:
    """Why the team does not change any more, in plain English; ``""`` where it may."""
    return "The inspection is over." if case.is_over else ""


def _open_to_change(held: Case, by: Actor) -> None:
    permit_on(held, CONDUCT, by)
    if refusal := over(held):
        raise NotAllowedNow(refusal)


def _which(member: InspectionMember) -> dict[str, object]:
    return {"member": member.pk, "person": member.person_id}
