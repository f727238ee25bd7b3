"""A questionnaire as the employer's people answer it: the list of its sections, each section, the check
before it is submitted. One that is not theirs is not found (404)."""

from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from inspections import queries as inspecting
from inspections.models import Inspection
from inspections.questionnaires import queries, services
from inspections.questionnaires.forms import SectionForm, answered, section_form, shown
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.sheet import Line, Part, lacking
from notifications.forms import SubmitForm
from notifications.views.posting import page, posted, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.roles import EMPLOYER_ROLES
from regulator.accounts.typed import keeps_typed
from regulator.casework.models import Attachment

FOLLOWS: Final = needs("inspections.follow", among=EMPLOYER_ROLES)


def _found(request: HttpRequest, reference: str, pk: int) -> tuple[Inspection, Questionnaire]:
    inspection = inspecting.detail(reference, signed_in(request))
    return inspection, queries.of(inspection, pk)


def _can_answer(questionnaire: Questionnaire) -> bool:
    return questionnaire.is_in_hand and not questionnaire.inspection.case.is_over


@declare(FOLLOWS)
@require_safe
def tasks(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """The sections and how each stands; once it was submitted, all that was answered. At most 10 queries."""
    inspection, questionnaire = _found(request, reference, pk)
    parts = queries.draft_sheet(questionnaire)
    context = {
        "inspection": inspection,
        "questionnaire": questionnaire,
        "parts": parts,
        "done": sum(not lacking([part]) for part in parts),
        "can_answer": _can_answer(questionnaire),
        "returned": queries.last_return(questionnaire) if questionnaire.is_in_hand else None,
        "numbers": _numbers(parts),
    }
    return render(request, "questionnaires/tasks.html", context)


def _numbers(parts: list[Part]) -> list[Line]:
    """The lines that CQC asks about again."""
    return [line for part in parts for line in part.lines if line.again]


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, pk: int, section: str) -> HttpResponse:
    """One section, to be answered in full or in part. At most 12 queries to look at."""
    inspection, questionnaire = _found(request, reference, pk)
    here = redirect("questionnaires:tasks", reference=inspection.case.reference, pk=questionnaire.pk)
    if request.method != "POST" and not _can_answer(questionnaire):
        return here
    parts = queries.draft_sheet(questionnaire)
    place = next((at for at, each in enumerate(parts) if each.section.key == section), None)
    if place is None:
        raise Http404("This questionnaire has no such section.")
    part, files = parts[place], _usable(inspection)
    saved = queries.section_version(questionnaire, section)
    initial = {**shown(part), "version": saved.version if saved else 0}
    form = section_form(part, files)(sent(request), request.FILES or None, initial=initial)

    def deed() -> int:
        return services.save_answers(
            questionnaire=questionnaire,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            section=section,
            answers=answered(part, form.cleaned_data),
            uploads=_uploads(part, form),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    outcome = posted(request, form, deed)
    if outcome.done:
        return _onward(request, inspection, questionnaire, parts[place + 1 :]) or here
    context: dict[str, Any] = {
        "inspection": inspection,
        "questionnaire": questionnaire,
        "part": part,
        "saved": saved,
        "stale": outcome.status == HTTPStatus.CONFLICT and outcome.stale is not None,
        "chose_files": bool(request.FILES),
        "returned": queries.last_return(questionnaire),
    }
    return page(request, "questionnaires/section.html", form, outcome, **context)


def _usable(inspection: Inspection) -> list[Attachment]:
    """The files that can go with an answer (one query)."""
    return list(inspecting.files(inspection).exclude(scan=Attachment.Scan.INFECTED))


def _uploads(part: Part, form: SectionForm) -> dict[str, "UploadedFile[Any]"]:
    found = {line.question.key: form.cleaned_data.get(f"{line.question.key}_upload") for line in part.lines}
    return {key: upload for key, upload in found.items() if upload}


def _onward(
    request: HttpRequest, inspection: Inspection, questionnaire: Questionnaire, rest: list[Part]
) -> HttpResponse | None:
    """The next section, unless the list was asked for or this was the last."""
    messages.success(request, "Your answers were saved.")
    if request.POST.get("then") == "list" or not rest:
        return None
    at = [inspection.case.reference, questionnaire.pk, rest[0].section.key]
    return redirect(reverse("questionnaires:section", args=at))


@keeps_typed
@declare(FOLLOWS)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """All answers, each with a way to change it, and the declaration that submits them. At most 11 queries to
    look at."""
    inspection, questionnaire = _found(request, reference, pk)
    here = redirect("questionnaires:tasks", reference=inspection.case.reference, pk=questionnaire.pk)
    if request.method != "POST" and not _can_answer(questionnaire):
        return here
    form = SubmitForm(sent(request), initial={"version": questionnaire.version})

    def deed() -> object:
        return services.submit_questionnaire(
            questionnaire=questionnaire, by=signed_in(request), version=form.cleaned_data["version"]
        )

    outcome = posted(request, form, deed)
    if outcome.done:
        messages.success(request, "The questionnaire was submitted to CQC.")
        return here
    parts = queries.draft_sheet(questionnaire)
    context = {
        "inspection": inspection,
        "questionnaire": questionnaire,
        "parts": parts,
        "missing": lacking(parts),
    }
    return page(request, "questionnaires/check.html", form, outcome, **context)
