"""What the gate tells of a notice's past: what was proposed for its entry, who let it out or gave it back,
and the claim that it tells a trade secret."""

from collections.abc import Callable, Collection
from typing import Any, Final

from enforcement.gate.models import Claim, Proposal
from regulator.casework.chain import text_digest
from regulator.casework.evidence.kept import kept_texts
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
    CHAPTERS.register("gate", Chapter(take, start, present=present))
    WORDS.register("proposals.kind", lambda value: str(Proposal.Kind(value).label))
    WORDS.register("proposals.cause", lambda value: str(Proposal.Cause(value).label))
    WORDS.register("claim.outcome", lambda value: str(Claim.Outcome(value).label) if value else "")
    TEXTS.register("safe_entry", _safe_entries)


def start(case: Case) -> State:
    return {"proposals": [], "claim": []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if told.type in _DEEDS and "proposals" in state:
        _DEEDS[told.type](state, told)


def _proposed(state: State, told: Told) -> None:
    payload = told.payload
    former = row_of(state["proposals"], "number", payload["replaces"])
    former |= {"ended_on": told.day, "approved_by": None, "approved_on": None}
    made = {"number": payload["proposal"], "kind": payload["kind"], "cause": payload["cause"]}
    made |= {"sha256": payload["sha256"], "document_sha256": payload["document_sha256"]}
    made |= {"proposed_on": told.day, "why": told.text}
    made |= {"proposed_by": payload["proposed_by"], "edited_by": payload["edited_by"]}
    digest = payload["embargo_why_sha256"]
    made |= {"embargo_until": payload["embargo_until"], "embargo_why": Said("kept", digest, digest)}
    made |= {"approved_by": None, "approved_on": None, "released_on": None, "version": None}
    made |= {"returned_by": None, "returned_on": None, "returned_why": "", "ended_on": None}
    state["proposals"].append(made)


def _approved(state: State, told: Told) -> None:
    row = row_of(state["proposals"], "number", told.payload["proposal"])
    row |= {"approved_by": told.by, "approved_on": told.day}


def _returned(state: State, told: Told) -> None:
    row = row_of(state["proposals"], "number", told.payload["proposal"])
    row |= {"approved_by": None, "approved_on": None}
    row |= {"returned_by": told.by, "returned_on": told.day, "returned_why": told.text}


def _lapsed(state: State, told: Told) -> None:
    row = row_of(state["proposals"], "number", told.payload["proposal"])
    row |= {"ended_on": told.day, "approved_by": None, "approved_on": None}


def _released(state: State, told: Told) -> None:
    number = told.payload.get("proposal")
    row_of(state["proposals"], "number", number).update(released_on=told.day, version=told.payload["version"])


def _claimed(state: State, told: Told) -> None:
    made = {"claimed_on": told.payload["claimed_on"], "text": told.text, "file": told.payload["file"]}
    made |= {"recorded_by": told.by, "recorded_on": told.day, "safe_description": ""}
    made |= {"entry_served_on": None, "entry_served_by": None, "appealed_on": None}
    made |= {"decided_on": None, "decided_by": None, "outcome": "", "reopened_on": None}
    state["claim"].append(made)


def _entry_served(state: State, told: Told) -> None:
    payload = told.payload
    for each in state["claim"]:
        each |= {"entry_served_on": payload["served_on"], "entry_served_by": told.by}
        digest = payload["description_sha256"]
        each["safe_description"] = Said("safe_entry", digest, digest)


def _appealed(state: State, told: Told) -> None:
    for each in state["claim"]:
        each["appealed_on"] = told.payload["appealed_on"]


def _decided(state: State, told: Told) -> None:
    for each in state["claim"]:
        each |= {"decided_on": told.payload["decided_on"], "decided_by": told.by}
        each["outcome"] = told.payload["outcome"]


def _reopened(state: State, told: Told) -> None:
    for each in state["claim"]:
        each |= {"safe_description": "", "entry_served_on": None, "entry_served_by": None}
        each |= {"appealed_on": None, "decided_on": None, "decided_by": None, "outcome": ""}
        each["reopened_on"] = told.day


_DEEDS: Final[dict[str, Callable[[State, Told], None]]] = {
    "gate.proposed": _proposed,
    "gate.approved": _approved,
    "gate.returned": _returned,
    "gate.lapsed": _lapsed,
    "enforcement.published": _released,
    "enforcement.entry_updated": _released,
    "gate.claimed": _claimed,
    "gate.safe_entry_served": _entry_served,
    "gate.secretary_appealed": _appealed,
    "gate.claim_decided": _decided,
    "gate.claim_reopened": _reopened,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    proposals = Proposal.objects.filter(notice=case.pk).order_by("number")
    claims = Claim.objects.filter(notice=case.pk)
    return {
        "proposals": [_proposal(each) for each in proposals],
        "claim": [_claim(each) for each in claims],
    }


def _proposal(each: Proposal) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind,
        "cause": each.cause,
        "sha256": each.sha256,
        "document_sha256": each.document_sha256,
        "proposed_on": _day(each.proposed_at),
        "why": each.why,
        "proposed_by": each.proposed_by_id,
        "edited_by": each.edited_by_id,
        "embargo_until": each.embargo_until.isoformat() if each.embargo_until else None,
        "embargo_why": each.embargo_why,
        "approved_by": each.approved_by_id,
        "approved_on": _day(each.approved_at),
        "released_on": _day(each.released_at),
        "version": each.version,
        "returned_by": each.returned_by_id,
        "returned_on": _day(each.returned_at),
        "returned_why": each.returned_why,
        "ended_on": _day(each.ended_at),
    }


def _claim(each: Claim) -> dict[str, Any]:
    return {
        "claimed_on": iso(each.claimed_on),
        "text": each.text,
        "file": each.file_id,
        "recorded_by": each.recorded_by_id,
        "recorded_on": _day(each.recorded_at),
        "safe_description": each.safe_description,
        "entry_served_on": iso(each.entry_served_on),
        "entry_served_by": each.entry_served_by_id,
        "appealed_on": iso(each.appealed_on),
        "decided_on": iso(each.decided_on),
        "decided_by": each.decided_by_id,
        "outcome": each.outcome,
        "reopened_on": iso(each.reopened_on),
    }


def _day(moment: Any) -> str | None:
    return day_of(moment) if moment else None


def _safe_entries(case: Case, keys: Collection[Any]) -> dict[Any, str]:
    """The entries that CQC drafted after a claim, by digest. What was served last stands on the claim; what
    was before the claim was opened again is kept with the case (one query more)."""
    found = "".join(Claim.objects.filter(notice=case.pk).values_list("safe_description", flat=True))
    former = [key for key in keys if key != text_digest(found)]
    return dict.fromkeys(keys, found) | (kept_texts(case, former) if former else {})
