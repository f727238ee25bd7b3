"""What the link of an invitation to the staff opens. Public, and of no use without the secret in its
address."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from regulator.accounts.models import User
from regulator.accounts.policies import PUBLIC, declare
from regulator.organisations.attempt import attempt, status_of
from regulator.people import services
from regulator.people.forms import FirstPasswordForm
from regulator.people.models import StaffInvitation
from regulator.people.queries import invitation_by

_BACKEND = "regulator.accounts.backends.PortalBackend"


@declare(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Joining with a first password, or why that cannot be done."""
    answer = _opened(request, token)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    invitation = invitation_by(token)
    if invitation is None or invitation.state != "Sent":
        state = invitation.state if invitation else ""
        code = HTTPStatus.GONE if invitation else HTTPStatus.NOT_FOUND
        return render(request, "people/joining_gone.html", {"state": state}, status=code)
    if isinstance(request.user, User):
        context = {"here": request.user}
        return render(request, "people/joining_other.html", context, status=HTTPStatus.FORBIDDEN)
    return _join(request, invitation)


def _join(request: HttpRequest, invitation: StaffInvitation) -> HttpResponse:
    form = FirstPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        password = form.cleaned_data["password"]
        outcome = attempt(form, lambda: services.accept(invitation=invitation, password=password))
        if outcome.value is not None:
            login(request, outcome.value, backend=_BACKEND)
            messages.success(request, f"Welcome. Your role is: {invitation.get_role_display()}.")
            return redirect("home_for_role")
    context = {"form": form, "invitation": invitation}
    return render(request, "people/joining.html", context, status=status_of(form))
