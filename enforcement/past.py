"""What enforcement tells of a case's past: what a notice said in each of its versions, its service, its
appeals, and since when and until when the public could read of it."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from enforcement.models import Appeal, Notice
from enforcement.services.drafting import texts_of
from regulator.casework.evidence.chapters import present_case
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
    iso,
    why_missing,
)
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "notice"
_TEXTS: Final = ("opinion", "reasons", "required_action", "directions")
_UNSERVED: Final = {
    "served_on": None,
    "served_at": None,
    "served_by": None,
    "method": "",
    "address": "",
    "office": "",
    "proof": "",
    "compliance_on": None,
}
_LATER: Final = {
    "reviewed_by": None,
    "reviewed_on": None,
    "reviewed_sha256": "",
    "approved_by": None,
    "approved_on": None,
    **_UNSERVED,
    "complied_on": None,
    "how_complied": "",
    "withdrawn_on": None,
    "published_on": None,
}


def contribute() -> None:
    CHAPTERS.register("enforcement", Chapter(take, start, finish, present))
    WORDS.register("notice.type", lambda value: str(Notice.Type(value).label))
    WORDS.register("notice.method", lambda value: str(Notice.ServiceMethod(value).label) if value else "")
    WORDS.register("notice.how_complied", lambda value: str(Notice.HowComplied(value).label) if value else "")
    WORDS.register("appeals.outcome", lambda value: str(Appeal.Outcome(value).label) if value else "")
    TEXTS.register("service", services_of)


def start(case: Case) -> State:
    return {"notice": {"texts": gap(NOT_RECORDED), **_LATER}, "appeals": []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if "notice" not in state:
        return
    if told.type == "deadlines.opened" and told.payload["kind"] == "comply":
        state["notice"]["compliance_on"] = told.payload["due_on"]
        return
    deed = _DEEDS.get(told.type)
    if deed is not None:
        deed(state, told)


def _drafted(state: State, told: Told) -> None:
    part, payload = state["notice"], told.payload
    part |= {"type": payload["type"], "drafted_by": told.by}
    part |= {"inspection": payload["inspection"], "findings": told.get("findings")}
    label = Notice.Type(payload["type"]).label
    state["case"] |= {"site": told.get("site"), "modality": told.get("modality"), "summary": label}
    _edited(state, told)


def _edited(state: State, told: Told) -> None:
    part, payload = state["notice"], told.payload
    part |= {"breach_on": payload["breach_on"], "provisions": sorted(payload["provisions"])}
    part |= {"power": told.get("power"), "compliance_days": told.get("compliance_days")}
    _say(part, told)


def _say(part: dict[str, Any], told: Told) -> None:
    sha256 = told.payload.get("texts_sha256")
    part["texts"] = Said("kept", sha256, sha256)


def _settled(state: State, told: Told) -> None:
    state["notice"]["findings"] = told.payload["findings"]


def _approved(state: State, told: Told) -> None:
    state["notice"] |= {"approved_by": told.by, "approved_on": told.day}


def _reviewed(state: State, told: Told) -> None:
    by = {"reviewed_by": told.by, "reviewed_on": told.day}
    state["notice"] |= by | {"reviewed_sha256": told.payload["sha256"]}


def _returned(state: State, told: Told) -> None:
    state["notice"] |= {"approved_by": None, "approved_on": None}
    state["notice"] |= {"reviewed_by": None, "reviewed_on": None, "reviewed_sha256": ""}


def _served(state: State, told: Told) -> None:
    payload = told.payload
    state["notice"] |= {
        "served_on": payload["served_on"],
        "served_at": told.get("served_at"),
        "served_by": payload.get("served_by", told.by),
        "method": told.get("method"),
        "compliance_on": told.get("compliance_on"),
        **{name: _said_of_service(name, payload) for name in ("address", "office", "proof")},
    }


def _said_of_service(name: str, payload: Mapping[str, Any]) -> Said:
    """What was written of a service: beside its attempt, or with the notice where it is older than those."""
    sha256 = payload.get(f"{name}_sha256")
    attempt = payload.get("attempt")
    return Said("service", name, sha256) if attempt is None else Said(f"attempt_{name}", attempt, sha256)


def _unserved(state: State, told: Told) -> None:
    state["notice"] |= _UNSERVED


def _lodged(state: State, told: Told) -> None:
    state["appeals"].append(
        {
            "lodged_on": told.payload["lodged_on"],
            "late_with_leave": told.payload["late"],
            "case_number": _kept(told.payload.get("case_number_sha256")),
            "suspended_from": None,
            "suspended_until": None,
            "disposed_on": None,
            "outcome": "",
            "changes": "",
        }
    )


def _kept(sha256: str | None) -> Said | str:
    """A text that is kept beside the chain; nothing where events of that time named none."""
    return Said("kept", sha256, sha256) if sha256 is not None else ""


def _suspended(state: State, told: Told) -> None:
    for each in state["appeals"][-1:]:
        each |= {"suspended_from": told.payload["from"], "suspended_until": told.payload["until"]}


def _disposed(state: State, told: Told) -> None:
    payload = told.payload
    sha256 = payload.get("changes_sha256")
    for each in state["appeals"][-1:]:
        each |= {"disposed_on": payload["disposed_on"], "outcome": payload["outcome"]}
        each["changes"] = Said("kept", sha256, sha256)
    cancelled = payload["outcome"] == Appeal.Outcome.CANCELLED
    day = None if cancelled else payload.get("compliance_on") or payload.get("moved_to")
    if day is not None and state["notice"]["compliance_on"] is not None:
        state["notice"]["compliance_on"] = day


def _modified(state: State, told: Told) -> None:
    state["notice"]["provisions"] = sorted(told.payload["provisions"])
    _say(state["notice"], told)


def _extended(state: State, told: Told) -> None:
    state["notice"]["compliance_on"] = told.payload["to"]


def _complied(state: State, told: Told) -> None:
    state["notice"] |= {"complied_on": told.payload["complied_on"], "how_complied": told.payload["how"]}


def _withdrawn(state: State, told: Told) -> None:
    state["notice"]["withdrawn_on"] = told.day
    for each in state["appeals"]:
        if each["disposed_on"] is None:
            each |= {"disposed_on": told.day, "outcome": Appeal.Outcome.LAPSED.value}


def _published(state: State, told: Told) -> None:
    state["notice"]["published_on"] = told.day


def _removed(state: State, told: Told) -> None:
    state["notice"]["published_on"] = None


_DEEDS: Final = {
    "enforcement.drafted": _drafted,
    "enforcement.edited": _edited,
    "enforcement.findings_settled": _settled,
    "enforcement.reviewed": _reviewed,
    "enforcement.approved": _approved,
    "enforcement.returned": _returned,
    "enforcement.served": _served,
    "enforcement.service_failed": _unserved,
    "enforcement.appeal_lodged": _lodged,
    "enforcement.suspended": _suspended,
    "enforcement.appeal_disposed": _disposed,
    "enforcement.cancelled": _disposed,
    "enforcement.modified": _modified,
    "enforcement.extended": _extended,
    "enforcement.complied": _complied,
    "enforcement.withdrawn": _withdrawn,
    "enforcement.published": _published,
    "enforcement.entry_removed": _removed,
}


def finish(state: State, case: Case, moment: datetime) -> None:
    """What the notice said, field by field."""
    if "notice" in state:
        part = state["notice"]
        said = part.pop("texts")
        known = {"directions": ""}  # what was said before there were any does not name them
        part |= dict.fromkeys(_TEXTS, said) if why_missing(said) else known | json.loads(said)


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}

    notice = Notice.objects.select_related("legal_power").get(pk=case.pk)
    named = {"site": case.site_id, "modality": case.modality, "summary": case.summary}
    return {
        "case": present_case(case)["case"] | named,
        "notice": {
            "type": notice.type,
            "inspection": notice.inspection_id,
            "findings": sorted(notice.findings.values_list("pk", flat=True)),
            "breach_on": iso(notice.breach_on),
            "provisions": sorted(str(each) for each in notice.breaches.select_related("provision")),
            "power": str(notice.legal_power),
            "compliance_days": notice.compliance_days,
            **texts_of(notice),
            "drafted_by": notice.drafted_by_id,
            "reviewed_by": notice.reviewed_by_id,
            "reviewed_on": day_of(notice.reviewed_at) if notice.reviewed_at else None,
            "reviewed_sha256": notice.reviewed_sha256,
            "approved_by": notice.approved_by_id,
            "approved_on": day_of(notice.approved_at) if notice.approved_at else None,
            "served_on": iso(notice.served_on),
            "served_at": notice.served_at.isoformat() if notice.served_at else None,
            "served_by": notice.served_by_id,
            "method": notice.method,
            "address": notice.served_to_address,
            "office": notice.served_to_office,
            "proof": notice.proof,
            "compliance_on": iso(notice.compliance_on),
            "complied_on": iso(notice.complied_on),
            "how_complied": notice.how_complied,
            "withdrawn_on": iso(notice.withdrawn_on),
            "published_on": iso(notice.published_on),
        },
        "appeals": [
            {
                "lodged_on": iso(each.lodged_on),
                "late_with_leave": each.late_with_leave,
                "case_number": each.case_number,
                "suspended_from": iso(each.suspended_from),
                "suspended_until": iso(each.suspended_until),
                "disposed_on": iso(each.disposed_on),
                "outcome": each.outcome,
                "changes": each.changes,
            }
            for each in notice.appeals.order_by("pk")
        ],
    }


def services_of(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    """Where the notice was served, and the proof of it, of a service before attempts were told apart."""
    found = Notice.objects.get(pk=case.pk)
    return {"address": found.served_to_address, "proof": found.proof}
