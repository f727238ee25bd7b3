"""A questionnaire as CQC's staff read it: what was submitted last, by section, with the files."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from inspections.questionnaires import queries
from inspections.questionnaires.answering import Given
from inspections.questionnaires.desk import ON_INSPECTIONS
from inspections.questionnaires.forms import ShowForm
from inspections.questionnaires.models import Questionnaire, Submission
from inspections.questionnaires.sheet import Line, Part, sheet
from regulator.accounts.policies import signed_in
from regulator.casework.admin.page import offers, readable_case
from regulator.casework.models import Attachment, Case
from regulator.casework.reading import read_lists
from regulator.casework.standing import banners


@require_safe
def questionnaire_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may read the case reads it; a look at a restricted one is recorded. Drafts are not shown: until it
    is submitted there is nothing to read. At most 12 SQL queries at any number of questions and files."""
    rows = Questionnaire.objects.select_related("sent_by", "submitted_by", "accepted_by", "withdrawn_by")
    questionnaire = get_object_or_404(rows, pk=pk)
    case = readable_case(request, questionnaire.inspection_id)
    read_lists(case)
    submissions = queries.submissions_of(questionnaire)
    found = queries.submitted_answers(case, submissions)
    parts = _parts(case, questionnaire, submissions, found)
    form = ShowForm(request.GET, label_suffix="")
    concerns = form.is_valid() and form.cleaned_data["show"] == "concerns"
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": str(questionnaire),
        "case": case,
        "opts": Case._meta,
        "banners": banners(
            case,
            opening=vars(case)["opening"],
            reader_interest=vars(case)["reader_interest"],
            holder_interest=vars(case)["holder_interest"],
        ),
        "questionnaire": questionnaire,
        "is_as_sent": questionnaire.content.sha256 == questionnaire.sha256,
        "submissions": submissions,
        "returns": list(questionnaire.returns.select_related("returned_by")),
        "form": form,
        "concerns": _concerns(parts) if concerns else [],
        "first": concerns,
        "parts": parts,
        "changed": _changed(submissions, found),
        "offers": offers(ON_INSPECTIONS.actions, case, signed_in(request)),
    }
    return TemplateResponse(request, "admin/questionnaires/questionnaire.html", context)


def _parts(
    case: Case,
    questionnaire: Questionnaire,
    submissions: list[Submission],
    found: Mapping[str, Mapping[str, Given]],
) -> list[Part]:
    """What was submitted last; of a case whose words were removed, what was chosen, counted and dated. None
    before the first submission."""
    if not submissions:
        return []
    last = submissions[-1]
    given = found.get(last.sha256)
    if given is None:
        return sheet(questionnaire, queries.answers_of(questionnaire))
    named = {pk for each in given.values() for pk in each.files}
    files = {each.pk: each for each in Attachment.objects.filter(case=case, pk__in=named)}
    return sheet(questionnaire, given, files=files)


def _concerns(parts: list[Part]) -> list[Line]:
    """The answers "No", then "Partly", in the order of the questionnaire."""
    lines = [line for part in parts for line in part.lines if line.given.is_concern]
    return sorted(lines, key=lambda line: line.given.choice != "no")


def _changed(submissions: list[Submission], found: Mapping[str, Mapping[str, Given]]) -> set[str]:
    """The questions that were answered otherwise in the submission before the last."""
    if len(submissions) < 2:
        return set()
    before, after = (found.get(each.sha256, {}) for each in submissions[-2:])
    return {key for key, given in after.items() if given != before.get(key)} if before else set()
