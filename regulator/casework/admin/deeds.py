"""Doing a deed on a case: its form, the call of its service, and every way in which that can be refused.

Nothing that was typed is ever lost: each refusal shows the form again as it was sent.
"""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import BigIntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from regulator.accounts.policies import signed_in
from regulator.casework.admin.page import readable_case
from regulator.casework.attempt import attempt
from regulator.casework.desk import DeskAction, DeskForm, action_named
from regulator.casework.meanwhile import LONGEST_MARKS, marks_of, otherwise_than_read, otherwise_than_typed
from regulator.casework.models import Case, Event
from regulator.casework.telling import events_of, timeline
from regulator.frontend.fields import PlainErrors
from regulator.organisations.policies import may


class ReadForm(PlainErrors, forms.Form):
    """What the page showed when the form was drawn: the case's version, its last event, and marks of what the
    deed decides on."""

    prefix = "read"
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)
    stands = forms.CharField(required=False, max_length=LONGEST_MARKS, widget=forms.HiddenInput)


def deed_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """GET shows what the deed asks for, or why it may not be done now (403, 409). POST does it.

    A POST answers 302 when done; 400 for what cannot be understood, 403 or 409 for what is refused, each
    with the form as it was sent.
    """
    user = signed_in(request)
    seen = _last_event(pk)
    case = readable_case(request, pk)
    action = action_named(case, name)
    if action is None:
        raise Http404("This case has no such deed.")
    if not may(user, action.permission, employer=case.employer_id):
        return _refused(request, case, action, "Your role does not include this.", HTTPStatus.FORBIDDEN)
    if request.method == "POST":
        return _do(request, case, action, seen)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    refusal = action.refusal(case, user)
    if refusal:
        return _refused(request, case, action, refusal, HTTPStatus.CONFLICT)
    return _form_page(request, case, action, action.form(case=case, by=user), _read_now(case, action, seen))


def _do(request: HttpRequest, case: Case, action: DeskAction, seen: int) -> HttpResponse:
    """Call the service with what was sent, and answer in the form's own words where it refuses."""
    user = signed_in(request)
    form = action.form(request.POST, request.FILES, case=case, by=user)
    read = ReadForm(request.POST)
    if not read.is_valid():
        form.add_error(
            None, "The page did not say which version of the case you saw. Check the case, then send again."
        )
        return _form_page(request, case, action, form, _read_now(case, action, seen), HTTPStatus.BAD_REQUEST)
    if not form.is_valid():
        return _form_page(request, case, action, form, read, HTTPStatus.BAD_REQUEST)
    if case.redacted_at is not None and not action.reads:  # also what would only begin from it
        form.add_error(None, case.why_empty)
        return _form_page(request, case, action, form, read, HTTPStatus.CONFLICT)
    version = read.cleaned_data["version"]
    outcome = attempt(form, lambda: action.run(case=case, by=user, version=version, **form.cleaned_data))
    if outcome.done:
        return _done(request, case, action, outcome.value)
    if outcome.stale is not None:
        return _stale(request, case, action, form, read, seen)
    return _form_page(request, case, action, form, read, outcome.status)


def _done(request: HttpRequest, case: Case, action: DeskAction, opened: Case | None) -> HttpResponse:
    """To the case that the deed opened, or back to this one; to the queue if it left this person's sight."""
    user = signed_in(request)
    messages.success(request, f"Done: {action.label}.")
    target = opened if isinstance(opened, Case) else case
    if Case.objects.for_user(user).filter(pk=target.pk).exists():
        return redirect("admin:casework_case_change", target.pk)
    return redirect("admin:casework_case_changelist")


def _stale(
    request: HttpRequest, case: Case, action: DeskAction, form: DeskForm, read: ReadForm, seen: int
) -> HttpResponse:
    """Somebody was faster: what they did, what was typed, and the new version ready to be sent."""
    user = signed_in(request)
    missed = events_of(case).filter(sequence__gt=read.cleaned_data["seen"])
    extra: dict[str, Any] = {
        "is_stale": True,
        "missed": timeline(case, missed[:20]),
        "refusal": action.refusal(case, user),
    }
    if form.begins_with_what_stands:
        extra["theirs"] = otherwise_than_typed(form)
    else:
        extra["theirs"] = otherwise_than_read(action.shows(case), read.cleaned_data["stands"])
    return _form_page(request, case, action, form, _read_now(case, action, seen), HTTPStatus.CONFLICT, extra)


def _last_event(pk: int) -> int:
    """The last event on a case's timeline; read before the case, so that a change between the two shows."""
    events = Event.objects.filter(case=min(pk, BigIntegerField.MAX_BIGINT))
    return events.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def _read_now(case: Case, action: DeskAction, seen: int) -> ReadForm:
    stands = marks_of(action.shows(case))
    return ReadForm(initial={"version": case.version, "seen": seen, "stands": stands})


def _form_page(
    request: HttpRequest,
    case: Case,
    action: DeskAction,
    form: DeskForm,
    read: ReadForm,
    status: HTTPStatus = HTTPStatus.OK,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    context = {**_context(request, case, action), "form": form, "read": read, **(extra or {})}
    return TemplateResponse(request, "admin/casework/case/deed.html", context, status=status)


def _refused(
    request: HttpRequest, case: Case, action: DeskAction, refusal: str, status: HTTPStatus
) -> HttpResponse:
    context = {**_context(request, case, action), "refusal": refusal}
    return TemplateResponse(request, "admin/casework/case/refused.html", context, status=status)


def _context(request: HttpRequest, case: Case, action: DeskAction) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": action.label,
        "case": case,
        "action": action,
        "opts": Case._meta,
    }
