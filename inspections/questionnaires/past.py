"""What questionnaires tell of an inspection's past: what was sent, what was submitted, what was returned.

Drafts of answers are not told: they are not CQC's to read.
"""

from collections.abc import Callable
from typing import Any, Final

from inspections.questionnaires.answering import told as told_in_words
from inspections.questionnaires.models import Questionnaire, Return, Submission
from inspections.questionnaires.ready import edition_of
from regulator.casework.evidence.kept import kept_texts
from regulator.casework.evidence.past import (
    CHAPTERS,
    ERASED,
    Chapter,
    Said,
    State,
    Told,
    day_of,
    gap,
    iso,
    row_of,
)
from regulator.casework.evidence.showing import WORDS
from regulator.casework.models import Case

KIND: Final = "inspection"
SENT, SUBMITTED, RETURNED = "questionnaires", "questionnaire_submissions", "questionnaire_returns"


def contribute() -> None:
    CHAPTERS.register("questionnaires", Chapter(take, start, present=present))
    for part in (SENT, SUBMITTED, RETURNED):
        WORDS.register(f"{part}.questionnaire", title_of)
    WORDS.register(f"{SUBMITTED}.answers", told_in_words)
    WORDS.register(f"{RETURNED}.asked_again", lambda key: key.replace("_", " ").capitalize())


def title_of(named: str) -> str:
    """The title of an edition, named as the past does."""
    key, _, number = named.rpartition("-")
    return f"{edition_of(key, int(number)).title}, edition {number}"


def start(case: Case) -> State:
    return {SENT: [], SUBMITTED: [], RETURNED: []} if case.kind == KIND else {}


def take(state: State, told: Told) -> None:
    name = told.type.removeprefix("questionnaires.")
    if name != told.type and SENT in state:
        _PARTS.get(name, _nothing)(state, told)


def _nothing(state: State, told: Told) -> None:
    """A draft was saved."""


def _sent(state: State, told: Told) -> None:
    payload = told.payload
    state[SENT].append(
        {
            "subject": payload["questionnaire"],
            "questionnaire": f"{payload['key']}-{payload['edition']}",
            "questions_asked": len(payload["asked"]),
            "on": told.day,
            "by": told.by,
            "due_on": payload["due_on"],
            "submitted_on": None,
            "submitted_by": None,
            "accepted_on": None,
            "accepted_by": None,
            "withdrawn_on": None,
            "withdrawn_by": None,
        }
    )


def _row(state: State, told: Told) -> dict[str, Any]:
    return row_of(state[SENT], "subject", told.payload["questionnaire"])


def _submitted(state: State, told: Told) -> None:
    row, payload = _row(state, told), told.payload
    row |= {"submitted_on": told.day, "submitted_by": told.by}
    state[SUBMITTED].append(
        {
            "subject": payload["submission"],
            "questionnaire": row.get("questionnaire"),
            "on": told.day,
            "by": told.by,
            "answers": Said("kept", payload["sha256"], payload["sha256"]),
        }
    )


def _returned(state: State, told: Told) -> None:
    row, payload = _row(state, told), told.payload
    row |= {"submitted_on": None, "submitted_by": None, "due_on": payload["due_on"]}
    state[RETURNED].append(
        {
            "subject": payload["return"],
            "questionnaire": row.get("questionnaire"),
            "on": told.day,
            "by": told.by,
            "due_on": payload["due_on"],
            "asked_again": list(payload["questions"]),
            "reason": told.text,
        }
    )


def _accepted(state: State, told: Told) -> None:
    row = _row(state, told)
    row |= {"accepted_on": told.day, "accepted_by": told.by}


def _withdrawn(state: State, told: Told) -> None:
    row = _row(state, told)
    row |= {"withdrawn_on": told.day, "withdrawn_by": told.by}


_PARTS: Final[dict[str, Callable[[State, Told], None]]] = {
    "sent": _sent,
    "submitted": _submitted,
    "returned": _returned,
    "accepted": _accepted,
    "withdrawn": _withdrawn,
}


def present(case: Case) -> State:
    if case.kind != KIND:
        return {}
    sent = list(Questionnaire.objects.filter(inspection=case.pk).order_by("pk"))
    submitted = list(Submission.objects.filter(questionnaire__in=sent).order_by("pk"))
    returned = Return.objects.filter(questionnaire__in=sent).order_by("pk")
    names = {each.pk: f"{each.key}-{each.edition}" for each in sent}
    texts = kept_texts(case, [each.sha256 for each in submitted])
    return {
        SENT: [_present(each, names[each.pk]) for each in sent],
        SUBMITTED: [
            {
                "subject": each.pk,
                "questionnaire": names[each.questionnaire_id],
                "on": day_of(each.submitted_at),
                "by": each.submitted_by_id,
                "answers": texts.get(each.sha256, gap(ERASED)),
            }
            for each in submitted
        ],
        RETURNED: [
            {
                "subject": each.pk,
                "questionnaire": names[each.questionnaire_id],
                "on": day_of(each.returned_at),
                "by": each.returned_by_id,
                "due_on": iso(each.due_on),
                "asked_again": list(each.questions),
                "reason": each.reason,
            }
            for each in returned
        ],
    }


def _present(sent: Questionnaire, name: str) -> dict[str, Any]:
    return {
        "subject": sent.pk,
        "questionnaire": name,
        "questions_asked": len(sent.asked),
        "on": iso(sent.sent_on),
        "by": sent.sent_by_id,
        "due_on": iso(sent.due_on),
        "submitted_on": day_of(sent.submitted_at) if sent.submitted_at else None,
        "submitted_by": sent.submitted_by_id,
        "accepted_on": day_of(sent.accepted_at) if sent.accepted_at else None,
        "accepted_by": sent.accepted_by_id,
        "withdrawn_on": day_of(sent.withdrawn_at) if sent.withdrawn_at else None,
        "withdrawn_by": sent.withdrawn_by_id,
    }
