"""API keys of the employer's incident systems: the list, a new one shown once, revoking."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations import forms, queries, services
from regulator.organisations.house import pages_for
from regulator.organisations.models import ApiKey, Employer
from regulator.organisations.views.posting import done, sent, status

PAGE_SIZE = 25
_MAKE = "organisations.make_key"


@declare(needs(_MAKE))
@require_safe
def keys(request: HttpRequest, key: str) -> HttpResponse:
    """Every key of the employer, also those that no longer work."""
    employer = queries.own_employer(key, signed_in(request), permission=_MAKE)
    page = Paginator(queries.api_keys(employer), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"employer": employer, "page": page, "house": pages_for(employer, signed_in(request))}
    return render(request, "organisations/keys.html", context)


@declare(needs(_MAKE))
@sensitive_variables("made", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, key: str) -> HttpResponse:
    """Make a key and show its secret in the answer itself: it is in no address, session or log.

    Sending the same page again (a reload) shows no secret and makes no second key.
    """
    employer = queries.own_employer(key, signed_in(request), permission=_MAKE)
    form = forms.KeyForm(sent(request))
    made: list[tuple[ApiKey, str]] = []
    if done(form, lambda: made.extend(_made(request, employer, form))):
        for found, secret in made:
            context = {"employer": employer, "key": found, "secret": secret}
            return render(request, "organisations/key_made.html", context)
        messages.info(request, "That key was made already. Its secret cannot be shown again.")
        return redirect("organisations:keys", employer.key)
    return render(
        request, "organisations/key_new.html", {"form": form, "employer": employer}, status=status(form)
    )


@declare(needs(_MAKE))
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Stop a key from working."""
    employer = queries.own_employer(key, signed_in(request), permission=_MAKE)
    found = get_object_or_404(queries.api_keys(employer), pk=pk)
    form = forms.ConfirmForm(sent(request))
    if done(form, lambda: services.revoke_api_key(key=found, by=signed_in(request))):
        messages.success(request, f"The key {found.label} no longer works.")
        return redirect("organisations:keys", employer.key)
    context = {"form": form, "employer": employer, "key": found}
    return render(request, "organisations/key_revoke.html", context, status=status(form))


def _made(request: HttpRequest, employer: Employer, form: forms.KeyForm) -> list[tuple[ApiKey, str]]:
    """The key and its secret; nothing where this page made its key already. The key is the lead's own: it
    ends with their access."""
    lead = signed_in(request)
    with suppress(services.MadeAlready):
        made = services.create_api_key(
            membership=get_object_or_404(queries.people(employer), user=lead),
            label=form.cleaned_data["label"],
            scope=ApiKey.Scope(form.cleaned_data["scope"]),
            expires_on=form.cleaned_data["expires_on"],
            made_from=form.cleaned_data["made_from"],
            by=lead,
        )
        return [made]
    return []
