"""Who acts for the employer: the list, another role, the end of access."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import Role
from regulator.organisations import forms, queries, services
from regulator.organisations.house import pages_for
from regulator.organisations.models import Employer, Membership
from regulator.organisations.views.posting import done, sent, status

PAGE_SIZE = 25
MOST_SHOWN = 100
"""Open invitations on the page; an employer sends 20 an hour at most, and they end after seven days."""
_KEEP = "organisations.keep_people"


@declare(needs("organisations.see_sites"))
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The employers that this person acts for; straight on where there is one. A lead comes to the people,
    a reporter to the sites."""
    user = signed_in(request)
    own = [(each, pages_for(each, user)[0][1]) for each in queries.employers_of(user)]
    if len(own) == 1:
        return redirect(own[0][1])
    return render(request, "organisations/home.html", {"employers": own})


@declare(needs(_KEEP))
@require_safe
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who acts for the employer now, and who was asked to."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    page = Paginator(queries.people(employer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "employer": employer,
        "page": page,
        "invitations": list(queries.open_invitations(employer)[:MOST_SHOWN]),
        "house": pages_for(employer, signed_in(request)),
    }
    return render(request, "organisations/people.html", context)


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
