"""The reads on people that other apps ask for."""

from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, roles_with


def staff_with(permission: str) -> list[User]:
    """The staff who may sign in and whose role carries ``permission``, in a stable order. One query.

    Raises ``LookupError`` for an unknown permission.
    """
    return list(staff_holding(permission).order_by("pk"))


def staff_holding(permission: str) -> QuerySet[User]:
    """The same people, not yet read, in the order of their table."""
    roles = sorted(roles_with(permission) & STAFF_ROLES)
    return User.objects.filter(role__in=roles, is_active=True)
