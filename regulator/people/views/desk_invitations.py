"""Invitations to the staff on the desk: asking, sending again, cancelling."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.accounts.roles import Role
from regulator.casework.desk import FactSection
from regulator.organisations.attempt import attempt
from regulator.people import services
from regulator.people.forms import InviteForm, VersionForm
from regulator.people.models import StaffInvitation

_DEEDS: Final[dict[str, tuple[str, str, Callable[..., StaffInvitation]]]] = {
    "resend": ("Send again", "A new link goes out and works for three days.", services.resend),
    "cancel": ("Cancel the invitation", "Its link stops working at once.", services.cancel),
}
"""By the name in the address: label, what it brings about, the service."""


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to join the staff."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            said = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
            outcome = attempt(form, lambda: services.invite(by=signed_in(request), **said))
            if outcome.value is not None:
                messages.success(request, f"The invitation was sent to {outcome.value.email}.")
                return redirect("admin:people_staffinvitation_changelist")
            status = outcome.status
    context = {
        **admin.site.each_context(request),
        "title": "Invite somebody to the staff",
        "opts": User._meta,
        "form": form,
    }
    return TemplateResponse(request, "admin/people/invite.html", context, status=status)


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One invitation, and what may be done about it."""
    invitation = _invitation(pk)
    context = {**_context(request, invitation, str(invitation)), "deeds": _offered(invitation)}
    return TemplateResponse(request, "admin/people/invitation.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deed_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send an open invitation again, or take it back."""
    invitation = _invitation(pk)
    if name not in _DEEDS:
        raise Http404("There is no such deed on an invitation.")
    label, lead, service = _DEEDS[name]
    status = HTTPStatus.OK
    form = VersionForm(initial={"version": invitation.version})
    if request.method == "POST":
        form = VersionForm(request.POST)
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            said = form.cleaned_data
            outcome = attempt(form, lambda: service(invitation=invitation, by=signed_in(request), **said))
            if outcome.done:
                messages.success(request, f"Done: {label.lower()}.")
                return redirect("admin:people_staffinvitation_change", invitation.pk)
            status = outcome.status
            invitation = _invitation(pk)
    context = {**_context(request, invitation, label), "form": form, "lead": lead, "label": label}
    return TemplateResponse(request, "admin/people/invitation_deed.html", context, status=status)


def _invitation(pk: int) -> StaffInvitation:
    return get_object_or_404(StaffInvitation.objects.select_related("invited_by", "person"), pk=pk)


def _offered(invitation: StaffInvitation) -> list[tuple[str, str]]:
    open_still = invitation.accepted_at is None and invitation.cancelled_at is None
    return [(name, label) for name, (label, _, _) in _DEEDS.items()] if open_still else []


def _context(request: HttpRequest, invitation: StaffInvitation, title: str) -> dict[str, Any]:
    facts = FactSection(
        "The invitation",
        (
            ("Name", invitation.name),
            ("E-mail address", invitation.email),
            ("Role", invitation.get_role_display()),
            ("State", invitation.state),
            ("Invited by", invitation.invited_by or "The command line"),
            ("Invited", invitation.invited_at),
            ("Can be used until", invitation.expires_at),
        ),
    )
    return {
        **admin.site.each_context(request),
        "title": title,
        "invitation": invitation,
        "facts": facts,
        "opts": StaffInvitation._meta,
    }
