"""What an inspector does with a questionnaire that was submitted: returns it, or accepts it."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import ValidationError

from inspections.lifecycle import CONDUCT
from inspections.models import Inspection
from inspections.questionnaires import letters
from inspections.questionnaires.models import Questionnaire, Return
from inspections.questionnaires.services.holding import CLOCK, chosen, keep, person_of, refuse_day
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import resume_deadline


def return_questionnaire(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    questionnaire: Questionnaire,
    questions: Sequence[str],
    reason: str,
    due_on: date,
    identifies_nobody: str = "",
) -> Return:
    """Give a submitted questionnaire back, naming the questions that are meant and why; its clock runs again,
    to ``due_on``. What was submitted stays on record.

    Raises ``NotPermitted``, ``NotAllowedNow`` where it does not wait for an inspector, ``ValidationError`` by
    field, ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody``
    says why.
    """
    person = person_of(by)
    with holding(inspection, version=version) as held:
        now = _to_read(questionnaire, inspection, held, by)
        errors = refuse_day(due_on)
        if not reason.strip():
            errors["reason"] = "Say what you need to know."
        if not questions or not set(questions) <= set(now.asked):
            errors["questions"] = "Choose the questions that are meant, of those that were asked."
        if errors:
            raise ValidationError(errors)
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        at = clock.now()
        made = Return.objects.create(
            questionnaire=now,
            questions=[key for key in now.asked if key in questions],
            reason=reason.strip(),
            due_on=due_on,
            returned_by=person,
            returned_at=at,
        )
        now.submitted_at = now.submitted_by = None
        now.returned_at, now.due_on = at, due_on
        keep(now, "submitted_at", "submitted_by", "returned_at", "due_on")
        payload = {
            "questionnaire": now.pk,
            "return": made.pk,
            "questions": made.questions,
            "due_on": due_on.isoformat(),
        }
        append("questionnaires.returned", case=held, by=by, payload=payload, text=made.reason)
        resume_deadline(case=held, kind=CLOCK, by=by, due_on=due_on, subject_id=now.pk)
        letters.give_back(held, now, made)
    return made


def accept_questionnaire(
    *, inspection: Inspection, by: Actor, version: int | None, questionnaire: Questionnaire
) -> None:
    """Take what was submitted as the employer's answer. Raises ``NotPermitted``, and ``NotAllowedNow`` where
    it does not wait for an inspector."""
    person = person_of(by)
    with holding(inspection, version=version) as held:
        now = _to_read(questionnaire, inspection, held, by)
        now.accepted_at, now.accepted_by = clock.now(), person
        keep(now, "accepted_at", "accepted_by")
        append("questionnaires.accepted", case=held, by=by, payload={"questionnaire": now.pk})
        letters.accept(held, now)


def _to_read(questionnaire: Questionnaire, inspection: Inspection, held: Case, by: Actor) -> Questionnaire:
    permit_on(held, CONDUCT, by)
    now = chosen(questionnaire, inspection)
    if held.is_over:
        raise NotAllowedNow("The inspection is over.")
    if now.state != Questionnaire.State.SUBMITTED:
        raise NotAllowedNow("This questionnaire does not wait for an inspector.")
    return now
