"""What casework itself tells of a case's past: where it stood and with whom, to whom it was restricted, its
files, notes and questions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from regulator.casework.evidence.past import (
    CHAPTERS,
    NOT_RECORDED,
    TEXTS,
    Chapter,
    Said,
    State,
    Told,
    day_of,
    gap,
    row_of,
)
from regulator.casework.models import Access, Attachment, Case, CaseLink, InformationRequest, Note


def contribute() -> None:
    """Register the chapters, and the texts that they name."""
    CHAPTERS.register("case", Chapter(take_case, start_case, finish_case, present_case))
    CHAPTERS.register("restriction", Chapter(take_restriction, start_open, finish_open, present_open))
    CHAPTERS.register("links", Chapter(take_link, start_links, present=present_links))
    CHAPTERS.register("papers", Chapter(take_papers, start_papers, present=present_papers))
    TEXTS.register("file_name", file_names)
    TEXTS.register("note", notes)
    TEXTS.register("question", questions)
    TEXTS.register("answer", answers)


def start_case(case: Case) -> State:
    """A case just begun. What no service ever changes is read from its row."""
    return {
        "case": {
            "kind": case.kind,
            "reference": None,
            "employer": case.employer_id,
            "origin": case.origin,
            "status": case.spec.lifecycle.initial,
            "assignee": None,
            "risk": Case.Risk.NOT_ASSESSED.value,
            "begun_on": day_of(case.created_at),
            "opened_on": None,
            "closed_on": None,
        }
    }


def take_case(state: State, told: Told) -> None:
    """Moves of every kind of case say from where and where to; assigning says to whom."""
    part, before, after = state["case"], told.payload.get("from"), told.payload.get("to")
    if told.type == "casework.assigned":
        part["assignee"] = after
    elif isinstance(before, str) and isinstance(after, str) and before == part["status"]:
        part["status"], part["closed_on"] = after, told.day


def finish_case(state: State, case: Case, moment: datetime) -> None:
    """A reference is given once, and never taken back or changed; a state says whether the case is over."""
    part, lifecycle = state["case"], case.spec.lifecycle
    if case.opened_at is not None and case.opened_at <= moment:
        part["reference"], part["opened_on"] = case.reference, day_of(case.opened_at)
    if part["status"] not in lifecycle.states or not lifecycle.is_over(part["status"]):
        part["closed_on"] = None


def present_case(case: Case) -> State:
    part = start_case(case)["case"]
    part |= {"reference": case.reference, "status": case.status, "assignee": case.assignee_id}
    part["risk"] = case.risk
    part["opened_on"] = day_of(case.opened_at) if case.opened_at else None
    part["closed_on"] = day_of(case.closed_at) if case.closed_at else None
    return {"case": part}


def start_open(case: Case) -> State:
    return {"restriction": None}


def take_restriction(state: State, told: Told) -> None:
    """Who could open the case: by name, or for hours by breaking the glass."""
    payload, part = told.payload, state["restriction"]
    if told.type == "casework.restricted":
        state["restriction"] = {
            "by": told.by,
            "on": told.day,
            "reason": told.text,
            "named": sorted(payload["people"]),
            "glass": [dict(each) for each in payload.get("glass", [])],
        }
    elif told.type == "casework.restriction_lifted":
        state["restriction"] = None
    elif part is not None and told.type == "casework.glass_broken":
        part["glass"].append({"person": told.by, "until": payload["until"]})
    elif part is not None and told.type == "casework.people_named":
        part["named"] = sorted({*part["named"], *payload["added"]} - set(payload["removed"]))
        _mend(part, payload)


def _mend(part: dict[str, Any], payload: Mapping[str, Any]) -> None:
    """Take away the broken panes that were ended. Older events gave their keys alone, which no event of the
    chain says whose they were."""
    mended = payload.get("mended")
    if mended is None and payload["cut"]:
        for each in part["glass"]:
            each["mended"] = gap(NOT_RECORDED)
        return
    for each in mended or []:
        if each in part["glass"]:
            part["glass"].remove(each)


def finish_open(state: State, case: Case, moment: datetime) -> None:
    """A pane that was broken mends of itself."""
    part = state["restriction"]
    if part is not None:
        standing = [each for each in part["glass"] if datetime.fromisoformat(each["until"]) > moment]
        part["glass"] = sorted(standing, key=lambda each: (each["person"], each["until"]))


def present_open(case: Case) -> State:
    stands = case.restrictions.select_related("event__typed").filter(lifted_at=None).first()
    if stands is None:
        return {"restriction": None}
    typed = getattr(stands.event, "typed", None)
    standing = list(Access.objects.standing().filter(case=case))
    glass = [{"person": each.person_id, "until": each.until.isoformat()} for each in standing if each.until]
    return {
        "restriction": {
            "by": stands.restricted_by_id,
            "on": day_of(stands.restricted_at),
            "reason": typed.text if typed else "",
            "named": sorted(each.person_id for each in standing if each.until is None),
            "glass": sorted(glass, key=lambda each: (each["person"], each["until"])),
        }
    }


def start_links(case: Case) -> State:
    return {"links": []}


def take_link(state: State, told: Told) -> None:
    """With which other cases it was linked; the reason stands on the case from which that was done."""
    if told.type == "casework.linked":
        state["links"].append(
            {"with_case": told.payload["with"], "by": told.by, "on": told.day, "reason": told.text}
        )
    elif told.type == "casework.unlinked":
        state["links"] = [each for each in state["links"] if each["with_case"] != told.payload["with"]]


def present_links(case: Case) -> State:
    links = CaseLink.objects.standing().of(case.pk).select_related("event__typed").order_by("pk")
    return {"links": [_link(each, case) for each in links]}


def _link(link: CaseLink, case: Case) -> dict[str, Any]:
    typed = getattr(link.event, "typed", None) if link.event.case_id == case.pk else None
    return {
        "with_case": link.second_id if link.first_id == case.pk else link.first_id,
        "by": link.made_by_id,
        "on": day_of(link.made_at),
        "reason": typed.text if typed else "",
    }


def start_papers(case: Case) -> State:
    return {"files": [], "notes": [], "questions": []}


def take_papers(state: State, told: Told) -> None:
    payload, files = told.payload, state["files"]
    if told.type == "casework.file_attached":
        files.append(_attached(told))
    elif told.type == "casework.file_scanned":
        found = row_of(files, "file", payload["attachment"])
        found |= {"check": payload["result"], "checked_by": told.get("checked_by")}
    elif told.type == "casework.file_removed":
        state["files"] = [each for each in files if each["file"] != payload["attachment"]]
    elif told.type == "casework.note_added":
        text = Said("note", payload["note"], payload["sha256"])
        state["notes"].append({"note": payload["note"], "by": told.by, "on": told.day, "text": text})
    elif told.type == "casework.information_requested":
        state["questions"].append(_asked(told))
    elif told.type == "casework.information_answered":
        found = row_of(state["questions"], "question", payload["request"])
        text = Said("answer", payload["request"], payload["sha256"])
        found |= {"answered_by": told.by, "answered_on": told.day, "answer": text}


def _attached(told: Told) -> dict[str, Any]:
    key = told.payload["attachment"]
    return {
        "file": key,
        "name": Said("file_name", key, told.payload.get("name_sha256")),
        "size": told.payload["size"],
        "sha256": told.payload["sha256"],
        "by": told.by,
        "on": told.day,
        "check": Attachment.Scan.PENDING.value,
        "checked_by": "",
    }


def _asked(told: Told) -> dict[str, Any]:
    key = told.payload["request"]
    return {
        "question": key,
        "by": told.by,
        "on": told.day,
        "due_on": told.payload["due_on"],
        "text": Said("question", key, told.payload["sha256"]),
        "answered_by": None,
        "answered_on": None,
        "answer": "",
    }


def present_papers(case: Case) -> State:
    return {
        "files": [
            {
                "file": each.pk,
                "name": each.name,
                "size": each.size,
                "sha256": each.sha256,
                "by": each.uploaded_by_id,
                "on": day_of(each.uploaded_at),
                "check": each.scan,
                "checked_by": each.checked_by,
            }
            for each in case.attachments.order_by("pk")
        ],
        "notes": [
            {"note": each.pk, "by": each.author_id, "on": day_of(each.written_at), "text": each.text}
            for each in case.notes.order_by("pk")
        ],
        "questions": [
            {
                "question": each.pk,
                "by": each.asked_by_id,
                "on": day_of(each.asked_at),
                "due_on": each.due_on.isoformat(),
                "text": each.question,
                "answered_by": each.answered_by_id,
                "answered_on": day_of(each.answered_at) if each.answered_at else None,
                "answer": each.answer,
            }
            for each in case.information_requests.order_by("pk")
        ],
    }


def file_names(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(Attachment.objects.filter(case=case, pk__in=keys).values_list("pk", "name"))


def notes(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(Note.objects.filter(case=case, pk__in=keys).values_list("pk", "text"))


def questions(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(InformationRequest.objects.filter(case=case, pk__in=keys).values_list("pk", "question"))


def answers(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    return dict(InformationRequest.objects.filter(case=case, pk__in=keys).values_list("pk", "answer"))
