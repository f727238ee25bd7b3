"""The employer's files on a notification: attaching one, and reading back their own. CQC's are not shown."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework import services
from regulator.casework.attempt import attempt
from regulator.casework.files import handed_over, why_unreadable
from regulator.casework.models import Attachment


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a file with a notification of theirs. It adds to the case, so no version can be too old for it."""
    notification = queries.detail(reference, signed_in(request))
    form = forms.AttachForm()
    status = HTTPStatus.OK
    if request.method == "POST":
        form = forms.AttachForm(request.POST, request.FILES)

        def deed() -> Attachment:
            upload = form.cleaned_data["file"]
            return services.attach(case=notification.case, upload=upload, by=signed_in(request))

        if form.is_valid() and attempt(form, deed).done:
            messages.success(request, "The file was sent. It can be read once it was checked.")
            return redirect("notifications:detail", reference=reference)
        status = HTTPStatus.BAD_REQUEST
    context = {"form": form, "notification": notification}
    return render(request, "notifications/attach.html", context, status=status)


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file that their employer's people sent, to be saved. 409 until it was found clean, with why."""
    notification = queries.detail(reference, signed_in(request))
    kept = get_object_or_404(queries.employer_attachments(notification), pk=pk)
    refusal = why_unreadable(kept)
    if not refusal:
        return handed_over(kept)
    context = {"notification": notification, "refusal": refusal}
    return render(request, "notifications/unreadable.html", context, status=HTTPStatus.CONFLICT)
