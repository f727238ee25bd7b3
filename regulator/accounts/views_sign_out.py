"""Signing out, which leaves nothing of what the browser kept of pages behind."""

from typing import Final

from allauth.account import views
from django.http import HttpRequest, HttpResponseBase

from regulator.accounts.policies import PUBLIC, declare

EMPTIED: Final = '"storage"'
"""What pages keep on a device (checklists without a connection do): not the cookies, which are ended here."""


@declare(PUBLIC)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """allauth's own view; after it nobody who has the device next finds what was kept on it."""
    answer: HttpResponseBase = views.logout(request)
    if request.method == "POST" and not request.user.is_authenticated:
        answer["Clear-Site-Data"] = EMPTIED
    return answer
