"""May this actor do this deed, for this employer? Asked by every service before it changes anything."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import GRANTS, SYSTEM_MAY, Role, roles_with
from regulator.organisations.models import Employer

Somebody = Actor | AnonymousUser
"""Whoever asks to see something: signed in, not signed in, or scheduled work."""


class NotPermitted(PermissionDenied):
    """The actor may not do this. The message is for people."""


def may(actor: Somebody, permission: str, *, employer: Employer | int | None = None) -> bool:
    """Whether ``actor`` may do ``permission``; an employer's person only for an employer of theirs.

    Staff permissions hold for every employer. Without ``employer`` an employer's person is asked
    whether any membership carries the permission (enough to show a link, never to change a case).
    """
    roles_with(permission)
    if isinstance(actor, Scheduled):
        return permission in SYSTEM_MAY
    if not actor.is_authenticated or not actor.is_active:
        return False
    if actor.role:
        return permission in actor.staff_grants
    wanted = employer.pk if isinstance(employer, Employer) else employer
    return any(
        permission in GRANTS[role]
        for owner, role in employer_roles(actor).items()
        if wanted is None or owner == wanted
    )


def employer_roles(user: Somebody) -> dict[int, Role]:
    """The employers a person acts for, by primary key, with the role in each (one query a request)."""
    if isinstance(user, Scheduled) or not user.is_authenticated:
        return {}
    return user.employer_roles


def permit_now(actor: Actor, permission: str, *, employer: int) -> None:
    """Like ``permit``, but asking the database again what the person may do now (two queries).

    Inside a transaction that holds out other writers: whoever lost their role since the page was asked for
    has lost it here too. Raises ``NotPermitted``.
    """
    fresh = actor if isinstance(actor, Scheduled) else User.objects.get(pk=actor.pk)
    permit(fresh, permission, employer=employer)


def permit(actor: Actor, permission: str, *, employer: Employer | int | None = None) -> None:
    """Raise ``NotPermitted`` unless ``actor`` may do ``permission`` for ``employer``."""
    if not may(actor, permission, employer=employer):
        raise NotPermitted(f"{actor} may not do this ({permission}).")
