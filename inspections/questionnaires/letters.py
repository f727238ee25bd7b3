"""The letters about questionnaires. The texts lie in ``templates/email/questionnaires``."""

from collections.abc import Iterable
from typing import Final

from django.conf import settings
from django.urls import reverse

from inspections.questionnaires.models import Questionnaire, Return
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, LINK, TEXT, Payload
from regulator.outbox.services import enqueue

_SENT: Final[Payload] = {"reference": TEXT, "employer": EMPLOYER, "title": TEXT, "link": LINK}
LETTERS: Final = (
    Letter(
        "questionnaires/sent",
        1,
        "Self-assessment questionnaire for IR(ME)R inspection {{ reference }}",
        payload={**_SENT, "due_on": DAY},
        needs=("due_on", "link"),
    ),
    Letter(
        "questionnaires/returned",
        1,
        "Questionnaire for IR(ME)R inspection {{ reference }}: CQC asks again",
        payload={**_SENT, "due_on": DAY, "reason": TEXT},
        needs=("due_on", "link", "reason"),
    ),
    Letter(
        "questionnaires/accepted",
        1,
        "Questionnaire for IR(ME)R inspection {{ reference }}: accepted",
        payload=_SENT,
        needs=("reference",),
    ),
    Letter(
        "questionnaires/withdrawn",
        1,
        "Questionnaire for IR(ME)R inspection {{ reference }}: nothing more is needed",
        payload=_SENT,
        needs=("reference",),
    ),
    Letter(
        "questionnaires/submitted",
        1,
        "The questionnaire of inspection {{ reference }} is in",
        payload={"reference": TEXT},
        needs=("reference",),
    ),
)


def page_of(case: Case, questionnaire: int) -> str:
    """The path of the page on which the employer answers."""
    return reverse("questionnaires:tasks", args=[case.reference, questionnaire])


def send(case: Case, questionnaire: Questionnaire) -> None:
    """That it is to be answered, to those of the employer's people who follow its inspections."""
    _to_employer(case, "questionnaires/sent", questionnaire, due_on=questionnaire.due_on)


def give_back(case: Case, questionnaire: Questionnaire, made: Return) -> None:
    """That CQC asks again, with the reason, to the same people."""
    _to_employer(case, "questionnaires/returned", questionnaire, due_on=made.due_on, reason=made.reason)


def accept(case: Case, questionnaire: Questionnaire) -> None:
    """That it was accepted, to the same people."""
    _to_employer(case, "questionnaires/accepted", questionnaire)


def take_back(case: Case, questionnaire: Questionnaire) -> None:
    """That it needs no answer, to the same people. Why stays with CQC."""
    _to_employer(case, "questionnaires/withdrawn", questionnaire)


def tell_it_is_in(case: Case, questionnaire: Questionnaire) -> None:
    """To the lead inspector, that it was submitted; to all inspectors where there is no lead. It says no more
    than the reference."""
    for person in lead_or(case, permission="inspections.conduct"):
        enqueue(
            letter="questionnaires/submitted",
            to=person.email,
            context={"reference": str(case)},
            dedupe_key=f"questionnaires/submitted:{questionnaire.pk}:{questionnaire.version}",
            case=case,
        )


def _to_employer(case: Case, letter: str, questionnaire: Questionnaire, **more: object) -> None:
    context = {
        "reference": case.reference,
        "employer": case.employer.name,
        "title": questionnaire.title,
        "link": f"{settings.PORTAL_URL}{page_of(case, questionnaire.pk)}",
        **more,
    }
    recipients: Iterable[str] = contacts(case.employer, permission=case.spec.follow)
    for address in recipients:
        key = f"{letter}:{questionnaire.pk}:{questionnaire.version}"
        enqueue(letter=letter, to=address, context=context, dedupe_key=key, case=case)
