"""What the papers of a notice tell of its past: who reviewed it and with which points, each attempt to serve
it with its proofs, and the digests of the documents that went with it."""

from collections.abc import Callable, Collection
from typing import Any, Final

from django.utils import timezone

from enforcement.models import Notice
from enforcement.papers.models import LegalReview, Paper, ServiceAttempt, ServiceProof
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, iso, row_of
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "notice"
_SAID: Final = ("address", "office", "proof")


def contribute() -> None:
    CHAPTERS.register("notice_papers", Chapter(take, start, present=present))
    WORDS.register("reviews.outcome", lambda value: str(LegalReview.Outcome(value).label))
    WORDS.register("services.method", lambda value: str(Notice.ServiceMethod(value).label))
    for name in _SAID:
        TEXTS.register(f"attempt_{name}", _loader(name))


def _loader(name: str) -> Callable[[Case, Collection[Any]], dict[Any, str]]:
    def load(case: Case, keys: Collection[Any]) -> dict[Any, str]:
        attempts = ServiceAttempt.objects.filter(notice=case.pk, number__in=keys)
        return dict(attempts.values_list("number", name))

    return load


def start(case: Case) -> State:
    return {"reviews": [], "services": []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if told.type in _DEEDS and "services" in state:
        _DEEDS[told.type](state, told)


def _reviewed(state: State, told: Told) -> None:
    payload = told.payload
    points = told.type == "enforcement.review_failed"
    made = {"number": payload["review"], "outcome": "points" if points else "content"}
    made |= {"sha256": payload["sha256"], "reviewed_by": told.by, "reviewed_on": told.day}
    state["reviews"].append(made | {"points": told.text if points else ""})


def _served(state: State, told: Told) -> None:
    if "attempt" not in told.payload:  # before services were told apart
        return
    papers = {f"{kind}_sha256": each["pdf"] for kind, each in told.payload["papers"].items()}
    state["services"].append(_tried(told) | papers)


def _tried(told: Told) -> dict[str, Any]:
    payload, number = told.payload, told.payload["attempt"]
    made = {"number": number, "served_on": payload["served_on"], "served_at": payload["served_at"]}
    made |= {"method": payload["method"], "served_by": payload["served_by"], "recorded_by": told.by}
    for name in _SAID:
        sha256 = payload.get(f"{name}_sha256")
        made[name] = Said(f"attempt_{name}", number, sha256) if sha256 else ""
    return made | {"proofs": [], "failed_on": None, "failed_by": None, "failed_why": ""}


def _failed_at_once(state: State, told: Told) -> None:
    state["services"].append(_tried(told))
    _failed(state, told)


def _proved(state: State, told: Told) -> None:
    row = row_of(state["services"], "number", told.payload["attempt"])
    row["proofs"] = [*row.get("proofs", ()), told.payload["attachment"]]


def _failed(state: State, told: Told) -> None:
    row = row_of(state["services"], "number", told.payload["attempt"])
    row |= {"failed_on": told.payload["failed_on"], "failed_by": told.by, "failed_why": told.text}


_DEEDS: Final[dict[str, Callable[[State, Told], None]]] = {
    "enforcement.reviewed": _reviewed,
    "enforcement.review_failed": _reviewed,
    "enforcement.served": _served,
    "papers.proof_given": _proved,
    "enforcement.service_failed": _failed,
    "papers.attempt_failed": _failed_at_once,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    attempts = ServiceAttempt.objects.filter(notice=case.pk).order_by("number")
    return {
        "reviews": [
            {
                "number": each.number,
                "outcome": each.outcome,
                "sha256": each.sha256,
                "reviewed_by": each.reviewed_by_id,
                "reviewed_on": day_of(each.reviewed_at),
                "points": each.points,
            }
            for each in LegalReview.objects.filter(notice=case.pk).order_by("number")
        ],
        "services": [_attempt(each) for each in attempts],
    }


def _attempt(attempt: ServiceAttempt) -> dict[str, Any]:
    papers = Paper.objects.filter(attempt=attempt).values_list("kind", "pdf_sha256")
    proofs = ServiceProof.objects.filter(attempt=attempt).order_by("pk")
    return {
        "number": attempt.number,
        "served_on": timezone.localdate(attempt.served_at).isoformat(),
        "served_at": attempt.served_at.isoformat(),
        "method": attempt.method,
        "served_by": attempt.served_by_id,
        "recorded_by": attempt.recorded_by_id,
        **{name: getattr(attempt, name) for name in _SAID},
        **{f"{kind}_sha256": sha256 for kind, sha256 in papers},
        "proofs": list(proofs.values_list("attachment", flat=True)),
        "failed_on": iso(attempt.failed_on),
        "failed_by": attempt.failed_by_id,
        "failed_why": attempt.failed_why,
    }
