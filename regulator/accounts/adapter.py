"""How allauth is bent to the portal: people are invited, and a stranger learns nothing about who they are."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from regulator.accounts.backends import may_sign_in


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up: an employer's lead or an administrator invites.

    The answers to a failed sign-in are the same whether or not the address belongs to anybody.
    """

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "The email address or the password is not right. Check both and try again",
        "email_password_mismatch": "The email address or the password is not right. Check both and try again",
        "enter_current_password": "The current password is not right",
        "incorrect_password": "The password is not right",
        "incorrect_code": "The code is not right. Wait for a new one and try again",
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Whom the credentials belong to, if they may sign in: else what a wrong password gets."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and may_sign_in(user) else None
