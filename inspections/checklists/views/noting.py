"""Notes of interviews and observations: all of an inspection's, and writing or correcting one."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from inspections.checklists import services
from inspections.checklists.forms import NoteForm
from inspections.checklists.models import Checklist, InspectionNote
from inspections.checklists.queries import notes_of
from inspections.checklists.services.adding import not_preparable
from inspections.checklists.views.reaching import context_of, inspection_case, key_of
from inspections.lifecycle import CONDUCT
from regulator.accounts.policies import signed_in
from regulator.accounts.typed import forget, keeps_typed, kept
from regulator.casework.attempt import attempt
from regulator.casework.desk import not_for
from regulator.casework.models import Case


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def notes_page(request: HttpRequest, case: int) -> HttpResponse:
    """Every note, the newest first, those that were corrected too; POST keeps one.

    ``?replaces=`` corrects that note; ``?checklist=`` goes back to that checklist. At most 16 SQL queries at
    any number of notes. ``Http404`` for a note of another inspection.
    """
    held, by = inspection_case(request, case), signed_in(request)
    replaces = _asked(request, held)
    start = _start(replaces)
    sent = request.POST if request.method == "POST" else kept(request)
    form = NoteForm(sent, case=held, by=by, initial=start)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid():
            inspection = held.inspection

            def deed() -> InspectionNote:
                said = form.cleaned_data
                return services.record_note(inspection=inspection, by=by, replaces=replaces, **said)

            outcome = attempt(form, deed)
            if outcome.done:
                forget(request)
                messages.success(request, "The note is kept.")
                return _back(request, held)
            status = outcome.status
    context = {
        **context_of(request, held, f"Notes of {held}"),
        "notes": list(notes_of(held)),
        "form": form,
        "replaces": replaces,
        "refusal": not_for(by, held, CONDUCT) or not_preparable(held),
    }
    return TemplateResponse(request, "admin/checklists/notes.html", context, status=status)


def _asked(request: HttpRequest, case: Case) -> InspectionNote | None:
    """The note that is to be corrected, where one is."""
    asked = request.GET.get("replaces")
    if asked is None:
        return None
    found = InspectionNote.objects.filter(inspection=case.pk, pk=key_of(asked)).first()
    if found is None:
        raise Http404("There is no such note.")
    return found


def _start(replaces: InspectionNote | None) -> dict[str, object]:
    if replaces is None:
        return {}
    return {name: getattr(replaces, name) for name in ("kind", "role", "text", "visit")}


def _back(request: HttpRequest, case: Case) -> HttpResponse:
    """To the checklist from which the note was written, else to the notes."""
    asked = key_of(request.GET.get("checklist", ""))
    found = Checklist.objects.filter(inspection=case.pk, pk=asked).first()
    if found is not None:
        return redirect("admin:checklists_checklist_change", found.pk)
    return redirect("admin:checklists_notes", case.pk)
