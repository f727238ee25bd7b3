"""What letters and comments tell of an inspection's past: what was prepared and by whom sent or given back,
what the employer said of the facts, and what it was answered."""

from collections.abc import Callable, Collection
from typing import Any, Final

from inspections.correspondence.models import AccuracyPoint, AccuracyRound, Correspondence
from inspections.models import Finding
from regulator.casework.evidence.past import CHAPTERS, TEXTS, Chapter, Said, State, Told, day_of, row_of
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "inspection"
_WORDS: Final = ("wrong", "should_say", "answer", "new_text")


def contribute() -> None:
    CHAPTERS.register("correspondence", Chapter(take, start, present=present))
    WORDS.register("correspondence.kind", lambda value: str(Correspondence.Kind(value).label))
    WORDS.register("comments.about", _subject)
    WORDS.register("comments.outcome", lambda value: str(AccuracyPoint.Outcome(value).label) if value else "")
    WORDS.register("comments.change", lambda value: str(AccuracyPoint.Change(value).label))
    WORDS.register("comments.new_kind", lambda value: str(Finding.Kind(value).label) if value else "")
    for name in _WORDS:
        TEXTS.register(f"comment_{name}", _loader(name))


def _subject(value: str) -> str:
    return str(AccuracyPoint.Subject(value).label) if value else "A finding"


def _loader(name: str) -> Callable[[Case, Collection[Any]], dict[Any, str]]:
    def load(case: Case, keys: Collection[Any]) -> dict[Any, str]:
        points = AccuracyPoint.objects.filter(round__inspection=case.pk, pk__in=keys)
        return dict(points.values_list("pk", name))

    return load


def start(case: Case) -> State:
    return {"correspondence": [], "comment_rounds": [], "comments": []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    if told.type in _PARTS and "comment_rounds" in state:
        _PARTS[told.type](state, told)


def _prepared(state: State, told: Told) -> None:
    payload = told.payload
    row_of(state["correspondence"], "number", payload["replaces"])["replaced_on"] = told.day
    made = {"number": payload["letter"], "kind": payload["kind"], "sha256": payload["sha256"]}
    made |= {"prepared_by": told.by, "prepared_on": told.day, "sent_by": None, "sent_on": None}
    made |= {"rejected_by": None, "rejected_on": None, "rejection": "", "replaced_on": None}
    state["correspondence"].append(made)


def _sent(state: State, told: Told) -> None:
    row = row_of(state["correspondence"], "number", told.payload["letter"])
    row |= {"sent_by": told.by, "sent_on": told.day, "sha256": told.payload["sha256"]}


def _rejected(state: State, told: Told) -> None:
    row = row_of(state["correspondence"], "number", told.payload["letter"])
    row |= {"rejected_by": told.by, "rejected_on": told.day, "rejection": told.text}


def _comments_sent(state: State, told: Told) -> None:
    payload = told.payload
    round = {"round": payload["round"], "sent_by": told.by, "sent_on": told.day, "closed_on": None}
    state["comment_rounds"].append(round)
    for each in payload["points"]:
        made = {"point": each["point"], "number": each["number"], "finding": each["finding"]}
        made |= {"about": each["subject"], "file": each["file"]}
        made |= {name: Said(f"comment_{name}", each["point"], each[f"{name}_sha256"]) for name in _WORDS[:2]}
        made |= {"outcome": "", "change": "none", "new_kind": "", "new_provisions": []}
        made |= {"answer": "", "new_text": "", "answered_by": None, "answered_on": None}
        state["comments"].append(made)


def _point_answered(state: State, told: Told) -> None:
    payload, key = told.payload, told.payload["point"]
    row = row_of(state["comments"], "point", key)
    row |= {name: payload[name] for name in ("outcome", "change", "new_kind", "new_provisions")}
    row |= {"answer": Said("comment_answer", key, payload["answer_sha256"])}
    corrected = bool(payload["new_text_sha256"])
    row["new_text"] = Said("comment_new_text", key, payload["new_text_sha256"]) if corrected else ""
    row |= {"answered_by": told.by, "answered_on": told.day}


def _finalised(state: State, told: Told) -> None:
    """The report deals with every comment that was sent."""
    for each in state["comment_rounds"]:
        each["closed_on"] = each["closed_on"] or told.day


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "correspondence.prepared": _prepared,
    "correspondence.sent": _sent,
    "correspondence.rejected": _rejected,
    "correspondence.comments_sent": _comments_sent,
    "correspondence.point_answered": _point_answered,
    "inspections.finalised": _finalised,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    letters = Correspondence.objects.filter(inspection=case.pk).order_by("number")
    rounds = AccuracyRound.objects.filter(inspection=case.pk, sent_at__isnull=False).order_by("sent_at", "pk")
    points = AccuracyPoint.objects.filter(round__in=rounds).prefetch_related("new_provisions")
    return {
        "correspondence": [_letter(each) for each in letters],
        "comment_rounds": [
            {
                "round": each.pk,
                "sent_by": each.sent_by_id,
                "sent_on": _day(each.sent_at),
                "closed_on": each.closed_on.isoformat() if each.closed_on else None,
            }
            for each in rounds
        ],
        "comments": [_comment(each) for each in points.order_by("number")],
    }


def _letter(letter: Correspondence) -> dict[str, Any]:
    return {
        "number": letter.number,
        "kind": letter.kind,
        "sha256": letter.sha256,
        "prepared_by": letter.prepared_by_id,
        "prepared_on": _day(letter.prepared_at),
        "sent_by": letter.approved_by_id,
        "sent_on": _day(letter.approved_at),
        "rejected_by": letter.rejected_by_id,
        "rejected_on": _day(letter.rejected_at),
        "rejection": letter.rejection,
        "replaced_on": _day(letter.replaced_at),
    }


def _comment(point: AccuracyPoint) -> dict[str, Any]:
    return {
        "point": point.pk,
        "number": point.number,
        "finding": point.finding_id,
        "about": point.subject,
        "file": point.file_id,
        "wrong": point.wrong,
        "should_say": point.should_say,
        "outcome": point.outcome,
        "change": point.change,
        "new_kind": point.new_kind,
        "new_provisions": sorted(str(each) for each in point.new_provisions.all()),
        "answer": point.answer,
        "new_text": point.new_text,
        "answered_by": point.answered_by_id,
        "answered_on": _day(point.answered_at),
    }


def _day(moment: Any) -> str | None:
    return day_of(moment) if moment else None
