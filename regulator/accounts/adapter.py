"""How allauth is bent to the portal: people are invited, a stranger learns nothing about who they are, and
the secrets of second factors are sealed."""

import base64
import logging
import secrets
from typing import Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from regulator.accounts.backends import may_sign_in
from regulator.accounts.sealing import CannotOpen, seal, unseal

logger = logging.getLogger(__name__)
WRONG_CODE: Final = "The code is not right. Wait for a new one and try again"
LAST_FACTOR: Final = (
    "CQC’s staff sign in with a second step, and this is your only one. Set up another first, then remove it"
)


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up: an employer's lead or an administrator invites.

    The answers to a failed sign-in are the same whether or not the address belongs to anybody.
    """

    error_messages: ClassVar[dict[str, str]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "The email address or the password is not right. Check both and try again",
        "email_password_mismatch": "The email address or the password is not right. Check both and try again",
        "enter_current_password": "The current password is not right",
        "incorrect_password": "The password is not right",
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again",
        "rate_limited": "Too many attempts. Wait a few minutes, then try again",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Whom the credentials belong to, if they may sign in: else what a wrong password gets."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and may_sign_in(user) else None


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: in plain words, sealed, and never the last one taken away from CQC's staff."""

    error_messages: ClassVar[dict[str, str]] = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": LAST_FACTOR,
        "cannot_generate_recovery_codes": "Set up an authenticator app or a passkey first",
        "incorrect_code": WRONG_CODE,
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. One that cannot be opened is answered by a fresh one, which no code of anybody fits."""
        try:
            return unseal(encrypted_text)
        except CannotOpen:
            logger.error("the secret of a second factor was sealed under a key that is gone")
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        from regulator.accounts.second_factor import is_last_of_staff

        return not is_last_of_staff(authenticator)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """What a passkey is called until its owner says otherwise."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"
