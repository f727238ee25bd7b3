"""What CQC holds of the employer itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations import forms, queries, services
from regulator.organisations.house import pages_for
from regulator.organisations.views.posting import done, sent, status

_KEEP = "organisations.keep_details"


@declare(needs(_KEEP))
@require_safe
def details(request: HttpRequest, key: str) -> HttpResponse:
    """Name, type and codes, which CQC keeps, and the address that the lead keeps."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    context = {"employer": employer, "house": pages_for(employer, signed_in(request))}
    return render(request, "organisations/details.html", context)


@declare(needs(_KEEP))
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, key: str) -> HttpResponse:
    """Change where the confirmation of a closure goes."""
    employer = queries.own_employer(key, signed_in(request), permission=_KEEP)
    before = employer.chief_executive_email
    form = forms.AddressForm(sent(request), initial={"email": before, "was": before})

    def deed() -> object:
        said = form.cleaned_data
        return services.set_chief_executive_email(
            employer=employer, email=said["email"], was=said["was"], by=signed_in(request)
        )

    if done(form, deed):
        messages.success(request, "The address was saved. Both addresses are told.")
        return redirect("organisations:details", employer.key)
    context = {"form": form, "employer": employer}
    return render(request, "organisations/address.html", context, status=status(form))
