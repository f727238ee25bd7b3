"""Who acts for the employer: the list, another role, the end of access."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import Role
from regulator.organisations import forms, queries, services
from regulator.organisations.models import Employer, Membership
from regulator.organisations.views.posting import done, sent, status

PAGE_SIZE = 25
_KEEP = "organisations.keep_people"


@declare(needs(_KEEP))
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The employers that this person leads; straight on where there is one."""
    kept = list(queries.employers_kept_by(signed_in(request)))
    if len(kept) == 1:
        return redirect("organisations:people", kept[0].key)
    return render(request, "organisations/home.html", {"employers": kept})


@declare(needs(_KEEP))
@require_safe
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who acts for the employer now."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    page = Paginator(queries.people(employer), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "organisations/people.html", {"employer": employer, "page": page})


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def role(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Give somebody another role."""
    employer, membership = _membership(request, key, pk)
    form = forms.RoleForm(sent(request), initial={"role": membership.role})

    def deed() -> object:
        chosen = Role(form.cleaned_data["role"])
        return services.change_role(membership=membership, role=chosen, by=signed_in(request))

    if done(form, deed):
        words = Role(form.cleaned_data["role"]).label
        messages.success(request, f"The role of {membership.user} is now: {words}.")
        return _after(employer, membership, request)
    context = {"form": form, "employer": employer, "membership": membership}
    return render(request, "organisations/role.html", context, status=status(form))


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """End somebody's access, having said which keys end with it."""
    employer, membership = _membership(request, key, pk)
    form = forms.ConfirmForm(sent(request))

    def deed() -> object:
        return services.end_access(membership=membership, by=signed_in(request))

    if done(form, deed):
        messages.success(request, f"{membership.user} no longer acts for {employer}.")
        return _after(employer, membership, request)
    context = {"form": form, "employer": employer, "membership": membership}
    return render(request, "organisations/end.html", context, status=status(form))


def _membership(request: HttpRequest, key: str, pk: int) -> tuple[Employer, Membership]:
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    return employer, get_object_or_404(queries.people(employer), pk=pk)


def _after(employer: Employer, membership: Membership, request: HttpRequest) -> HttpResponse:
    """Back to the list; to the front page for who changed their own access, and may not see the list now."""
    if membership.user_id == signed_in(request).pk:
        return redirect("front_page")
    return redirect("organisations:people", employer.key)
