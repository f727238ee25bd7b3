"""The last look at a draft, its submission, and the page that confirms it."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.advice import advised
from notifications.content import content_of, digest
from notifications.in_force import criteria_in_force
from notifications.models import Notification
from notifications.progress import missing
from notifications.sections import Section
from notifications.signing import refusal
from notifications.summary import answered
from notifications.views.drafting import draft_of
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import declare, needs, signed_in

LinkedRow = tuple[str, str, str]


@declare(needs("notifications.submit"))
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was answered, what is still missing, the declaration, and the button.

    Sent twice, the second is told under which reference the first arrived.
    """
    if request.method == "POST" and (reference := queries.draft(pk, signed_in(request)).case.reference):
        return _sent_already(request, reference)
    notification = draft_of(request, pk)
    form = forms.SubmitForm(sent(request), initial={"version": notification.case.version})

    def deed() -> Notification:
        return services.submit(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        return redirect("notifications:submitted", reference=notification.case.reference)
    if outcome.status == HTTPStatus.CONFLICT and (
        reference := queries.draft(pk, signed_in(request)).case.reference
    ):
        return _sent_already(request, reference)
    context = {
        "notification": notification,
        "summary": _linked(notification),
        "missing": _missing(notification),
        "dues": queries.dues(notification),
        "unsigned": _unsigned(notification),
        **advised(content_of(notification), criteria_in_force()),
    }
    return page(request, "notifications/check.html", form, outcome, **context)


@declare(needs("notifications.follow"))
@require_safe
def submitted(request: HttpRequest, reference: str) -> HttpResponse:
    """What was received, by when what is due and why, and what happens next."""
    notification = queries.detail(reference, signed_in(request))
    context = {
        "notification": notification,
        "case": notification.case,
        "clocks": queries.clocks(notification),
    }
    return render(request, "notifications/submitted.html", context)


def _sent_already(request: HttpRequest, reference: str) -> HttpResponse:
    messages.info(request, f"This notification was submitted already, as {reference}. It was not sent twice.")
    return redirect("notifications:detail", reference=reference)


def _linked(notification: Notification) -> list[tuple[Section, list[LinkedRow]]]:
    """Every answer, with the way to the very question and back to the check page."""
    return [
        (section, [(each.label, each.text, _way(notification, section, each.anchor)) for each in answers])
        for section, answers in answered(notification)
    ]


def _missing(notification: Notification) -> list[tuple[str, str]]:
    """What still stops a submission: the message, and the way to the question that mends it."""
    return [(each.message, _way(notification, each.section, each.anchor)) for each in missing(notification)]


def _unsigned(notification: Notification) -> str:
    """Why the sign-offs still stop a submission; ``""`` where they do not. One query."""
    return refusal(
        queries.sign_offs(notification.pk),
        content=digest(content_of(notification)),
        now=clock.now(),
        demanded=notification.case.employer.requires_sign_off,
    )


def _way(notification: Notification, section: Section, anchor: str) -> str:
    address = reverse("notifications:edit", args=[notification.pk, section.slug])
    return f"{address}?from=check{f'#{anchor}' if anchor else ''}"
