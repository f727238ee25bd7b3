"""Drawing a programme and every deed on it and its places, each a page with a form of its own."""

from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from inspections.programme import services
from inspections.programme.candidates import candidates
from inspections.programme.forms import (
    AddForm,
    AgainForm,
    ApproveForm,
    DropForm,
    MoveForm,
    OpenForm,
    YearForm,
)
from inspections.programme.models import Place, Programme
from inspections.programme.views.reading import context_of, programme_of
from regulator.accounts.policies import signed_in
from regulator.organisations.deed_page import answer_deed
from regulator.risk.queries import latest_run

METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def draw_page(request: HttpRequest) -> HttpResponse:
    """Draw the programme of a year that has none."""
    form = YearForm(request.POST or None, candidates=candidates(latest_run()))
    by = signed_in(request)

    def deed() -> HttpResponse:
        made = services.draw_programme(year=form.cleaned_data["year"], wanted=form.wanted(), by=by)
        return redirect("admin:programme_programme_change", made.pk)

    return _answer(request, form, deed, title="Draw a programme", button="Draw the programme")


@require_http_methods(METHODS)
def again_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw it anew, with a reason."""
    programme = programme_of(pk)
    found = candidates(latest_run())
    form = AgainForm(request.POST or None, candidates=found, initial={"version": programme.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        said = form.cleaned_data
        services.draw_again(
            programme=programme, wanted=form.wanted(), reason=said["reason"], by=by, version=said["version"]
        )
        return _back(programme)

    return _answer(request, form, deed, programme, title="Draw again", button="Draw it again")


@require_http_methods(METHODS)
def approve_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve it, by somebody who did not draw it."""
    programme = programme_of(pk)
    form = ApproveForm(request.POST or None, initial={"version": programme.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        services.approve_programme(programme=programme, by=by, version=form.cleaned_data["version"])
        return _back(programme)

    lead = "From now on inspections are opened from its places, and only a manager adds or takes off a place."
    return _answer(request, form, deed, programme, title="Approve", button="Approve the programme", lead=lead)


@require_http_methods(METHODS)
def add_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an employer on it by one's own choice."""
    programme = programme_of(pk)
    form = AddForm(request.POST or None, initial={"version": programme.version})
    by = signed_in(request)

    def deed() -> HttpResponse:
        services.add_place(programme=programme, by=by, **form.cleaned_data)
        return _back(programme)

    lead = "A place that a person chose has no probability, and is kept apart in every estimate."
    return _answer(request, form, deed, programme, title="Add a place", button="Add the place", lead=lead)


@require_http_methods(METHODS)
def move_page(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Put a place elsewhere in the order."""
    held = _place(pk, place)
    start = {"version": held.programme.version, "to": held.position}
    form = MoveForm(request.POST or None, initial=start)
    return _on_place(request, held, form, services.move_place, title="Move", button="Move the place")


@require_http_methods(METHODS)
def drop_page(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Take a place off."""
    held = _place(pk, place)
    form = DropForm(request.POST or None, initial={"version": held.programme.version})
    return _on_place(request, held, form, services.drop_place, title="Take off", button="Take the place off")


@require_http_methods(METHODS)
def open_page(request: HttpRequest, pk: int, place: int) -> HttpResponse:
    """Open the inspection of a place; the employer does not know of it yet."""
    held = _place(pk, place)
    form = OpenForm(
        request.POST or None, employer=held.employer_id, initial={"version": held.programme.version}
    )
    by = signed_in(request)

    def deed() -> HttpResponse:
        opened = services.open_place(place=held, by=by, **form.cleaned_data)
        return redirect("admin:casework_case_change", opened.case.pk)

    title = "Open the inspection"
    return _answer(request, form, deed, held.programme, place=held, title=title, button=title)


def _on_place(
    request: HttpRequest, place: Place, form: forms.Form, service: Callable[..., Place], **words: str
) -> HttpResponse:
    by = signed_in(request)

    def deed() -> HttpResponse:
        service(place=place, by=by, **form.cleaned_data)
        return _back(place.programme)

    return _answer(request, form, deed, place.programme, place=place, **words)


def _place(programme: int, pk: int) -> Place:
    found = Place.objects.select_related("programme", "employer")
    return get_object_or_404(found, pk=pk, programme=programme)


def _back(programme: Programme) -> HttpResponse:
    return redirect("admin:programme_programme_change", programme.pk)


def _answer(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], HttpResponse],
    programme: Programme | None = None,
    *,
    title: str,
    button: str,
    lead: str = "",
    place: Place | None = None,
) -> HttpResponse:
    """302 when done, else the form with what was wrong (400, 403, 409)."""

    def page(status: HTTPStatus) -> HttpResponse:
        context = {
            **context_of(request, programme, title),
            "form": form,
            "button": button,
            "lead": lead,
            "place": place,
        }
        return TemplateResponse(request, "admin/programme/deed.html", context, status=status)

    return answer_deed(request, form, deed, page, done=f"Done: {title[:1].lower()}{title[1:]}.")
