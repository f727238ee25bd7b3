"""How allauth is bent to the portal: people are invited, and a stranger learns nothing about who they are."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


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
