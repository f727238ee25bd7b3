"""Pages of the second step of signing in that allauth has not, or not as CQC's staff need them."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.adapter import LAST_FACTOR
from regulator.accounts.policies import SIGNED_IN, declare, signed_in
from regulator.accounts.second_factor import factors_of, is_asked_of, is_last_of_staff


@declare(SIGNED_IN)
@require_safe
def set_up(request: HttpRequest) -> HttpResponseBase:
    """What the second step is, and the ways to set it up; on to the overview for whoever has one."""
    user = signed_in(request)
    if factors_of(user):
        return redirect("mfa_index")
    return render(request, "mfa/set_up.html", {"is_asked": is_asked_of(user)})


@declare(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's page to remove one's own passkey, but for the last factor of CQC's staff."""
    own = Authenticator.objects.filter(user=signed_in(request), type=Authenticator.Type.WEBAUTHN)
    if is_last_of_staff(get_object_or_404(own.select_related("user"), pk=pk)):
        messages.error(request, f"{LAST_FACTOR}.")
        return redirect("mfa_list_webauthn")
    answer: HttpResponseBase = remove_webauthn(request, pk=pk)
    return answer
