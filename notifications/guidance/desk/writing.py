"""Writing a version on the desk, and the deeds that need no words of the page."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from notifications.guidance import services
from notifications.guidance.desk.deeds import DEEDS
from notifications.guidance.desk.showing import last_approved, one, page_context, planned_after
from notifications.guidance.forms import ContentForm, VersionForm, WithdrawalForm, content_form
from notifications.guidance.models import Topic, Version
from regulator import clock
from regulator.accounts.policies import signed_in
from regulator.casework.meanwhile import (
    Said,
    marks_of,
    otherwise_than_read,
    otherwise_than_typed,
    standing_in,
)
from regulator.organisations.attempt import attempt, carry

POSTED = ["GET", "HEAD", "POST"]


@require_http_methods(POSTED)
def new_topic(request: HttpRequest) -> HttpResponse:
    """Begin a topic with its first version."""
    form = VersionForm(_sent(request), initial={"valid_from": clock.today()})
    return _written(
        request,
        form,
        "Begin a topic",
        lambda: services.begin_topic(content=form.content(None), by=signed_in(request)),
    )


@require_http_methods(POSTED)
def new_version(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the next version of a topic, from what it says."""
    topic = get_object_or_404(Topic, slug=slug)
    last = last_approved(topic) or topic.versions.order_by("-drafted_at", "-pk").first()
    if last is None:
        raise Http404("This topic says nothing yet.")
    form = VersionForm(_sent(request), initial=VersionForm.initial_after(last, clock.today()))
    return _written(
        request,
        form,
        f"Next version: {last.title}",
        lambda: services.begin_version(topic=topic, content=form.content(last), by=signed_in(request)),
    )


@require_http_methods(POSTED)
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin the withdrawal of a topic."""
    topic = get_object_or_404(Topic, slug=slug)
    last = last_approved(topic)
    if last is None:
        raise Http404("This topic was never shown.")
    form = WithdrawalForm(_sent(request), initial={"valid_from": clock.today()})
    return _written(
        request,
        form,
        f"Withdraw: {last.title}",
        lambda: services.begin_version(topic=topic, content=form.content(last), by=signed_in(request)),
    )


@require_http_methods(POSTED)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Put other words into a draft."""
    draft = one(pk)
    kind = content_form(draft)
    form = kind(_sent(request), initial=kind.initial_of(draft))
    return _written(
        request,
        form,
        f"Change: {draft.title}",
        lambda: services.change(
            draft=draft,
            content=form.content(draft),
            by=signed_in(request),
            version=form.cleaned_data["version"] or 0,
        ),
        version=draft,
    )


@require_http_methods(POSTED)
def deed_page(request: HttpRequest, pk: int, name: str, permission: str) -> HttpResponse:
    """Send, discard, take back, approve or give back, where that is under the route's ``permission``: 302
    when done, else the form with what was wrong (400, 403, 409), and what changed of the version since its
    page was opened."""
    version, deed, by = one(pk), DEEDS.get(name), signed_in(request)
    if deed is None or deed.permission != permission:
        raise Http404("There is no such deed on a version.")
    form = deed.form(_sent(request), initial={"version": version.version, "stands": marks_of(_said(version))})
    status, theirs = HTTPStatus.OK, []
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            said = form.cleaned_data
            marks = said.pop("stands")
            outcome = attempt(form, lambda: deed.service(draft=version, by=by, **said))
            if outcome.done:
                messages.success(request, f"Done: {deed.label.lower()}.")
                return redirect("admin:guidance_version_change", version.pk)
            status, version = outcome.status, one(pk)
            if outcome.stale is not None:
                theirs = otherwise_than_read(_said(version), marks)
                carry(form, {"stands": marks_of(_said(version))})
    context = {
        **page_context(request, version, deed.label),
        "form": form,
        "deed": deed,
        "button": deed.label if version.state == deed.state else "",
        "theirs": theirs,
        "falls_away": planned_after(version) if name == "approve" else [],
    }
    return TemplateResponse(request, "admin/guidance/deed.html", context, status=status)


def _said(version: Version) -> Said:
    """All that a deed on a version decides on (no query)."""
    kind = content_form(version)
    return [
        ("State", version.get_state_display()),
        ("Given back, to do", version.given_back_because),
        *standing_in(kind(initial=kind.initial_of(version))),
    ]


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _written(
    request: HttpRequest, form: ContentForm, title: str, deed: Any, version: Version | None = None
) -> HttpResponse:
    """Do the deed of a form that was sent, or show the form; where somebody else was faster, with what they
    wrote."""
    status, theirs = HTTPStatus.OK, []
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            outcome = attempt(form, deed)
            if outcome.value is not None:
                messages.success(request, "Saved. A second person sees it once you send it.")
                return redirect("admin:guidance_version_change", outcome.value.pk)
            status = outcome.status
            if outcome.stale is not None and version is not None:
                form.initial = form.initial_of(one(version.pk))
                theirs = otherwise_than_typed(form)
    context = {**page_context(request, version, title), "form": form, "theirs": theirs}
    return TemplateResponse(request, "admin/guidance/write.html", context, status=status)
