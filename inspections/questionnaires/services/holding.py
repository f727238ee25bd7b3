"""Holding a questionnaire for one change, and what every such change keeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections.models import Inspection
from inspections.questionnaires.models import Questionnaire
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import BEYOND_REACH, within_reach
from regulator.organisations.policies import NotPermitted

CLOCK: Final = "questionnaire"
ANSWER: Final = "casework.answer_request"
"""What an employer's people need to answer; that they may see the case is asked with it."""


def person_of(by: Actor) -> User:
    """Raises ``NotPermitted`` for anything but a person."""
    if not isinstance(by, User):
        raise NotPermitted("Questionnaires are a matter of people.")
    return by


def locked(questionnaire: Questionnaire) -> Questionnaire:
    """The row as it stands, locked. Call it inside ``writing``."""
    rows = Questionnaire.objects.select_for_update(of=("self",))
    return rows.select_related("inspection__case__employer").get(pk=questionnaire.pk)


def chosen(questionnaire: Questionnaire, inspection: Inspection) -> Questionnaire:
    """The same of an inspection that is held. Raises ``ValidationError`` for one of another."""
    if questionnaire.inspection_id != inspection.pk:
        raise ValidationError({"questionnaire": "This questionnaire belongs to another inspection."})
    return Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)


def refuse_unless_in_hand(questionnaire: Questionnaire, case: Case) -> None:
    """Raise ``NotAllowedNow`` unless the employer has it to answer."""
    if case.redacted_at is not None:
        raise NotAllowedNow(case.why_empty)
    if case.is_over:
        raise NotAllowedNow("The inspection is over, so nothing more is needed.")
    if questionnaire.state == Questionnaire.State.WITHDRAWN:
        raise NotAllowedNow("CQC withdrew this questionnaire, so nothing more is needed.")
    if not questionnaire.is_in_hand:
        raise NotAllowedNow("This questionnaire was submitted already.")


@contextmanager
def submitting(
    questionnaire: Questionnaire, *, by: Actor, version: int
) -> Iterator[tuple[Questionnaire, Case]]:
    """Hold a questionnaire, and its case for the clock, for the employer's person who read ``version`` of it.

    The case may have changed meanwhile: what was read is the questionnaire. Raises ``NotPermitted``,
    ``NotAllowedNow``, ``StaleVersion``.
    """
    with writing():
        now = locked(questionnaire)
        with holding(now.inspection, version=now.inspection.case.version) as held:
            permit_on(held, ANSWER, person_of(by))
            refuse_unless_in_hand(now, held)
            if now.version != version:
                raise StaleVersion(read=version, current=now.version, what="questionnaire")
            yield now, held


def keep(questionnaire: Questionnaire, *fields: str) -> None:
    """Save these fields, and that it changed."""
    questionnaire.version += 1
    questionnaire.save(update_fields=[*fields, "version"])


def refuse_day(due_on: date) -> dict[str, str]:
    """What is wrong with a day to answer by, beside its field."""
    if due_on < clock.today():
        return {"due_on": "The date to answer by must not be in the past."}
    return {} if within_reach(due_on) else {"due_on": BEYOND_REACH}
