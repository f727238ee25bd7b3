"""Sending a questionnaire before the visit, and taking it back."""

from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections.lifecycle import ANNOUNCED, CONDUCT, EVIDENCE_REQUESTED
from inspections.models import Inspection
from inspections.questionnaires import letters
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import in_force, of_case
from inspections.questionnaires.ready import Edition, newest
from inspections.questionnaires.services.holding import CLOCK, chosen, keep, person_of, refuse_day
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import open_deadline, stop_deadline

SENDABLE: Final = (ANNOUNCED, EVIDENCE_REQUESTED)


def not_sendable(case: Case) -> str:
    """Why no questionnaire can be sent now, in plain English; ``""`` where one can. No query once the case's
    lists are read."""
    if case.status not in SENDABLE:
        return "A questionnaire is sent after the announcement and before the visit."
    standing = {each.key for each in of_case(case) if each.accepted_at is None and each.withdrawn_at is None}
    if all(each.key in standing for each in newest(case.modality)):
        return "The questionnaire of this modality was sent already."
    return ""


def send_questionnaire(
    *, inspection: Inspection, by: Actor, version: int | None, questionnaire: str, due_on: date
) -> Questionnaire:
    """Send the newest edition of the questionnaire of that key, to be answered by ``due_on``.

    Asked is what looks at a regulation in force today. Raises ``NotPermitted``, ``NotAllowedNow`` before the
    announcement, after the visit, or while one of that key is open, and ``ValidationError`` by field.
    """
    person = person_of(by)
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        if held.status not in SENDABLE:
            raise NotAllowedNow("A questionnaire is sent after the announcement and before the visit.")
        content = _checked(questionnaire, held.modality, due_on)
        asked = content.standing(in_force(clock.today()))
        if not asked:
            raise NotAllowedNow("No question of it looks at a regulation that is in force today.")
        if inspection.questionnaires.open().filter(key=content.key).exists():
            raise NotAllowedNow("This questionnaire was sent already.")
        today = clock.today()
        made = Questionnaire.objects.create(
            inspection=inspection,
            key=content.key,
            edition=content.edition,
            sha256=content.sha256,
            asked=asked,
            sent_on=today,
            sent_by=person,
            due_on=due_on,
        )
        payload = {
            "questionnaire": made.pk,
            "key": made.key,
            "edition": made.edition,
            "sha256": made.sha256,
            "asked": made.asked,
            "due_on": due_on.isoformat(),
        }
        append("questionnaires.sent", case=held, by=by, payload=payload)
        open_deadline(case=held, kind=CLOCK, start_on=today, due_on=due_on, by=by, subject_id=made.pk)
        letters.send(held, made)
    return made


def _checked(key: str, modality: str, due_on: date) -> Edition:
    """The edition to send. Raises ``ValidationError`` by field."""
    errors = refuse_day(due_on)
    found = next((each for each in newest(modality) if each.key == key), None)
    if found is None:
        errors["questionnaire"] = "Choose a questionnaire for this modality."
    if errors or found is None:
        raise ValidationError(errors)
    return found


def withdraw_questionnaire(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    questionnaire: Questionnaire,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Take back a questionnaire that was sent by mistake; its clock ends, and the employer is told.

    Raises ``NotPermitted``, ``NotAllowedNow`` for one that was accepted or withdrawn, ``ValidationError`` for
    no reason, ``IdentifiersFound`` for one that seems to identify somebody, unless ``identifies_nobody`` says
    why.
    """
    person = person_of(by)
    with holding(inspection, version=version) as held:
        permit_on(held, CONDUCT, by)
        now = chosen(questionnaire, inspection)
        if held.is_over:
            raise NotAllowedNow("The inspection is over.")
        if now.state in (Questionnaire.State.ACCEPTED, Questionnaire.State.WITHDRAWN):
            raise NotAllowedNow(f"This questionnaire was {now.state.label.lower()} already.")
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        now.withdrawn_at, now.withdrawn_by = clock.now(), person
        keep(now, "withdrawn_at", "withdrawn_by")
        append(
            "questionnaires.withdrawn",
            case=held,
            by=by,
            payload={"questionnaire": now.pk},
            text=reason.strip(),
        )
        stop_deadline(case=held, kind=CLOCK, by=by, subject_id=now.pk)
        letters.take_back(held, now)
