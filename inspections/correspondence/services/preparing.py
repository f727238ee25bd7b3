"""Preparing a letter: its facts are drawn from the inspection, and stand until a second person decides."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from inspections.correspondence.facts import digest, drawn, unsettled_points
from inspections.correspondence.models import Correspondence
from inspections.lifecycle import CONDUCT
from inspections.models import Inspection
from inspections.services.evidence import wanted_documents
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.casework.wording import as_text
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import NotPermitted

Kind: Final = Correspondence.Kind
MOVES: Final[dict[str, str]] = {
    Kind.ANNOUNCEMENT: "announce",
    Kind.EVIDENCE_REQUEST: "request_evidence",
    Kind.FEEDBACK: "issue_feedback",
    Kind.REPORT: "finalise",
}
"""The transition of an inspection that the approval of each kind of letter takes."""


def prepare_letter(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    kind: str,
    due_on: date | None = None,
    ready: Sequence[str] = (),
    documents: Sequence[str] = (),
    reason: str = "",
    identifies_nobody: str = "",
) -> Correspondence:
    """Draw a letter, for a second person to send it as it is. Nothing leaves CQC.

    A request for documents takes those of the ready list, by key, and others as they were typed, and the day
    by which they are due; a report the ``reason`` not to wait while the employer may still comment. One that
    waits is replaced, where the new one says something else. Raises ``NotPermitted``, ``NotAllowedNow`` out
    of turn, for a comment without an answer or for the same once more, ``ValidationError`` by field and
    ``IdentifiersFound``, unless ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("A letter is prepared by a person.")
    if kind not in MOVES:
        raise ValidationError({"kind": "There is no such letter."})
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        if refused := not_preparable(held, kind):
            raise NotAllowedNow(refused)
        choices: dict[str, Any] = {}
        if kind == Kind.EVIDENCE_REQUEST:
            wanted = wanted_documents(ready=ready, documents=documents, modality=held.modality, due_on=due_on)
            choices = {"documents": wanted, "due_on": due_on.isoformat() if due_on else ""}
        elif kind == Kind.REPORT:
            if not reason.strip():
                refuse_too_early(held)
            choices = {"reason": reason.strip()}
        typed = {"documents": "\n".join(documents), "reason": reason}
        refuse_identifiers(case=held, texts=typed, by=by, reason=identifies_nobody)
        facts = drawn(held, inspection, kind, choices)
        return _kept(held, inspection, by, kind, facts, choices)


def not_preparable(case: Case, kind: str) -> str:
    """Why no letter of ``kind`` can be prepared now, in plain English; ``""`` where one can (at most four
    queries)."""
    lifecycle = case.spec.lifecycle
    refused = lifecycle.refusal(lifecycle.transitions[MOVES[kind]], case)
    if refused or kind != Kind.REPORT:
        return refused
    return unanswered(case)


def unanswered(case: Case) -> str:
    """Why the report must wait for answers to the employer's comments; ``""`` where each has one (three
    queries)."""
    points = unsettled_points(case.inspection)
    owed = [str(each.number) for each in points if each.answered_at is None]
    if not owed:
        return ""
    which = f"comment {owed[0]}" if len(owed) == 1 else f"comments {', '.join(owed[:-1])} and {owed[-1]}"
    return f"Answer the employer’s {which} first."


def refuse_too_early(held: Case) -> None:
    """The employer has its time to comment, until it sent its comments (one query)."""
    window = Deadline.objects.open().filter(case=held, kind="accuracy", due_on__gte=clock.today()).first()
    if window is not None:
        day = as_text(window.due_on)
        raise ValidationError({"reason": f"The employer may comment until {day}. Say why you do not wait."})


def _kept(
    held: Case,
    inspection: Inspection,
    by: User,
    kind: str,
    facts: dict[str, Any],
    choices: dict[str, Any],
) -> Correspondence:
    """The letter as it waits now, in the place of one that waited."""
    known = Correspondence.objects.filter(inspection=inspection)
    former = known.waiting().filter(kind=kind).first()
    sha256 = digest(facts)
    if former is not None:
        if former.sha256 == sha256 and former.choices == choices:
            raise NotAllowedNow("The same letter waits already for a second person.")
        former.replaced_at = clock.now()
        former.save(update_fields=["replaced_at"])
    last = known.order_by("-number").values_list("number", flat=True).first() or 0
    made = Correspondence.objects.create(
        inspection=inspection,
        number=last + 1,
        kind=kind,
        facts=facts,
        choices=choices,
        sha256=sha256,
        prepared_by=by,
        prepared_at=clock.now(),
    )
    replaces = former.number if former else None
    payload = {"letter": made.number, "kind": str(kind), "sha256": sha256, "replaces": replaces}
    append("correspondence.prepared", case=held, by=by, payload=payload)
    return made
