"""The reads on people that other apps ask for."""

from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, roles_with


def staff_with(permission: str) -> list[User]:
    """The staff who may sign in and whose role carries ``permission``, in a stable order. One query.

    Raises ``LookupError`` for an unknown permission.
    """
    roles = sorted(roles_with(permission) & STAFF_ROLES)
    return list(User.objects.filter(role__in=roles, is_active=True).order_by("pk"))
