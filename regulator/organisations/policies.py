"""May this actor do this deed, for this employer? Asked by every service before it changes anything."""

from functools import cache

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import GRANTS, SYSTEM_MAY, Role, decides, roles_with
from regulator.organisations.models import Employer, Interest

Somebody = Actor | AnonymousUser
"""Whoever asks to see something: signed in, not signed in, or scheduled work."""


class NotPermitted(PermissionDenied):
    """The actor may not do this. The message is for people."""


class InterestDeclared(NotPermitted):
    """The actor has declared an interest in the employer, and the deed decides about it."""

    def __init__(self) -> None:
        super().__init__("You have declared an interest in this employer, so somebody else must decide.")


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
    """Raise ``NotPermitted`` unless ``actor`` may do ``permission`` for ``employer``; ``InterestDeclared``
    where the deed decides about an employer in which they declared an interest (one query, for staff
    alone)."""
    if not may(actor, permission, employer=employer):
        raise NotPermitted(f"{actor} may not do this ({permission}).")
    if isinstance(actor, User) and employer is not None and interest_forbids(actor, permission, employer):
        raise InterestDeclared


def interest_forbids(person: User, permission: str, employer: Employer | int) -> bool:
    """Whether a declared interest keeps a member of staff from ``permission`` for ``employer`` today.

    Asked of the database each time (one query): a declaration counts from the moment in which it is made.
    """
    return bool(person.role) and decides(permission) and has_interest(person, employer)


def has_interest(person: User, employer: Employer | int) -> bool:
    """Whether ``person`` has a declared interest in ``employer`` today. One query."""
    key = employer.pk if isinstance(employer, Employer) else employer
    day = connection.ops.adapt_datefield_value(clock.today())
    with connection.cursor() as cursor:
        cursor.execute(_interest_statement(connection.vendor), [day, day, person.pk, key])
        return cursor.fetchone() is not None


@cache
def _interest_statement(vendor: str) -> str:
    """The query of ``has_interest``, in the words of the database of ``vendor``. Each deciding deed asks it,
    and building it anew would cost ten times the asking; so it is built once."""
    found = Interest.objects.current().filter(person=0).filter(employer=0).order_by().values("pk")
    return found.query.sql_with_params()[0]
