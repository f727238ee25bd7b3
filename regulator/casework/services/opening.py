"""Opening a restricted case: breaking the glass, and keeping account of every look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError

from regulator import clock
from regulator.accounts.models import User
from regulator.casework import letters
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Access, Case, RestrictedView
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.services.restricting import standing_restriction
from regulator.casework.weeks import week_of
from regulator.organisations.policies import NotPermitted, permit

LONGEST_PATH: Final = 200


def break_glass(*, case: Case, by: User, reason: str, identifies_nobody: str = "") -> Access:
    """Let ``by`` open a restricted case on which they are not named, for ``BREAK_GLASS_HOURS`` from now.

    The reason is kept on the chain; the case's lead and the enforcement managers are told. Whoever may open
    the case already gets the access that they have, and nobody is told. Raises ``NotPermitted``,
    ``InterestDeclared``, ``NotAllowedNow`` for a case that is not restricted, ``ValidationError`` for no
    reason and ``IdentifiersFound`` for one that names somebody.
    """
    permit(by, "casework.break_glass", employer=case.employer_id)
    with writing():
        held = Case.objects.select_related("assignee").get(pk=case.pk)
        if held.status in held.spec.hidden_from_staff:
            raise NotPermitted("A draft is not opened by anybody at CQC.")
        if not held.is_restricted:
            raise NotAllowedNow("This case is not restricted any more: it is found in the queue.")
        standing = standing_access(held, by)
        if standing is not None:
            return standing
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        now = clock.now()
        until = now + timedelta(hours=settings.BREAK_GLASS_HOURS)
        event = append(
            "casework.glass_broken",
            case=held,
            by=by,
            payload={"until": until.isoformat()},
            text=reason.strip(),
        )
        access = Access.objects.create(
            case=held,
            restriction=standing_restriction(held),
            person=by,
            right=Access.Right.GLASS,
            event=event,
            granted_at=now,
            until=until,
        )
        letters.tell_glass_broken(held, access)
    return access


def standing_access(case: Case, person: User) -> Access | None:
    """Under which right ``person`` may open a restricted case now. One query."""
    return _best(list(Access.objects.standing().told().filter(case=case.pk)), person)


def _best(standing: Sequence[Access], person: User) -> Access | None:
    """By name rather than by the glass, and of two broken panes the one that is open longer."""
    own = [each for each in standing if each.person_id == person.pk]
    own.sort(key=lambda each: (each.until is None, each.until or each.granted_at), reverse=True)
    return own[0] if own else None


@dataclass(frozen=True, slots=True)
class Opening:
    """Under which right a restricted case was opened, and every right that stands on it, this one
    included."""

    access: Access
    standing: tuple[Access, ...]


def record_view(*, case: Case, by: User, what: str, path: str) -> Opening | None:
    """Append that ``by`` looks at a restricted case, before it is shown, and answer under which right.

    ``what`` names the page's route, ``path`` is its address. Nothing is recorded of a case that is open to
    all: ``None``. Raises ``NotPermitted`` where ``by`` has no right, or has it no more. Two queries.
    """
    if not case.is_restricted:
        return None
    standing = tuple(Access.objects.standing().told().filter(case=case.pk))
    access = _best(standing, by)
    if access is None:
        raise NotPermitted(f"{by} may not open this restricted case.")
    now = clock.now()
    RestrictedView.objects.create(
        case=case,
        person=by,
        access=access,
        what=what[:80],
        path=path[:LONGEST_PATH],
        viewed_at=now,
        week=week_of(now),
    )
    return Opening(access, standing)
