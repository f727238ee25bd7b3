"""A checklist on one page, answered as a form, and what its script sends while there is a connection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from inspections.checklists import services
from inspections.checklists.forms import NoteForm
from inspections.checklists.models import Checklist, ChecklistAnswer, Verdict
from inspections.checklists.queries import Row, rows_of, sections_of
from inspections.checklists.services import Given, Taken
from inspections.checklists.services.adding import not_answerable, not_preparable
from inspections.checklists.views import parsing
from inspections.checklists.views.reaching import context_of, key_of, reach
from inspections.lifecycle import CONDUCT
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.accounts.typed import forget, keeps_typed, kept
from regulator.casework.desk import not_for
from regulator.casework.models import Case
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.casework.wording import as_text
from regulator.organisations.policies import InterestDeclared, NotPermitted
from regulator.organisations.refusals import Refused

OTHER_PERSON = "These answers were typed by somebody else on this device. They are not sent as yours."


@dataclass(frozen=True, slots=True)
class Box:
    """An item with what stands in its boxes: what was typed where that was not kept, else the answer that
    holds."""

    row: Row
    verdict: str
    note: str
    client_id: UUID
    seen: UUID | None
    why: str = ""
    errors: Sequence[str] = ()
    asks_why: bool = False


@keeps_typed
@require_http_methods(["GET", "HEAD", "POST"])
def checklist_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The checklist by regulation. POST saves what was changed on the whole page, or in the section whose
    button was pressed; what is not kept stands on the page again, with why (400, 403, 409).

    At most 20 SQL queries at any number of items and answers.
    """
    case, checklist = reach(request, pk)
    rows = rows_of(checklist, case.modality)
    if request.method != "POST":
        held = kept(request)
        given = parsing.typed(held, rows) if held is not None else {}
        return _page(request, case, checklist, rows, {key: Taken(each) for key, each in given.items()})
    given = _changed(parsing.typed(request.POST, rows), rows, checklist, request.POST.get("only", ""))
    try:
        taken = services.answer_items(
            checklist=checklist, by=signed_in(request), answers=list(given.values())
        )
    except (Refused, NotPermitted) as refused:
        typed = {key: Taken(each) for key, each in given.items()}
        why, status = _refused(refused)
        return _page(request, case, checklist, rows, typed, refused=why, status=status)
    wrong = {key: each for key, each in zip(given, taken, strict=True) if each.answer is None}
    if not wrong:
        forget(request)
        messages.success(request, _saved(taken))
        return redirect("admin:checklists_checklist_change", pk)
    rows = rows_of(checklist, case.modality)
    return _page(request, case, checklist, rows, wrong, status=HTTPStatus.BAD_REQUEST)


def _changed(
    given: Mapping[str, Given], rows: Sequence[Row], checklist: Checklist, only: str
) -> dict[str, Given]:
    """What differs from the answer that stood on the page when it was drawn."""
    roots = {row.item.key: row.item.root for row in rows}
    answers = {each.client_id: each for row in rows for each in _answers(row)}
    found = {}
    for key, each in given.items():
        before = answers.get(each.seen) if each.seen else None
        same = before is not None and (before.verdict, before.note) == (each.verdict, each.note)
        if not same and only in ("", roots[key]):
            found[key] = each
    return found


def _answers(row: Row) -> list[ChecklistAnswer]:
    return [*([row.holding] if row.holding else []), *row.former, *row.unseen]


def _saved(taken: Sequence[Taken]) -> str:
    if not taken:
        return "Nothing was changed, so nothing was saved."
    unseen = sum(1 for each in taken if each.answer is not None and each.answer.out_of_sight)
    if unseen:
        return f"Saved. Somebody else had answered {unseen} of these meanwhile: look at both."
    return "Saved: 1 answer." if len(taken) == 1 else f"Saved: {len(taken)} answers."


def _refused(refused: Exception) -> tuple[str, HTTPStatus]:
    if isinstance(refused, NotPermitted):
        why = str(refused) if isinstance(refused, InterestDeclared) else "You may not do this here."
        return why, HTTPStatus.FORBIDDEN
    return str(refused), HTTPStatus.CONFLICT


