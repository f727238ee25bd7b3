"""A draft as a whole: beginning it, its task list, changing its kind, throwing it away."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import DraftContent, content_of
from notifications.kinds import EXPLAINED, dropped, named
from notifications.models import Basis, Notification
from notifications.progress import tasks
from notifications.sections import question
from notifications.signing import standings
from notifications.summary import heading
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed
from regulator.organisations.queries import employers_of


@keeps_typed
@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft. It has no reference until it is submitted, so an abandoned one leaves no gap."""
    user = signed_in(request)
    form = forms.StartForm(sent(request), employers=employers_of(user))

    def deed() -> Notification:
        chosen = form.cleaned_data
        content = DraftContent(basis=chosen["basis"], modality=chosen["modality"])
        return services.start_draft(employer=chosen["employer"], by=user, content=content)

    outcome = posted(request, form, deed)
    if outcome.value is not None:
        return redirect("notifications:draft", pk=outcome.value.pk)
    return page(request, "notifications/start.html", form, outcome, explained=EXPLAINED)


@declare(needs("notifications.draft"))
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft's sections, how each stands, and when CQC must have the whole."""
    notification = draft_of(request, pk)
    context = {
        "notification": notification,
        "groups": tasks(notification),
        "heading": heading(notification),
        "dues": queries.dues(notification),
        "attachments": queries.employer_attachments(notification),
        "removal": services.removal_day(notification.case),
        "sign_offs": standings(notification, queries.sign_offs(pk)),
    }
    return render(request, "notifications/draft.html", context)


@keeps_typed
@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def kind(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the kind of a draft. The page says beforehand what each kind would drop."""
    notification = draft_of(request, pk)
    first = {"version": notification.case.version, "basis": notification.basis}
    form = forms.KindForm(sent(request), initial=first)

    def deed() -> Notification:
        chosen = form.cleaned_data
        return services.change_kind(
            notification=notification,
            by=signed_in(request),
            version=chosen["version"],
            basis=chosen["basis"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.done:
        messages.success(request, "The kind of notification was saved.")
        return redirect("notifications:draft", pk=pk)
    context: dict[str, Any] = {"notification": notification, "hints": _losses(notification)}
    return page(request, "notifications/kind.html", form, outcome, **context)


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


def _losses(notification: Notification) -> dict[str, str]:
    """What each kind is for, and which answers choosing it would drop."""
    content = content_of(notification)
    hints = dict(EXPLAINED)
    for basis in Basis.values:
        names = dropped(content, basis) if basis != notification.basis else ()
        if names:
            lost = "; ".join(question(name, notification) or named(name) for name in names)
            hints[basis] += f" You would lose your answers to: {lost}"
    return hints
