"""What accounts do when somebody signs in or sets up a second step: the session is told."""

from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "regulator.accounts"
    verbose_name = "Accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from allauth.socialaccount.providers import registry
        from django.contrib.auth.signals import user_logged_in

        user_logged_in.connect(_signed_in, dispatch_uid="accounts.signed_in")
        registry.load()  # finds ``accounts.provider``
        authenticator_added.connect(_factor_added, dispatch_uid="accounts.factor_added")


def _signed_in(sender: object, request: HttpRequest, **_: Any) -> None:
    """On what, and when."""
    from regulator.accounts.sessions import note_sign_in

    note_sign_in(request)


def _factor_added(sender: object, request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """Setting a factor up shows that it is held, so the step counts as taken in this session."""
    from regulator.accounts.second_factor import FACTORS, note_taken

    if authenticator.type in FACTORS and request.user == user:
        note_taken(request, user, authenticator)
