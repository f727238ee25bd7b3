"""Linking cases that belong together, and taking such a link off. Neither case moves."""

from typing import Final

from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, CaseLink
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on

PERMISSION: Final = "casework.link"
NO_SUCH_CASE: Final = "There is no case with this reference, or it is not for you to read."


def link_cases(*, case: Case, reference: str, by: User, reason: str, identifies_nobody: str = "") -> CaseLink:
    """Link ``case`` with the one that bears ``reference``; each timeline says so.

    A link adds to both and changes nothing on them, so no version can be too old for one. The reason stands
    on the timeline of ``case`` only: the other may be open to more people. Raises ``NotPermitted`` for a
    case that is not theirs to link, ``IdentifiersFound`` for the reason, and ``ValidationError`` beside
    ``reference`` (none that they may read, the case itself, linked already) or ``reason``.
    """
    with writing():
        permit_on(case, PERMISSION, by)
        other = _other(case, reference, by)
        permit_on(other, PERMISSION, by)
        if are_linked(case, other):
            raise ValidationError({"reference": f"This case is linked with {other} already."})
        _check_reason(case, reason, by, identifies_nobody)
        return tie(case, other, by=by, reason=reason.strip())


def unlink_cases(*, case: Case, link: CaseLink, by: User, reason: str, identifies_nobody: str = "") -> None:
    """Take a link of ``case`` off; each timeline says so, that of ``case`` with the reason.

    Raises ``NotPermitted``, also where the other case is not theirs to read, ``NotAllowedNow`` for a link
    that somebody took off before, and as ``link_cases`` for the reason.
    """
    with writing():
        permit_on(case, PERMISSION, by)
        held = CaseLink.objects.of(case.pk).select_related("first", "second").get(pk=link.pk)
        other = held.second if held.first_id == case.pk else held.first
        permit_on(other, PERMISSION, by)
        if held.ended_at is not None:
            raise NotAllowedNow(f"The link with {other} was taken off already.")
        _check_reason(case, reason, by, identifies_nobody)
        append("casework.unlinked", case=case, by=by, payload={"with": other.pk}, text=reason.strip())
        append("casework.unlinked", case=other, by=by, payload={"with": case.pk})
        held.ended_at, held.ended_by = clock.now(), by
        held.save(update_fields=["ended_at", "ended_by"])


def are_linked(case: Case, other: Case) -> bool:
    """Whether a link between the two stands (one query)."""
    first, second = sorted((case.pk, other.pk))
    return CaseLink.objects.standing().filter(first=first, second=second).exists()


def tie(case: Case, other: Case, *, by: User, reason: str) -> CaseLink:
    """Write a link with its events, for a deed that checked it. Call it inside ``writing``."""
    event = append("casework.linked", case=case, by=by, payload={"with": other.pk}, text=reason)
    append("casework.linked", case=other, by=by, payload={"with": case.pk})
    first, second = sorted((case, other), key=lambda each: each.pk)
    return CaseLink.objects.create(first=first, second=second, made_by=by, made_at=clock.now(), event=event)


def _other(case: Case, reference: str, by: User) -> Case:
    found = Case.objects.for_user(by).filter(reference__iexact=reference.strip()).first()
    if found is None:
        raise ValidationError({"reference": NO_SUCH_CASE})
    if found.pk == case.pk:
        raise ValidationError({"reference": "This is the case itself. Enter the reference of another."})
    return found


def _check_reason(case: Case, reason: str, by: User, identifies_nobody: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    refuse_identifiers(case=case, texts={"reason": reason}, by=by, reason=identifies_nobody)
