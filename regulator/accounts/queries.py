"""Reads on the people who sign in. Writes are not here."""

from regulator.accounts.models import User
from regulator.accounts.roles import roles_with


def staff_with(permission: str) -> list[User]:
    """The active members of staff whose role carries ``permission``, by name (one query)."""
    return list(User.objects.filter(is_active=True, role__in=roles_with(permission)))
