"""The pages on which an employer keeps accepted actions up to date: done, evidence, more time, cancelling."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from inspections.plans import queries, services
from inspections.plans.forms import CancelForm, EvidenceForm, FinishForm, MoreTimeForm
from inspections.queries import detail as inspection_of
from inspections.views import FOLLOWS
from notifications.forms import VersionForm
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, signed_in
from regulator.accounts.typed import keeps_typed


@dataclass(frozen=True, slots=True)
class _Deed:
    """One thing to do about an action: its page's heading, its form, the service, and what is said after."""

    title: str
    form: type[VersionForm]
    service: Callable[..., object]
    said: str


_DEEDS: Final[Mapping[str, _Deed]] = {
    "done": _Deed(
        "Say that an action is done",
        FinishForm,
        services.finish_action,
        "CQC was told that the action is done.",
    ),
    "evidence": _Deed(
        "Add evidence", EvidenceForm, services.add_evidence, "The file was sent. It is being checked."
    ),
    "more_time": _Deed(
        "Ask for more time",
        MoreTimeForm,
        services.ask_more_time,
        "CQC was asked for more time. The date stands until CQC decides.",
    ),
    "cancel": _Deed(
        "Ask to cancel an action",
        CancelForm,
        services.ask_cancel,
        "CQC was asked to agree. The action stands until CQC decides.",
    ),
}


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """When it was done, what was done, and a file that shows it."""
    return _do(request, reference, pk, "done")


@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """A file that shows it."""
    return _do(request, reference, pk, "evidence")


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def more_time(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Until which day, and why."""
    return _do(request, reference, pk, "more_time")


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Why it should be given up."""
    return _do(request, reference, pk, "cancel")


def _do(request: HttpRequest, reference: str, pk: int, name: str) -> HttpResponse:
    inspection = inspection_of(reference, signed_in(request))
    kept, wanted = queries.action_of(inspection, pk), _DEEDS[name]
    if request.method != "POST" and not _fits(name, kept):
        return redirect("plans:action", reference=reference, pk=pk)
    data = sent(request)
    form = wanted.form(data, request.FILES or None, initial={"version": inspection.case.version})

    def deed() -> object:
        typed: dict[str, Any] = {key: value for key, value in form.cleaned_data.items() if value is not None}
        return wanted.service(inspection=inspection, by=signed_in(request), action=kept, **typed)

    outcome = posted(request, form, deed, inspection)
    if outcome.done:
        messages.success(request, wanted.said)
        return redirect("plans:action", reference=reference, pk=pk)
    context = {"inspection": inspection, "action": kept, "title": wanted.title}
    return page(request, "inspections/plans/action_deed.html", form, outcome, **context)


def _fits(name: str, action: Any) -> bool:
    """Whether the page has anything to ask of an action as it stands."""
    if name == "evidence":
        return bool(action.is_begun and not action.cancelled_at and not action.confirmed_at)
    return bool(action.is_open)
