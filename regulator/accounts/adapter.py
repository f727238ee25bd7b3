"""How allauth is bent to the portal."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up: an employer's lead or an administrator invites."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
