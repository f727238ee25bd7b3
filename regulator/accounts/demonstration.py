"""The invented people of the demonstration: one sign-in for each role, and a second manager.

They exist only where ``settings.DEMONSTRATION`` is on; production never has them.
"""

from dataclasses import dataclass
from typing import Final

from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role

DOMAIN: Final = "demonstration.invalid"
PASSWORD: Final = "demonstration only"  # noqa: S105 (printed by `make run`; opens nothing but the demonstration)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One demonstration sign-in: ``where`` is the path on which that person starts."""

    role: Role
    email: str
    where: str

    @property
    def role_label(self) -> str:
        return self.role.label


_SECOND: Final = SignIn(Role.ENFORCEMENT_MANAGER, f"second.manager@{DOMAIN}", "/desk/")
"""A notice is reviewed by one manager and approved by another."""
SIGN_INS: Final = (
    *(
        SignIn(
            role,
            f"{role.value.replace('_', '.')}@{DOMAIN}",
            "/desk/" if role in STAFF_ROLES else "/notifications/",
        )
        for role in Role
    ),
    _SECOND,
)


def person(role: Role) -> User:
    """The demonstration's person in ``role``, made on first use, without a password."""
    email = next(each.email for each in SIGN_INS if each.role is role)
    return _found_or_made(email, f"Demonstration {role.label.lower()}", role)


def second_manager() -> User:
    """The demonstration's second enforcement manager, made on first use, without a password."""
    return _found_or_made(_SECOND.email, "Demonstration second enforcement manager", _SECOND.role)


def _found_or_made(email: str, name: str, role: Role) -> User:
    found = User.objects.filter(email=email).first()
    return found or User.objects.create_user(
        email, name=name, role=role if role in STAFF_ROLES else "", is_demonstration=True
    )
