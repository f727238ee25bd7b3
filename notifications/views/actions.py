"""Corrective actions: planning one, and keeping it up to date, before the report is filed and after."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from notifications import forms, queries, services
from notifications.content import ActionContent
from notifications.forms.reporting import ActionForm, CancelForm, DoneForm, MoveForm
from notifications.models import CorrectiveAction
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed

Keep = Callable[..., CorrectiveAction]
_DEEDS: Final[Mapping[str, tuple[str, type[forms.VersionForm], Keep, tuple[str, ...]]]] = {
    "done": ("Mark as done", DoneForm, services.finish_action, ("done_on",)),
    "move": (
        "Change the date",
        MoveForm,
        services.move_action,
        ("planned_for", "reason", "identifies_nobody"),
    ),
    "cancel": ("Cancel this action", CancelForm, services.cancel_action, ("reason", "identifies_nobody")),
}


@keeps_typed
@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Plan an action; back to the report while it is being written, else to the action."""
    notification = queries.detail(reference, signed_in(request))
    form = ActionForm(sent(request), initial={"version": notification.case.version})

    def deed() -> CorrectiveAction:
        typed = form.cleaned_data
        names = ("what", "strength", "owner_role", "planned_for", "effect_check")
        return services.add_action(
            notification=notification,
            by=signed_in(request),
            version=typed["version"],
            action=ActionContent(**{name: typed[name] for name in names}),
            identifies_nobody=typed["identifies_nobody"],
        )

    outcome = posted(request, form, deed, notification)
    if outcome.value is not None:
        messages.success(request, "The action was added.")
        if services.writing_refusal(notification) == "":
            return redirect("notifications:report_section", reference=reference, slug="measures")
        return redirect("notifications:action", reference=reference, pk=outcome.value.pk)
    return page(request, "notifications/action_add.html", form, outcome, notification=notification)


@declare(needs("notifications.file_report"))
@require_safe
def action(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One action, and what can be done about it while it is open."""
    notification = queries.detail(reference, signed_in(request))
    kept = queries.action_of(notification, pk)
    is_kept = kept.is_open and services.keeping_refusal(notification.case) == ""
    context = {
        "notification": notification,
        "action": kept,
        "deeds": [(slug, label) for slug, (label, *_) in _DEEDS.items()] if is_kept else [],
    }
    return render(request, "notifications/action.html", context)


@keeps_typed
@declare(needs("notifications.file_report"))
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, reference: str, pk: int, deed: str) -> HttpResponse:
    """Mark an action as done, change its day, or give it up."""
    notification = queries.detail(reference, signed_in(request))
    kept = queries.action_of(notification, pk)
    if deed not in _DEEDS:
        raise Http404("There is nothing of this name to do.")
    title, make, service, names = _DEEDS[deed]
    form = make(sent(request), initial={"version": notification.case.version})

    def run() -> CorrectiveAction:
        typed: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        version = form.cleaned_data["version"]
        return service(
            notification=notification, by=signed_in(request), version=version, action=kept, **typed
        )

    outcome = posted(request, form, run, notification)
    if outcome.done:
        messages.success(request, "The action was updated.")
        return redirect("notifications:action", reference=reference, pk=pk)
    context = {"notification": notification, "action": kept, "title": title}
    return page(request, "notifications/action_change.html", form, outcome, **context)
