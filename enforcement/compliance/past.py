"""What compliance tells of a notice's past: each set of evidence as it was submitted and decided on, each
appeal of which the employer told, each referral to prosecution. What stood in a set that was not submitted
yet is the employer's own, and is not told."""

from collections.abc import Callable, Collection
from typing import Any, Final

from enforcement.compliance.models import AppealClaim, EvidenceItem, EvidenceSet, Prosecution
from regulator.casework.evidence.past import (
    CHAPTERS,
    TEXTS,
    Chapter,
    Said,
    State,
    Told,
    day_of,
    iso,
    row_of,
)
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "notice"


def contribute() -> None:
    CHAPTERS.register("compliance", Chapter(take, start, present=present))
    WORDS.register(
        "appeals_told.decision", lambda value: str(AppealClaim.Decision(value).label) if value else ""
    )
    WORDS.register(
        "prosecutions.outcome", lambda value: str(Prosecution.Outcome(value).label) if value else ""
    )
    TEXTS.register("evidence_about", abouts)
    TEXTS.register("evidence_text", _of_items("text"))
    TEXTS.register("evidence_remark", _of_items("remark"))
    TEXTS.register("appeal_number", numbers)


def start(case: Case) -> State:
    if case.kind != KIND:
        return {}
    return {"evidence": [], "evidence_items": [], "appeals_told": [], "prosecutions": []}


def take(state: State, told: Told) -> None:
    if "evidence" in state and told.type in _PARTS:
        _PARTS[told.type](state, told)


def _submitted(state: State, told: Told) -> None:
    payload, key = told.payload, told.payload["evidence"]
    state["evidence"].append(
        {
            "number": payload["number"],
            "by": told.by,
            "on": told.day,
            "about": Said("evidence_about", key, payload["about_sha256"]),
            "returned_on": None,
            "returned_by": None,
            "return_reason": "",
            "accepted_on": None,
            "accepted_by": None,
        }
    )
    for each in payload["items"]:
        state["evidence_items"].append(
            {
                "evidence": payload["number"],
                "item": each["item"],
                "provision": each["provision"],
                "text": Said("evidence_text", each["item"], each["sha256"]),
                "files": [one["attachment"] for one in each["files"]],
                "remark": "",
            }
        )


def _returned(state: State, told: Told) -> None:
    state["evidence"][-1] |= {
        "returned_on": told.day,
        "returned_by": told.by,
        "return_reason": told.text,
    }
    for each in told.payload["remarks"]:
        found = row_of(state["evidence_items"], "item", each["item"])
        found["remark"] = Said("evidence_remark", each["item"], each["sha256"])


def _accepted(state: State, told: Told) -> None:
    state["evidence"][-1] |= {"accepted_on": told.day, "accepted_by": told.by}


def _claimed(state: State, told: Told) -> None:
    payload = told.payload
    state["appeals_told"].append(
        {
            "lodged_on": payload["lodged_on"],
            "late_with_leave": payload["late"],
            "case_number": Said("appeal_number", payload["claim"], payload["case_number_sha256"]),
            "office_copy": payload["attachment"],
            "told_by": told.by,
            "told_on": told.day,
            "decision": "",
            "decided_on": None,
            "decided_by": None,
            "reason": "",
        }
    )


def _confirmed(state: State, told: Told) -> None:
    decided = {"decision": "confirmed", "decided_on": told.day, "decided_by": told.by}
    state["appeals_told"][-1] |= decided


def _declined(state: State, told: Told) -> None:
    decided = {"decision": "declined", "decided_on": told.day, "decided_by": told.by}
    state["appeals_told"][-1] |= {**decided, "reason": told.text}


def _referred(state: State, told: Told) -> None:
    state["prosecutions"].append(
        {
            "referral": told.payload["referral"],
            "referred_by": told.by,
            "referred_on": told.day,
            "reason": told.text,
            "outcome": "",
            "decided_on": None,
            "decided_by": None,
            "why": "",
        }
    )


def _decided(state: State, told: Told) -> None:
    payload = told.payload
    decided = {"outcome": payload["outcome"], "decided_on": payload["on"], "decided_by": told.by}
    state["prosecutions"][-1] |= {**decided, "why": told.text}


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "compliance.evidence_submitted": _submitted,
    "compliance.evidence_returned": _returned,
    "compliance.evidence_accepted": _accepted,
    "compliance.appeal_told": _claimed,
    "compliance.appeal_confirmed": _confirmed,
    "compliance.appeal_declined": _declined,
    "compliance.referred_to_prosecution": _referred,
    "compliance.prosecution_decided": _decided,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    sent = list(EvidenceSet.objects.sent().filter(notice=case.pk).order_by("number"))
    items = EvidenceItem.objects.filter(evidence__in=sent).select_related("evidence", "provision")
    shown = items.prefetch_related("files").order_by("evidence__number", "provision__position", "pk")
    claims = AppealClaim.objects.filter(notice=case.pk).order_by("pk")
    referred = Prosecution.objects.filter(notice=case.pk).select_related("referral").order_by("pk")
    return {
        "evidence": [_set(each) for each in sent],
        "evidence_items": [
            {
                "evidence": each.evidence.number,
                "item": each.pk,
                "provision": str(each.provision) if each.provision else None,
                "text": each.text,
                "files": [one.attachment_id for one in each.files.all()],
                "remark": each.remark,
            }
            for each in shown
        ],
        "appeals_told": [_claim(each) for each in claims],
        "prosecutions": [_prosecution(each) for each in referred],
    }


def _set(each: EvidenceSet) -> dict[str, Any]:
    return {
        "number": each.number,
        "by": each.submitted_by_id,
        "on": day_of(each.submitted_at) if each.submitted_at else None,
        "about": each.about,
        "returned_on": day_of(each.returned_at) if each.returned_at else None,
        "returned_by": each.returned_by_id,
        "return_reason": each.return_reason,
        "accepted_on": day_of(each.accepted_at) if each.accepted_at else None,
        "accepted_by": each.accepted_by_id,
    }


def _claim(each: AppealClaim) -> dict[str, Any]:
    return {
        "lodged_on": iso(each.lodged_on),
        "late_with_leave": each.late_with_leave,
        "case_number": each.case_number,
        "office_copy": each.office_copy_id,
        "told_by": each.told_by_id,
        "told_on": day_of(each.told_at),
        "decision": each.decision,
        "decided_on": day_of(each.decided_at) if each.decided_at else None,
        "decided_by": each.decided_by_id,
        "reason": each.reason,
    }


def _prosecution(each: Prosecution) -> dict[str, Any]:
    return {
        "referral": each.referral.event_id if each.referral else None,
        "referred_by": each.referred_by_id,
        "referred_on": day_of(each.referred_at),
        "reason": each.reason,
        "outcome": each.outcome,
        "decided_on": iso(each.decided_on),
        "decided_by": each.decided_by_id,
        "why": each.why,
    }


def abouts(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    """What sets said as a whole."""
    return dict(EvidenceSet.objects.filter(notice=case.pk, pk__in=keys).values_list("pk", "about"))


def numbers(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    """The tribunal's numbers of which the employer told."""
    return dict(AppealClaim.objects.filter(notice=case.pk, pk__in=keys).values_list("pk", "case_number"))


def _of_items(column: str) -> Callable[[Case, Collection[Any]], dict[Any, str]]:
    """One text of the items of a notice's sets."""

    def read(case: Case, keys: Collection[Any]) -> dict[Any, str]:
        found = EvidenceItem.objects.filter(evidence__notice=case.pk, pk__in=keys)
        return dict(found.values_list("pk", column))

    return read
