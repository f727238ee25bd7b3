"""The employer's sites: everybody of the employer reads them, the lead keeps them."""

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations import forms, queries, services
from regulator.organisations.house import pages_for
from regulator.organisations.models import Employer, Site
from regulator.organisations.policies import may
from regulator.organisations.views.posting import carry_version, done, sent, status

PAGE_SIZE = 25
_SEE = "organisations.see_sites"
_KEEP = "organisations.keep_sites"


@declare(needs(_SEE))
@require_safe
def sites(request: HttpRequest, key: str) -> HttpResponse:
    """Every site, the open ones first."""
    user = signed_in(request)
    employer = queries.own_employer(key, user, permission=_SEE)
    page = Paginator(queries.sites(employer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"employer": employer, "page": page, "keeps": may(user, _KEEP, employer=employer)}
    context["house"] = pages_for(employer, user)
    return render(request, "organisations/sites.html", context)


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: str) -> HttpResponse:
    """Add a site."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    form = forms.SiteForm(sent(request))
    if done(
        form, lambda: services.add_site(employer=employer, details=form.details(), by=signed_in(request))
    ):
        messages.success(request, f"{form.details().name} was added.")
        return redirect("organisations:sites", employer.key)
    context = {"form": form, "employer": employer, "conflict": False}
    return render(request, "organisations/site.html", context, status=status(form))


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Rename a site, or say what else is true of it."""
    employer, site = _site(request, key, pk)
    form = forms.ChangeSiteForm(sent(request), initial=forms.initial_of(site))

    def deed() -> object:
        version = form.cleaned_data["version"]
        return services.change_site(site=site, details=form.details(), by=signed_in(request), version=version)

    if done(form, deed):
        messages.success(request, f"{form.details().name} was saved.")
        return redirect("organisations:sites", employer.key)
    if "version" in form.errors:
        carry_version(form, site.version)
    code = status(form)
    context = {"form": form, "employer": employer, "site": site, "conflict": code == HTTPStatus.CONFLICT}
    return render(request, "organisations/site.html", context, status=code)


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def toggle(request: HttpRequest, key: str, pk: int, deed: str) -> HttpResponse:
    """Close a site, or reopen it."""
    employer, site = _site(request, key, pk)
    opening = deed == "reopen"
    form = forms.ConfirmForm(sent(request))
    if done(form, lambda: services.set_open(site=site, is_open=opening, by=signed_in(request))):
        messages.success(request, f"{site.name} is {'open again' if opening else 'closed'}.")
        return redirect("organisations:sites", employer.key)
    context = {"form": form, "employer": employer, "site": site, "opening": opening}
    return render(request, "organisations/site_toggle.html", context, status=status(form))


def _site(request: HttpRequest, key: str, pk: int) -> tuple[Employer, Site]:
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    return employer, get_object_or_404(Site, employer=employer, pk=pk)
