"""Answering the items of a checklist: a batch at a time, each item on its own, each answer once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError

from inspections.checklists.law import items_on
from inspections.checklists.models import LONGEST_NOTE, Checklist, ChecklistAnswer, Verdict
from inspections.checklists.queries import day_of, holding_of
from inspections.checklists.services.adding import UNREADABLE, adding, not_answerable, refuse
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.services.identifiers import IdentifiersFound

MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was typed: ``client_id`` made where it was typed, ``seen`` that of the answer which
    stood on the screen then, ``typed_at`` by the device's clock."""

    item: str
    verdict: str
    note: str
    client_id: UUID
    seen: UUID | None = None
    typed_at: datetime | None = None
    identifies_nobody: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one: the row that keeps it, or what is wrong with it by field. ``asks_why``: it seems to
    identify somebody, so a reason why it does not lets it be kept."""

    given: Given
    answer: ChecklistAnswer | None = None
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    asks_why: bool = False


def answer_items(*, checklist: Checklist, by: Actor, answers: Sequence[Given]) -> list[Taken]:
    """Keep each of ``answers`` that can be kept; what became of each, in their order.

    An answer that is on record already is not kept twice: the row is answered again. With other content under
    the same ``client_id`` it is a further answer, given in sight of that one. One that was given out of sight
    of what stands by now is kept and does not hold. One event tells of all. Raises ``NotPermitted``,
    ``NotAllowedNow`` before the visit or once the inspection is over, and ``ValidationError`` for more than
    ``MOST_AT_ONCE``; then nothing was kept.
    """
    if len(answers) > MOST_AT_ONCE:
        raise ValidationError(f"Send at most {MOST_AT_ONCE} answers at once.")
    with adding(checklist.inspection, by=by) as (held, person):
        refuse(not_answerable(held))
        answering = _Answering(checklist, held, person)
        taken = [answering.take(each) for each in answers]
        if answering.made:
            told = [_told(each) for each in answering.made]
            payload = {"checklist": checklist.pk, "answers": told}
            append("checklists.answered", case=held, by=person, payload=payload)
    return taken


class _Answering:
    """One batch, with what stands on the checklist as it goes on."""

    def __init__(self, checklist: Checklist, held: Case, by: User) -> None:
        self.checklist, self.held, self.by = checklist, held, by
        rows = list(checklist.answers.all())
        self.known = {each.client_id: each for each in rows}
        self.holding = holding_of(rows)
        day = day_of(checklist, list(checklist.inspection.visits.all()))
        self.offered = {each.key for each in items_on(checklist.ready, day, held.modality)}
        self.made: list[ChecklistAnswer] = []

    def take(self, given: Given) -> Taken:
        given = replace(given, note=given.note.strip().replace("\r\n", "\n"))
        given = self._settled(given)
        if given.client_id in self.known:
            return Taken(given, self.known[given.client_id])
        try:
            with writing():
                self._check(given)
                reason = given.identifies_nobody
                refuse_identifiers(case=self.held, texts={"note": given.note}, by=self.by, reason=reason)
                made = self._keep(given)
        except IdentifiersFound as found:
            return Taken(given, errors=found.message_dict, asks_why=True)
        except ValidationError as wrong:
            return Taken(given, errors=wrong.message_dict, asks_why="identifies_nobody" in wrong.message_dict)
        self.made.append(made)
        return Taken(given, made)

    def _settled(self, given: Given) -> Given:
        """Somebody went back on the page, wrote something else and sent it under the same id."""
        before = self.known.get(given.client_id)
        if before is None or (before.item, before.verdict, before.note) == _content(given):
            return given
        new = uuid5(given.client_id, "\n".join(_content(given)))
        return replace(given, client_id=new, seen=before.client_id)

    def _check(self, given: Given) -> None:
        errors: dict[str, str] = {}
        if given.item not in self.offered:
            errors["item"] = "This item is not on the checklist."
        if given.verdict not in Verdict.values:
            errors["verdict"] = "Choose one of the answers."
        if len(given.note) > LONGEST_NOTE:
            errors["note"] = f"Use {LONGEST_NOTE:,} characters or fewer."
        elif "\x00" in given.note:
            errors["note"] = UNREADABLE
        if errors:
            raise ValidationError(errors)

    def _keep(self, given: Given) -> ChecklistAnswer:
        stands = self.holding.get(given.item)
        made = ChecklistAnswer.objects.create(
            checklist=self.checklist,
            item=given.item,
            verdict=given.verdict,
            note=given.note,
            answered_by=self.by,
            answered_at=clock.now(),
            typed_at=given.typed_at,
            client_id=given.client_id,
            seen=given.seen,
            out_of_sight=stands is not None and stands.client_id != given.seen,
        )
        self.known[made.client_id] = made
        if not made.out_of_sight:
            self.holding[made.item] = made
        return made


def _content(given: Given) -> tuple[str, str, str]:
    return given.item, given.verdict, given.note


def _told(made: ChecklistAnswer) -> dict[str, Any]:
    """What the chain records of an answer."""
    return {
        "answer": made.pk,
        "item": made.item,
        "verdict": made.verdict,
        "sha256": text_digest(made.note) if made.note else None,
        "out_of_sight": made.out_of_sight,
    }
