"""Who may be signed in at all, whatever password, session or key they come with."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from regulator.accounts.models import User


def may_sign_in(user: AbstractBaseUser) -> bool:
    """Whether ``user`` is active and, if invented for the demonstration, this portal is one: the passwords
    of those are printed, so they open nothing once the setting is off."""
    invented = getattr(user, "is_demonstration", False)
    return user.is_active and (settings.DEMONSTRATION or not invented)


class PortalBackend(AuthenticationBackend):
    """allauth's sign-in by e-mail address. Asked at sign-in, and again for each request of a session."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return user is not None and may_sign_in(user)

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        """The person of a session with the employers they act for, in one query; ``None`` for nobody."""
        try:
            found = User.objects.with_employer_roles().get(pk=user_id)
        except User.DoesNotExist:
            return None
        return found if self.user_can_authenticate(found) else None