def _page(
    request: HttpRequest,
    case: Case,
    checklist: Checklist,
    rows: Sequence[Row],
    taken: Mapping[str, Taken],
    *,
    refused: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    by = signed_in(request)
    boxes = {row.item.key: _box(row, taken.get(row.item.key)) for row in rows}
    wrong = [each for each in boxes.values() if each.errors]
    finds = not (not_for(by, case, "inspections.record_finding") or not_answerable(case))
    context: dict[str, Any] = {
        **context_of(request, case, str(checklist)),
        "checklist": checklist,
        "sections": [
            (section, [boxes[row.item.key] for row in section.rows]) for section in sections_of(rows)
        ],
        "answered": sum(1 for row in rows if row.holding),
        "items": len(rows),
        "verdicts": Verdict.choices,
        "wrong": wrong,
        "refused": refused,
        "refusal": not_for(by, case, CONDUCT) or not_answerable(case),
        "finds": finds,
        "notable": not (not_for(by, case, CONDUCT) or not_preparable(case)),
        "note_form": NoteForm(case=case, by=by, initial={"visit": checklist.visit_id}),
        "is_as_opened": checklist.sha256 == checklist.ready.sha256,
        "person": by.pk,
        "pk_text": str(checklist.pk),
        "drawn": _milliseconds(),
    }
    return TemplateResponse(request, "admin/checklists/checklist.html", context, status=status)


def _box(row: Row, taken: Taken | None) -> Box:
    if taken is None:
        holding = row.holding
        verdict, note = (holding.verdict, holding.note) if holding else ("", "")
        return Box(row, verdict, note, uuid4(), row.seen)
    given = taken.given
    errors = [text for texts in taken.errors.values() for text in texts]
    asks = taken.asks_why or bool(given.identifies_nobody)
    return Box(
        row,
        given.verdict,
        given.note,
        given.client_id,
        given.seen,
        given.identifies_nobody,
        errors,
        asks,
    )


@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest, pk: int) -> HttpResponse:
    """What a checklist's script asks: GET how it stands, with a token to send by; POST keeps a batch of
    answers and notes, and says of each what became of it.

    403 where the batch was typed by another person than the one who is signed in, or this one may not answer;
    409 where nothing may be answered now: then nothing was kept. 400 for what no page sends.
    """
    case, checklist = reach(request, pk)
    by = signed_in(request)
    if request.method == "GET":
        return JsonResponse(_standing(request, case, checklist))
    try:
        batch = parsing.sent(request)
    except parsing.Unreadable:
        return JsonResponse({"refused": "That cannot be read."}, status=HTTPStatus.BAD_REQUEST)
    if batch.person != by.pk:
        return JsonResponse({"refused": OTHER_PERSON, "other": True}, status=HTTPStatus.FORBIDDEN)
    try:
        answers = _take(checklist, by, batch.answers)
        notes = [_noted(checklist, by, each) for each in batch.notes]
    except (Refused, NotPermitted) as refused:
        why, status = _refused(refused)
        return JsonResponse({"refused": why}, status=status)
    told = {**_standing(request, case, checklist), "answers": answers, "notes": notes}
    return JsonResponse(told)


def _take(checklist: Checklist, by: User, answers: Sequence[Given | None]) -> list[dict[str, Any]]:
    read = [each for each in answers if each is not None]
    taken = iter(services.answer_items(checklist=checklist, by=by, answers=read) if read else [])
    return [_became(next(taken)) if each is not None else _UNREAD for each in answers]


_UNREAD: dict[str, Any] = {"kept": False, "errors": ["That cannot be read."], "asks_why": False}


def _became(taken: Taken) -> dict[str, Any]:
    errors = [text for texts in taken.errors.values() for text in texts]
    answer = taken.answer
    return {
        "kept": answer is not None,
        "holds": answer is not None and not answer.out_of_sight,
        "errors": errors,
        "asks_why": taken.asks_why,
    }


def _noted(checklist: Checklist, by: User, said: dict[str, Any] | None) -> dict[str, Any]:
    if said is None:
        return _UNREAD
    visit, inspection = None, checklist.inspection
    if asked := said["visit"]:
        visit = inspection.visits.filter(pk=key_of(asked)).first()
        if visit is None:
            return _UNREAD
    try:
        services.record_note(inspection=inspection, by=by, **{**said, "visit": visit})
    except IdentifiersFound as found:
        return {"kept": False, "errors": found.messages, "asks_why": True}
    except ValidationError as wrong:
        return {"kept": False, "errors": wrong.messages, "asks_why": False}
    return {"kept": True, "errors": [], "asks_why": False}


def _standing(request: HttpRequest, case: Case, checklist: Checklist) -> dict[str, Any]:
    by = signed_in(request)
    return {
        "person": by.pk,
        "token": get_token(request),
        "drawn": _milliseconds(),
        "time": f"{timezone.localtime(clock.now()):%H:%M}",
        "over": case.is_over,
        "refusal": not_for(by, case, CONDUCT) or not_answerable(case),
        "items": {row.item.key: _item(row) for row in rows_of(checklist, case.modality)},
    }


def _milliseconds() -> int:
    """When this was told: a script that opens an older page from the device knows that it is older."""
    return int(clock.now().timestamp() * 1000)


def _item(row: Row) -> dict[str, Any]:
    return {
        "holding": _told(row.holding) if row.holding else None,
        "unseen": [_told(each) for each in row.unseen],
    }


def _told(answer: ChecklistAnswer) -> dict[str, str]:
    return {
        "id": str(answer.client_id),
        "verdict": answer.verdict,
        "label": answer.get_verdict_display(),
        "note": answer.note,
        "by": str(answer.answered_by),
        "at": as_text(answer.answered_at),
    }
