"""The employer's files on a notification: attaching one, reading back their own, taking one off a draft.

CQC's files are not shown.
"""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries
from notifications.models import Notification
from notifications.views.drafting import draft_of
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.casework import services
from regulator.casework.attempt import Outcome, attempt
from regulator.casework.files import handed_over, why_unreadable
from regulator.casework.models import Attachment


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a file with a notification of theirs. It adds to the case, so no version can be too old for it."""
    notification = queries.detail(reference, signed_in(request))
    back = reverse("notifications:detail", args=[notification.case.reference])
    return _attach(request, notification, back)


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def attach_to_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Attach a file to a draft of theirs. CQC sees it once the draft is submitted."""
    return _attach(request, draft_of(request, pk), reverse("notifications:draft", args=[pk]))


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, reference: str, pk: int) -> HttpResponseBase:
    """A file that their employer's people sent, to be saved. 409 until it was found clean, with why."""
    notification = queries.detail(reference, signed_in(request))
    back = reverse("notifications:detail", args=[notification.case.reference])
    return _download(request, notification, pk, back)


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_safe
@cache_control(private=True, no_store=True)
def download_of_draft(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """A file on a draft of theirs, in the same way."""
    back = reverse("notifications:draft", args=[pk])
    return _download(request, draft_of(request, pk), attachment, back)


@declare(needs("casework.attach", among=EMPLOYER_ROLES))
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    """Take a file off a draft, after asking."""
    notification = draft_of(request, pk)
    kept = queries.employer_attachment(notification, attachment)
    form = forms.VersionForm(sent(request), initial={"version": notification.case.version})

    def deed() -> None:
        services.remove_attachment(attachment=kept, by=signed_in(request))

    outcome: Outcome[None] = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The file was removed.")
        return redirect("notifications:draft", pk=pk)
    context = {"notification": notification, "kept": kept}
    return page(request, "notifications/remove_attachment.html", form, outcome, **context)


def _attach(request: HttpRequest, notification: Notification, back: str) -> HttpResponse:
    form = forms.AttachForm()
    status = HTTPStatus.OK
    if request.method == "POST":
        form = forms.AttachForm(request.POST, request.FILES)

        def deed() -> Attachment:
            return services.attach(
                case=notification.case,
                upload=form.cleaned_data["file"],
                by=signed_in(request),
                identifies_nobody=form.cleaned_data["identifies_nobody"],
            )

        if form.is_valid() and attempt(form, deed).done:
            messages.success(request, "The file was sent. It can be read once it was checked.")
            return redirect(back)
        status = HTTPStatus.BAD_REQUEST
    context = {"form": form, "notification": notification, "back": back}
    return render(request, "notifications/attach.html", context, status=status)


def _download(request: HttpRequest, notification: Notification, pk: int, back: str) -> HttpResponseBase:
    kept = queries.employer_attachment(notification, pk)
    refusal = why_unreadable(kept)
    if not refusal:
        return handed_over(kept)
    context = {"notification": notification, "refusal": refusal, "back": back}
    return render(request, "notifications/unreadable.html", context, status=HTTPStatus.CONFLICT)
