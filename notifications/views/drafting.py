"""A draft, from its start to its submission: section by section, checked whole, or thrown away."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.advice import advised
from notifications.content import DraftContent, content_of, digest
from notifications.models import Notification
from notifications.rules import validate_for_submission
from notifications.sections import Section, section, sections_of
from notifications.signing import refusal, standings
from notifications.summary import Row, heading, summary
from notifications.views.posting import page, posted, sent
from regulator import clock
from regulator.accounts.policies import declare, needs, signed_in
from regulator.organisations.queries import employers_of


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft. It has no reference until it is submitted, so an abandoned one leaves no gap."""
    user = signed_in(request)
    form = forms.StartForm(sent(request), employers=employers_of(user))

    def deed() -> Notification:
        chosen = form.cleaned_data
        return services.start_draft(
            employer=chosen["employer"], by=user, content=DraftContent(modality=chosen["modality"])
        )

    outcome = posted(request, form, deed)
    if outcome.value is not None:
        return redirect("notifications:draft", pk=outcome.value.pk)
    return page(request, "notifications/start.html", form, outcome)


@declare(needs("notifications.draft"))
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft's sections, and how much of each is filled in."""
    notification = draft_of(request, pk)
    sections = [
        (each, sum(1 for _, answer in rows if answer), len(rows)) for each, rows in summary(notification)
    ]
    context = {
        "notification": notification,
        "sections": sections,
        "heading": heading(notification),
        "attachments": queries.employer_attachments(notification),
        "removal": services.removal_day(notification.case),
        "sign_offs": standings(notification, queries.sign_offs(pk)),
    }
    return render(request, "notifications/draft.html", context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One section. Saving goes on to the next; the last goes to the check page."""
    notification = draft_of(request, pk)
    try:
        part = section(slug, notification)
    except LookupError:
        raise Http404("There is no such section.") from None
    form = part.form(notification)(
        sent(request),
        initial=part.initial(notification) | {"version": notification.case.version},
        notification=notification,
    )

    def deed() -> Notification:
        content = part.changed(notification, form.cleaned_data)
        return services.save_draft(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            content=content,
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        return _after(part.slug, outcome.value or notification)
    saved = _saved(request, pk, part) if outcome.stale else []
    told = advised(content_of(notification)) if part.slug == "criterion" else {"advice": None}
    context = {"notification": notification, "section": part, "saved": saved, **told}
    return page(request, "notifications/section.html", form, outcome, **context)


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
        messages.success(request, "The notification was submitted. A receipt is on its way to you by e-mail.")
        return redirect("notifications:detail", reference=notification.case.reference)
    if outcome.status == HTTPStatus.CONFLICT and (
        reference := queries.draft(pk, signed_in(request)).case.reference
    ):
        return _sent_already(request, reference)
    context = {
        "notification": notification,
        "summary": summary(notification),
        "missing": _missing(notification),
        **advised(content_of(notification)),
        "unsigned": _unsigned(notification),
    }
    return page(request, "notifications/check.html", form, outcome, **context)


@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, after asking."""
    notification = draft_of(request, pk)
    form = forms.VersionForm(sent(request), initial={"version": notification.case.version})

    def deed() -> object:
        version = form.cleaned_data["version"]
        return services.discard(notification=notification, by=signed_in(request), version=version)

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The draft was discarded.")
        return redirect("notifications:home")
    return page(request, "notifications/discard.html", form, outcome, notification=notification)


def draft_of(request: HttpRequest, pk: int) -> Notification:
    """A draft of theirs; once submitted it is read under its reference, and changed no more."""
    return queries.unsent(pk, signed_in(request))


def _saved(request: HttpRequest, pk: int, part: Section) -> list[Row]:
    """What a colleague's faster save left in this section."""
    answers = dict(summary(draft_of(request, pk)))[part]
    return [(question, answer) for question, answer in answers if answer]


def _sent_already(request: HttpRequest, reference: str) -> HttpResponse:
    messages.info(request, f"This notification was submitted already, as {reference}. It was not sent twice.")
    return redirect("notifications:detail", reference=reference)


def _missing(notification: Notification) -> list[tuple[str, str]]:
    """What still stops a submission: the message, and the section that mends it."""
    faults = validate_for_submission(notification)
    parts = sections_of(notification)
    home_of = {name: part.slug for part in parts for name in part.field_names(notification)}
    return [
        (message, home_of.get(name.rpartition(".")[2], parts[0].slug))
        for name, found in faults.items()
        for message in found
    ]


def _unsigned(notification: Notification) -> str:
    """Why the sign-offs still stop a submission; ``""`` where they do not. One query."""
    return refusal(
        queries.sign_offs(notification.pk),
        content=digest(content_of(notification)),
        now=clock.now(),
        demanded=notification.case.employer.requires_sign_off,
    )


def _after(slug: str, notification: Notification) -> HttpResponse:
    """On to the section after ``slug``; to the check page after the last. The modality comes before all."""
    slugs = [each.slug for each in sections_of(notification)]
    following = slugs.index(slug) + 1 if slug in slugs else 0
    if following < len(slugs):
        return redirect("notifications:edit", pk=notification.pk, slug=slugs[following])
    return redirect("notifications:check", pk=notification.pk)
