"""Reads of people."""

from regulator.accounts.models import User
from regulator.accounts.roles import roles_with


def staff_with(permission: str) -> list[User]:
    """The staff who may sign in and whose role carries ``permission``, by name. One query."""
    return list(User.objects.filter(is_active=True, role__in=sorted(roles_with(permission))))
