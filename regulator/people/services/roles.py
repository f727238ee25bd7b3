"""Which role at CQC somebody holds, and what they are called: given and changed by another administrator."""

from django.core.exceptions import ValidationError

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.reasons import checked_reason
from regulator.outbox.services import enqueue
from regulator.people.access import end_other_access
from regulator.people.events import record
from regulator.people.holding import another_administrator_stays, changing_person
from regulator.people.letters import ADDRESS_CHANGED


def give_role(*, person: User, role: Role | None, reason: str, by: Actor, version: int | None) -> User:
    """Give somebody a role at CQC, or ``None``: they are of the staff no more. Recorded, with the reason.

    With the last role ends what else opens to them (``people.access``). The role they hold already changes
    nothing. Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow``
    for one's own role, for the last administrator's, and where open cases would be left with somebody who no
    longer works on cases; ``ValidationError`` for no reason, a role that is not of the staff, and somebody
    who acts for an employer: what they hold for it would then read all.
    """
    with changing_person(person, version=version, by=by) as held:
        why = checked_reason(reason)
        before, after = held.role, role.value if role else ""
        if before == after:
            return person
        if role is not None:
            _refuse_who_may_not_be_staff(held, role)
        another_administrator_stays(held)
        if role not in roles_with("casework.assign"):
            _refuse_with_open_cases(held)
        held.role = after
        if role is None:
            end_other_access(held, by=by)
        record("role_given", person=held, by=by, payload={"from": before, "to": after}, text=why)
    return person


def change_details(
    *, person: User, name: str, email: str, reason: str, by: Actor, version: int | None
) -> User:
    """Change what somebody is called, and the address with which they sign in. Recorded: which of them, and
    digests of the addresses. The former address and the new one are told.

    Raises ``NotPermitted``, ``StaleVersion``, and ``ValidationError`` for what was typed.
    """
    email, name = email.strip().lower(), " ".join(name.split())
    with changing_person(person, version=version, by=by, themselves=True) as held:
        why = checked_reason(reason)
        before = {"name": held.name, "email": held.email}
        held.name, held.email = name, email
        held.clean_fields(exclude=["password"])
        held.validate_unique()
        changed = [each for each, former in before.items() if getattr(held, each) != former]
        if not changed:
            return person
        payload: dict[str, object] = {"changed": changed}
        if "email" in changed:
            payload |= {"from_sha256": text_digest(before["email"]), "to_sha256": text_digest(email)}
        record("details_changed", person=held, by=by, payload=payload, text=why)
        if "email" in changed:
            for address, is_new in ((before["email"], False), (email, True)):
                key = f"{ADDRESS_CHANGED.name}:{held.pk}:{held.version}"
                enqueue(letter=ADDRESS_CHANGED.name, to=address, context={"is_new": is_new}, dedupe_key=key)
    return person


def _refuse_who_may_not_be_staff(person: User, role: Role) -> None:
    if role not in STAFF_ROLES:
        raise ValidationError({"role": "Choose a role of CQC’s staff."})
    if person.memberships.filter(ended_at=None).exists():
        raise ValidationError(
            {"role": "This person acts for an employer. End that first, then give a role at CQC."}
        )


def _refuse_with_open_cases(person: User) -> None:
    count = Case.objects.open().filter(assignee=person).count()
    if count:
        raise NotAllowedNow(
            f"{count} open case{'s are' if count > 1 else ' is'} assigned to this person, who would no "
            "longer work on cases. Hand them over first."
        )
