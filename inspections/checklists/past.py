"""What checklists tell of a case's past: which were opened, every answer, every note, and what became a
finding."""

from collections.abc import Callable, Collection
from typing import Any, Final

from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote, ItemFinding, Verdict
from inspections.checklists.ready import current, ready
from inspections.past import KIND
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, row_of
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case


def contribute() -> None:
    CHAPTERS.register("checklists", Chapter(take, start, present=present))
    TEXTS.register("checklist_answer", answer_notes)
    TEXTS.register("inspection_note", note_texts)
    WORDS.register("checklist_answers.verdict", lambda value: str(Verdict(value).label))
    WORDS.register("checklists.list", lambda value: current(value).title)
    WORDS.register("checklist_answers.item", _item_in_words)
    WORDS.register("inspection_notes.kind", lambda value: str(InspectionNote.Kind(value).label))
    WORDS.register(
        "inspection_notes.role", lambda value: str(InspectionNote.Spoken(value).label) if value else ""
    )


def _named(key: str, version: int, item: str) -> str:
    """An item of a version of a list, so that it can be put into words."""
    return f"{key}/{version}/{item}"


def _item_in_words(named: str) -> str:
    key, version, item = named.split("/")
    listed = ready(key, int(version))
    found = listed.item(item)
    return f"{listed.title}: {found.look if found else item}"


def start(case: Case) -> State:
    if case.kind != KIND:
        return {}
    return {"checklists": [], "checklist_answers": [], "inspection_notes": []}


def take(state: State, told: Told) -> None:
    if "checklists" in state:
        _PARTS.get(told.type, _nothing)(state, told)


def _nothing(state: State, told: Told) -> None:
    """Another app's event."""


def _opened(state: State, told: Told) -> None:
    payload = told.payload
    state["checklists"].append(
        {
            "entry": payload["checklist"],
            "list": payload["key"],
            "version": payload["version"],
            "sha256": payload["sha256"],
            "visit": payload["visit"],
            "by": told.by,
            "on": told.day,
        }
    )


def _answered(state: State, told: Told) -> None:
    opened = row_of(state["checklists"], "entry", told.payload["checklist"])
    for each in told.payload["answers"]:
        said = each["sha256"]
        state["checklist_answers"].append(
            {
                "entry": each["answer"],
                "item": _named(opened.get("list", ""), opened.get("version", 0), each["item"]),
                "verdict": each["verdict"],
                "words": Said("checklist_answer", each["answer"], said) if said else "",
                "out_of_sight": each["out_of_sight"],
                "by": told.by,
                "on": told.day,
                "findings": [],
            }
        )


def _linked(state: State, told: Told) -> None:
    found = row_of(state["checklist_answers"], "entry", told.payload["answer"])
    found.setdefault("findings", []).append(told.payload["finding"])


def _noted(state: State, told: Told) -> None:
    payload = told.payload
    state["inspection_notes"].append(
        {
            "entry": payload["note"],
            "kind": payload["kind"],
            "role": payload["role"],
            "visit": payload["visit"],
            "text": Said("inspection_note", payload["note"], payload["sha256"]),
            "by": told.by,
            "on": told.day,
            "corrected": False,
        }
    )
    if payload["replaces"] is not None:
        row_of(state["inspection_notes"], "entry", payload["replaces"])["corrected"] = True


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "checklists.opened": _opened,
    "checklists.answered": _answered,
    "checklists.finding_linked": _linked,
    "checklists.noted": _noted,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    links: dict[int, list[int]] = {}
    for link in ItemFinding.objects.filter(answer__checklist__inspection=case.pk).order_by("pk"):
        links.setdefault(link.answer_id, []).append(link.finding_id)
    answers = ChecklistAnswer.objects.filter(checklist__inspection=case.pk).select_related("checklist")
    notes = InspectionNote.objects.filter(inspection=case.pk).select_related("replaced_by")
    return {
        "checklists": [_list(each) for each in Checklist.objects.filter(inspection=case.pk).order_by("pk")],
        "checklist_answers": [_answer(each, links.get(each.pk, [])) for each in answers.order_by("pk")],
        "inspection_notes": [_note(each) for each in notes.order_by("pk")],
    }


def _list(each: Checklist) -> dict[str, Any]:
    return {
        "entry": each.pk,
        "list": each.key,
        "version": each.version,
        "sha256": each.sha256,
        "visit": each.visit_id,
        "by": each.opened_by_id,
        "on": day_of(each.opened_at),
    }


def _answer(each: ChecklistAnswer, findings: list[int]) -> dict[str, Any]:
    return {
        "entry": each.pk,
        "item": _named(each.checklist.key, each.checklist.version, each.item),
        "verdict": each.verdict,
        "words": each.note,
        "out_of_sight": each.out_of_sight,
        "by": each.answered_by_id,
        "on": day_of(each.answered_at),
        "findings": findings,
    }


def _note(each: InspectionNote) -> dict[str, Any]:
    return {
        "entry": each.pk,
        "kind": each.kind,
        "role": each.role,
        "visit": each.visit_id,
        "text": each.text,
        "by": each.written_by_id,
        "on": day_of(each.written_at),
        "corrected": hasattr(each, "replaced_by"),
    }


def answer_notes(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = ChecklistAnswer.objects.filter(checklist__inspection=case.pk, pk__in=keys)
    return dict(rows.values_list("pk", "note"))


def note_texts(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    rows = InspectionNote.objects.filter(inspection=case.pk, pk__in=keys)
    return dict(rows.values_list("pk", "text"))
