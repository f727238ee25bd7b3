"""Inviting a colleague, sending the link again, cancelling; and the page that the link opens.

Who follows the link may be nobody yet: the page is public, and of no use without the secret in its address.
"""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from regulator.accounts.models import User
from regulator.accounts.policies import PUBLIC, declare, needs, signed_in
from regulator.accounts.roles import Role
from regulator.organisations import forms, queries, services
from regulator.organisations.models import Employer, Invitation
from regulator.organisations.views.posting import done, sent, status

_KEEP = "organisations.keep_people"
_BACKEND = "regulator.accounts.backends.PortalBackend"


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, key: str) -> HttpResponse:
    """Ask a colleague to act for the employer."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    form = forms.InviteForm(sent(request))

    def deed() -> object:
        said = form.cleaned_data
        return services.invite(
            employer=employer,
            name=said["name"],
            email=said["email"],
            role=Role(said["role"]),
            by=signed_in(request),
        )

    if done(form, deed):
        messages.success(request, f"The invitation was sent to {form.cleaned_data['email']}.")
        return redirect("organisations:people", employer.key)
    context = {"form": form, "employer": employer}
    return render(request, "organisations/invite.html", context, status=status(form))


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def resend(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Send an open invitation again, with a new link."""
    employer, invitation = _invitation(request, key, pk)
    form = forms.ConfirmForm(sent(request))
    if done(form, lambda: services.resend(invitation=invitation, by=signed_in(request))):
        messages.success(request, f"The invitation was sent to {invitation.email} again.")
        return redirect("organisations:people", employer.key)
    context = {"form": form, "employer": employer, "invitation": invitation}
    return render(request, "organisations/invitation_resend.html", context, status=status(form))


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take an open invitation back."""
    employer, invitation = _invitation(request, key, pk)
    form = forms.ConfirmForm(sent(request))
    if done(form, lambda: services.cancel_invitation(invitation=invitation, by=signed_in(request))):
        messages.success(request, f"The invitation of {invitation.name} was cancelled.")
        return redirect("organisations:people", employer.key)
    context = {"form": form, "employer": employer, "invitation": invitation}
    return render(request, "organisations/invitation_cancel.html", context, status=status(form))


@declare(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """What the link leads to: accepting, signing in first, or why neither can be done."""
    answer = _opened(request, token)
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _opened(request: HttpRequest, token: str) -> HttpResponse:
    invitation = queries.invitation_by(token)
    person = queries.invited_person(invitation) if invitation else None
    if invitation is None or invitation.state != "Sent" or not queries.may_accept(person):
        context = {"state": invitation.state if invitation else ""}
        code = HTTPStatus.GONE if invitation else HTTPStatus.NOT_FOUND
        return render(request, "organisations/invitation_gone.html", context, status=code)
    here = request.user if isinstance(request.user, User) else None
    if here is not None and here != person:
        other: dict[str, object] = {"invitation": invitation, "here": here}
        return render(request, "organisations/invitation_other.html", other, status=HTTPStatus.FORBIDDEN)
    if here is not None:
        return _as_who_is_signed_in(request, invitation, here)
    return _as_nobody_yet(request, invitation, known=person is not None)


def _as_who_is_signed_in(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    form = forms.ConfirmForm(sent(request))
    if done(form, lambda: services.accept_as(invitation=invitation, user=user)):
        return _welcome(request, invitation)
    context = {"form": form, "invitation": invitation, "known": True}
    return render(request, "organisations/invitation.html", context, status=status(form))


def _as_nobody_yet(request: HttpRequest, invitation: Invitation, *, known: bool) -> HttpResponse:
    if known:
        if request.method == "POST":
            return redirect_to_login(request.path, reverse("account_login"))
        context: dict[str, object] = {"form": forms.ConfirmForm(None), "invitation": invitation}
        return render(request, "organisations/invitation.html", context | {"known": False})
    form = forms.FirstPasswordForm(sent(request))
    made: list[User] = []

    def deed() -> None:
        password = form.cleaned_data["password"]
        made.append(services.accept_with_password(invitation=invitation, password=password))

    if done(form, deed):
        login(request, made[0], backend=_BACKEND)
        return _welcome(request, invitation)
    context = {"form": form, "invitation": invitation}
    return render(request, "organisations/invitation_new.html", context, status=status(form))


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    messages.success(request, f"You act for {invitation.employer} now.")
    return redirect("home_for_role")


def _invitation(request: HttpRequest, key: str, pk: int) -> tuple[Employer, Invitation]:
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    return employer, get_object_or_404(queries.open_invitations(employer), pk=pk)
