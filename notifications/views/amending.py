"""Correcting a submitted notification: section by section, seen whole, sent with a reason; earlier versions.

Until it is sent the correction is the employer's own, shared between its people as a draft is.
"""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import canonical, content_of
from notifications.models import Correction, Notification
from notifications.models.changes import FIRST_VERSION
from notifications.rules import validate_for_submission
from notifications.sections import Section, section
from notifications.summary import answered, corrected, differences, summary
from notifications.versions import as_told
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed
from regulator.casework.attempt import Outcome, carry_version

T = TypeVar("T")


@keeps_typed
@declare(needs("notifications.amend"))
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, reference: str) -> HttpResponse:
    """The sections with what they would say, what changed so far, what is missing, the reason, the button."""
    notification = queries.detail(reference, signed_in(request))
    in_hand = queries.correction_of(notification)
    version = _version(in_hand)
    form = forms.AmendForm(sent(request), initial={"version": version})

    def deed() -> object:
        cleaned = form.cleaned_data
        return services.amend(
            notification=notification,
            by=signed_in(request),
            version=cleaned["version"],
            reason=cleaned["reason"],
            identifies_nobody=cleaned["identifies_nobody"],
        )

    outcome = _posted(request, form, deed, version)
    if outcome.done:
        messages.success(request, "The correction was sent. CQC keeps the earlier version too.")
        return redirect("notifications:detail", reference=reference)
    former, present = _told(notification, in_hand)
    context = {
        "notification": notification,
        "sections": _linked(present),
        "changes": corrected(former, present),
        "missing": [each for found in validate_for_submission(present).values() for each in found],
        "in_hand": in_hand if in_hand and in_hand.content else None,
        "refusal": services.amendment_refusal(notification.case),
    }
    return page(request, "notifications/amend.html", form, outcome, **context)


@keeps_typed
@declare(needs("notifications.amend"))
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One section as it is to become. What is saved waits, with the others, to be sent."""
    notification = queries.detail(reference, signed_in(request))
    in_hand = queries.correction_of(notification)
    _, present = _told(notification, in_hand)
    try:
        part = section(slug, present)
    except LookupError:
        raise Http404("There is no such section.") from None
    version = _version(in_hand)
    content = content_of(present)
    form = part.form(
        sent(request), initial=part.initial(content) | {"version": version}, notification=present
    )

    def deed() -> Correction:
        return services.save_correction(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            content=part.changed(content, form.cleaned_data),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = _posted(request, form, deed, version)
    if outcome.done:
        return redirect("notifications:amend", reference=reference)
    conflict = None
    if outcome.stale and (in_hand := queries.correction_of(notification)):
        _, present = _told(notification, in_hand)
        answers = differences(part, present, form.cleaned_data)
        conflict = {"answers": answers, "saved": (in_hand.saved_by.name, in_hand.saved_at)}
    context = {"notification": notification, "section": part, "conflict": conflict}
    return page(request, "notifications/amend_section.html", form, outcome, **context)


@declare(needs("notifications.amend"))
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, reference: str) -> HttpResponse:
    """Give the correction in hand up, after asking."""
    notification = queries.detail(reference, signed_in(request))
    in_hand = queries.correction_of(notification)
    version = _version(in_hand)
    form = forms.VersionForm(sent(request), initial={"version": version})

    def deed() -> object:
        return services.drop_correction(
            notification=notification, by=signed_in(request), version=form.cleaned_data["version"]
        )

    outcome = _posted(request, form, deed, version)
    if outcome.done:
        messages.success(request, "The correction was discarded. What you told CQC stays as it is.")
        return redirect("notifications:detail", reference=reference)
    return page(request, "notifications/amend_drop.html", form, outcome, notification=notification)


@declare(needs("notifications.amend"))
@require_safe
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """An earlier version: what the amendment changed, old beside new, and the whole as it was."""
    notification = queries.detail(reference, signed_in(request))
    versions = queries.versions_of(notification)
    if not 1 <= number <= len(versions):
        raise Http404("There is no such version.")
    kept = versions[number - 1]
    following = versions[number].content if number < len(versions) else canonical(content_of(notification))
    former, after = as_told(notification, [kept.content, following])
    context = {
        "notification": notification,
        "kept": kept,
        "changes": corrected(former, after),
        "summary": summary(former),
        "versions": versions,
    }
    return render(request, "notifications/version.html", context)


def _posted(request: HttpRequest, form: Form, deed: Callable[[], T], version: int) -> Outcome[T]:
    """As ``posting.posted``; a form that lost its version gets the correction's."""
    outcome = posted(request, form, deed)
    if request.method == "POST" and "version" in form.errors:
        carry_version(form, version)
    return outcome


def _linked(present: Notification) -> list[tuple[Section, list[tuple[str, str, str]]]]:
    """Every answer as it is to be, with the way to its question."""
    reference = present.case.reference
    return [
        (part, [(each.label, each.text, f"{_way(reference, part)}#{each.anchor}") for each in answers])
        for part, answers in answered(present)
    ]


def _way(reference: str | None, part: Section) -> str:
    return reverse("notifications:amend_section", args=[reference, part.slug])


def _version(in_hand: Correction | None) -> int:
    return in_hand.version if in_hand else FIRST_VERSION


def _told(notification: Notification, in_hand: Correction | None) -> tuple[Notification, Notification]:
    """What the notification says, and what it would say; both read back alike, so that they compare."""
    now = canonical(content_of(notification))
    then = in_hand.content if in_hand and in_hand.content else now
    former, present = as_told(notification, [now, then])
    return former, present
