"""Restricting a case to named people, changing who is named, lifting it.

Its lead may, at once and at any hour, and an enforcement manager, whoever leads it; see docs/decisions/0013.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework import letters
from regulator.casework.chain import append
from regulator.casework.consequences import arisen_from
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Access, Case, Event, Restriction
from regulator.casework.services.cases import changing
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.organisations.models import Interest
from regulator.organisations.policies import NotPermitted, may

NOT_THEIRS = "Only the lead of the case, or an enforcement manager, restricts it or lifts that."


def restrict(
    *,
    case: Case,
    by: User,
    version: int | None,
    reason: str,
    people: Collection[User],
    also: Sequence[Case] = (),
    identifies_nobody: str = "",
) -> Restriction:
    """From now on only ``people`` open the case, and ``also``, cases that arose from it, with them.

    The enforcement managers are told. Raises ``NotPermitted``, ``NotAllowedNow`` for a case that is
    restricted, ``IdentifiersFound`` for the reason, and ``ValidationError`` beside ``people`` where nobody is
    named, somebody named could not open it, or the lead of a case is not among them; beside ``also`` for a
    case that did not arise from this one or is not theirs to restrict.
    """
    with changing(case, version=version) as held:
        _permit(held, by)
        if held.is_restricted:
            raise NotAllowedNow("This case is restricted already.")
        _check_reason(held, reason, by, identifies_nobody)
        _check_people(held, people)
        made = _close(held, people, by=by, text=reason.strip(), payload={})
        for each in _checked(held, also, people, by):
            with changing(each, version=each.version) as arisen:
                _close(arisen, people, by=by, text="", payload={"follows": held.pk})
        letters.tell_restricted(held, by=by, people=people)
    return made


def name_people(
    *,
    case: Case,
    by: User,
    version: int | None,
    reason: str,
    people: Collection[User],
    cut: Collection[Access] = (),
    identifies_nobody: str = "",
) -> None:
    """Let ``people`` and nobody else be named on a restricted case; end what was opened by breaking the glass
    (``cut``). Whoever stays named keeps the access that they had.

    Naming the same people and cutting nothing changes nothing. Raises as ``restrict``.
    """
    with changing(case, version=version) as held:
        _permit(held, by)
        _check_restricted(held)
        _check_reason(held, reason, by, identifies_nobody)
        _check_people(held, people)
        standing = Access.objects.standing().filter(case=held)
        named = {each.person_id: each for each in standing.filter(right=Access.Right.NAMED)}
        wanted = {person.pk for person in people}
        gone = [named[key] for key in sorted(named.keys() - wanted)]
        broken = list(standing.filter(right=Access.Right.GLASS, pk__in=[each.pk for each in cut]))
        added = sorted(wanted - named.keys())
        if not (gone or added or broken):
            return
        payload = {
            "added": added,
            "removed": [each.person_id for each in gone],
            "cut": [each.pk for each in broken],
            "mended": _panes(broken),
        }
        event = append("casework.people_named", case=held, by=by, payload=payload, text=reason.strip())
        _end([*gone, *broken])
        _name(standing_restriction(held), added, event)


def lift(*, case: Case, by: User, version: int | None, reason: str, identifies_nobody: str = "") -> None:
    """Take the restriction off: whoever reads cases finds it again, and nobody holds a right of their own.

    Cases that were restricted with it stay so, each to be lifted for itself. Raises ``NotPermitted``,
    ``NotAllowedNow`` for a case that is not restricted, and as ``restrict`` for the reason.
    """
    with changing(case, version=version) as held:
        _permit(held, by)
        _check_restricted(held)
        _check_reason(held, reason, by, identifies_nobody)
        append("casework.restriction_lifted", case=held, by=by, text=reason.strip())
        stands = standing_restriction(held)
        stands.lifted_at, stands.lifted_by = clock.now(), by
        stands.save(update_fields=["lifted_at", "lifted_by"])
        _end(Access.objects.filter(case=held, ended_at__isnull=True))
        held.is_restricted = False


def inherit(*, case: Case, source: Case, by: Actor) -> None:
    """Restrict ``case``, which was just opened, as the case from which it arose is restricted.

    To the same people, and for as long as whoever broke the glass there. Nothing where ``source`` is open to
    all. Call it inside ``writing``; one query where there is nothing to do.
    """
    if not Case.objects.filter(pk=source.pk, is_restricted=True).exists():
        return
    standing = list(Access.objects.standing().filter(case=source.pk).select_related("person"))
    named = [each.person for each in standing if each.right == Access.Right.NAMED]
    broken = [each for each in standing if each.right == Access.Right.GLASS]
    payload = {"follows": source.pk} | ({"glass": _panes(broken)} if broken else {})
    with changing(case, version=case.version) as held:
        made = _close(held, named, by=by, text="", payload=payload)
        for each in broken:
            _grant(made, each.person_id, made.event, right=each.right, until=each.until)


def _panes(broken: Iterable[Access]) -> list[dict[str, Any]]:
    """Broken panes as the chain records them: whose, and until when."""
    return [
        {"person": each.person_id, "until": str(each.until and each.until.isoformat())} for each in broken
    ]


def standing_restriction(case: Case) -> Restriction:
    """The restriction that stands on a restricted case. One query."""
    return Restriction.objects.get(case=case.pk, lifted_at__isnull=True)


def restriction_refusal(case: Case, by: User) -> str:
    """Why ``by`` may not restrict this case or lift that, beyond their role; ``""`` where they may. No
    query."""
    if may(by, "casework.restrict_any") or case.assignee_id == by.pk:
        return ""
    return NOT_THEIRS


def nameable(case: Case) -> list[User]:
    """Those of CQC's staff who may be named on the case: they read cases, may sign in, and have no interest
    in its employer. By name; one query."""
    interested = Interest.objects.current().filter(employer=case.employer_id).values("person")
    readers = User.objects.filter(is_active=True, role__in=sorted(roles_with("casework.read")))
    return list(readers.exclude(pk__in=interested).order_by("name", "pk"))


def restrictable(case: Case, by: User) -> list[Case]:
    """The cases that arose from ``case`` and that ``by`` may restrict with it."""
    return [
        each for each in arisen_from(case) if not each.is_restricted and restriction_refusal(each, by) == ""
    ]


def _permit(held: Case, by: User) -> None:
    permit_on(held, "casework.restrict", by)
    if refusal := restriction_refusal(held, by):
        raise NotPermitted(refusal)


def _check_restricted(held: Case) -> None:
    if not held.is_restricted:
        raise NotAllowedNow("This case is not restricted any more.")


def _check_reason(held: Case, reason: str, by: User, identifies_nobody: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)


def _check_people(held: Case, people: Collection[User]) -> None:
    if not people:
        raise ValidationError({"people": "Name at least one person."})
    may_be = {person.pk for person in nameable(held)}
    strangers = sorted(str(person) for person in people if person.pk not in may_be)
    if strangers:
        raise ValidationError(
            {
                "people": f"{', '.join(strangers)} cannot be named: only those who read cases, may sign in, "
                "and have declared no interest in the employer."
            }
        )
    lead = held.assignee
    if lead is not None and lead.is_active and lead.pk not in {person.pk for person in people}:
        raise ValidationError(
            {
                "people": f"{held} is assigned to {lead}, who must be among them. "
                "Or assign it to somebody else."
            }
        )


def _checked(held: Case, also: Sequence[Case], people: Collection[User], by: User) -> list[Case]:
    """Those of ``also`` as they stand now, each one that arose from ``held`` and that ``by`` may restrict."""
    if not also:
        return []
    offered = {each.pk: each for each in restrictable(held, by)}
    if any(each.pk not in offered for each in also):
        raise ValidationError({"also": "A case in this list is not there to be restricted any more."})
    chosen = [offered[each.pk] for each in also]
    for each in chosen:
        permit_on(each, "casework.restrict", by)
        _check_people(each, people)
    return chosen


def _close(
    held: Case, people: Iterable[User], *, by: Actor, text: str, payload: dict[str, Any]
) -> Restriction:
    named = sorted(person.pk for person in people)
    event = append("casework.restricted", case=held, by=by, payload=payload | {"people": named}, text=text)
    made = Restriction.objects.create(
        case=held,
        event=event,
        restricted_by=None if isinstance(by, Scheduled) else by,
        restricted_at=clock.now(),
    )
    held.is_restricted = True
    _name(made, named, event)
    return made


def _name(stands: Restriction, people: Iterable[int], event: Event) -> None:
    for key in people:
        _grant(stands, key, event, right=Access.Right.NAMED)


def _grant(stands: Restriction, person: int, event: Event, **fields: Any) -> None:
    Access.objects.create(
        case_id=stands.case_id,
        restriction=stands,
        person_id=person,
        event=event,
        granted_at=clock.now(),
        **fields,
    )


def _end(standing: Iterable[Access]) -> None:
    Access.objects.filter(pk__in=[each.pk for each in standing]).update(ended_at=clock.now())
