"""How allauth is bent to the portal: people are invited, a stranger learns nothing about who they are, and
the secrets of second factors are sealed."""

import base64
import logging
import secrets
from typing import Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialLogin
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

    def get_login_stages(self) -> list[str]:
        own = "regulator.accounts.stages.SecondStepStage"
        stages = super().get_login_stages()
        return [own if each == "allauth.mfa.stages.AuthenticateStage" else each for each in stages]

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


class StaffOnlyAdapter(DefaultSocialAccountAdapter):
    """Through the identity provider come existing staff, and nobody is made or connected by it."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let the member of staff in who came back; everybody else gets one and the same page."""
        from regulator.accounts import oidc, stages

        claims = getattr(sociallogin, "claims", {})
        try:
            if sociallogin.state.get("process") != "login":
                raise oidc.Refused("nothing is connected here")
            sociallogin.user = oidc.person_of(sociallogin, claims, sociallogin.state)
        except oidc.Refused as refused:
            logger.warning("not let in through the identity provider: %s", refused)
            raise ImmediateHttpResponse(render_authentication_error(request, sociallogin.provider)) from None
        sociallogin.state[stages.TAKEN_THERE] = oidc.second_step_counts(claims)
