"""The second step at sign-in, which whoever took it at the identity provider has taken, if that counts."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from regulator.accounts.second_factor import METHOD

TAKEN_THERE = "second_factor_taken"
"""In the state of a sign-in through the identity provider (``accounts.adapter``)."""


class SecondStepStage(AuthenticateStage):
    """allauth's own, but for what the identity provider vouched for."""

    def _should_handle(self, request: HttpRequest) -> bool:
        login = (self.login.signal_kwargs or {}).get("sociallogin")
        if login is not None and login.state.get(TAKEN_THERE):
            record_authentication(request, self.login.user, METHOD, type="openid_connect")
            return False
        return bool(super()._should_handle(request))
