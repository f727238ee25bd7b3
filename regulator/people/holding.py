"""Holding one person for one change by an administrator: permitted now, at the version that was read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings

from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.organisations.policies import permit

MANAGE: Final = "accounts.manage"
_KEPT: Final = ("name", "email", "role", "is_active", "version")


def permit_to_manage(by: Actor) -> None:
    """Raise ``NotPermitted`` unless ``by`` may keep people, as the database says now. Inside ``writing``, so
    that whoever lost their role a moment ago has lost it here too."""
    permit(by if isinstance(by, Scheduled) else User.objects.get(pk=by.pk), MANAGE)


@contextmanager
def changing_person(
    person: User, *, version: int | None, by: Actor, themselves: bool = False
) -> Iterator[User]:
    """Hold ``person`` for a change by an administrator: locked, at the version that the writer read.

    Yields the row as it stands. On leaving without an error its version has risen by one, if anything was
    recorded, and the object that the caller passed in carries the new state. Only scheduled work gives no
    version. Raises ``NotPermitted``, ``StaleVersion``, and, unless ``themselves`` is true, ``NotAllowedNow``
    for whoever would change themselves: another administrator does it.
    """
    if version is None and not isinstance(by, Scheduled):
        raise ValueError("whoever changes a person says which version they read")
    with writing() as head:
        permit_to_manage(by)
        held = User.objects.select_for_update().get(pk=person.pk)
        if held == by and not themselves:
            raise NotAllowedNow("Nobody changes their own role or access. Another administrator does it.")
        if version is not None and version != held.version:
            raise StaleVersion(read=version, current=held.version, what="person")
        before = head.sequence
        yield held
        if head.sequence != before:
            held.version += 1
            held.save(update_fields=_KEPT)
    for name in _KEPT:
        setattr(person, name, getattr(held, name))


def another_administrator_stays(leaving: User) -> None:
    """Raise ``NotAllowedNow`` unless another administrator may sign in. Inside ``writing``: two who take each
    other's role come one after the other, and the second finds nobody left."""
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=leaving.pk)
    if not settings.DEMONSTRATION:
        others = others.filter(is_demonstration=False)
    if leaving.role == Role.ADMINISTRATOR and not others.exists():
        raise NotAllowedNow("This is the only administrator. Give somebody else that role first.")
