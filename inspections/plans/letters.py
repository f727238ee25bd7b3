"""The letters about action plans. They quote nothing that anybody typed: whoever reads one signs in."""

from datetime import date
from typing import Final

from django.conf import settings
from django.urls import reverse

from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or
from regulator.organisations.queries import contacts
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, LINK, MAYBE_DAY, TEXT, Payload, one_of
from regulator.outbox.services import enqueue

_TO_EMPLOYER: Final[Payload] = {"reference": TEXT, "employer": EMPLOYER, "plan_url": LINK}
_TO_CQC: Final[Payload] = {"reference": TEXT, "desk_url": LINK}
CONFIRMED: Final = "CQC confirmed that it is done"
REOPENED: Final = "CQC reopened it"
MORE_TIME: Final = "CQC gave you more time"
NO_MORE_TIME: Final = "CQC did not give you more time: the date stands"
CANCELLED: Final = "CQC agreed that it is cancelled"
NOT_CANCELLED: Final = "CQC did not agree to cancel it"
DONE: Final = "The employer says that it is done"
TIME_ASKED: Final = "The employer asks for more time"
CANCEL_ASKED: Final = "The employer asks to cancel it"

LETTERS: Final = (
    Letter(
        "plans/submitted",
        1,
        "Action plan in answer to inspection {{ reference }}",
        payload=_TO_CQC,
        needs=("reference",),
    ),
    Letter(
        "plans/returned",
        1,
        "CQC returned your action plan for inspection {{ reference }}",
        payload={**_TO_EMPLOYER, "due_on": DAY},
        needs=("due_on", "plan_url"),
    ),
    Letter(
        "plans/accepted",
        1,
        "CQC accepted your action plan for inspection {{ reference }}",
        payload={**_TO_EMPLOYER, "first_due_on": MAYBE_DAY},
        needs=("plan_url", "first_due_on"),
    ),
    Letter(
        "plans/action_waits",
        1,
        "An action in answer to inspection {{ reference }}",
        payload={**_TO_CQC, "what": one_of(DONE, TIME_ASKED, CANCEL_ASKED)},
        needs=("reference", "what"),
    ),
    Letter(
        "plans/action_decided",
        1,
        "An action of your plan for inspection {{ reference }}",
        payload={
            **_TO_EMPLOYER,
            "what": one_of(CONFIRMED, REOPENED, MORE_TIME, NO_MORE_TIME, CANCELLED, NOT_CANCELLED),
            "due_on": MAYBE_DAY,
        },
        needs=("what", "plan_url", "due_on"),
    ),
)


def tell_submitted(case: Case) -> None:
    """To the lead inspector, that a plan is in; to all inspectors where there is no lead."""
    _to_cqc(case, "plans/submitted")


def tell_action_waits(case: Case, *, what: str, action: int) -> None:
    """To the same, that an action waits for CQC's word."""
    _to_cqc(case, "plans/action_waits", action, what=what)


def tell_returned(case: Case, *, due_on: date) -> None:
    """To those of the employer's people who follow inspections, that the plan came back, and by when it is
    due."""
    _to_employer(case, "plans/returned", due_on=due_on)


def tell_accepted(case: Case, *, first_due_on: date | None) -> None:
    """To the same, that it was accepted, and when its first action is due."""
    _to_employer(case, "plans/accepted", first_due_on=first_due_on)


def tell_decided(case: Case, *, what: str, action: int, due_on: date | None = None) -> None:
    """To the same, what CQC said to an action."""
    page = reverse("plans:action", args=[case.reference, action])
    _to_employer(case, "plans/action_decided", action, page, what=what, due_on=due_on)


def _to_employer(case: Case, letter: str, action: int = 0, page: str = "", **context: object) -> None:
    path = page or reverse("plans:overview", args=[case.reference])
    own = {"reference": case.reference, "employer": case.employer.name}
    for address in contacts(case.employer_id, permission=case.spec.follow):
        said = {**own, "plan_url": f"{settings.PORTAL_URL}{path}", **context}
        _post(case, letter, address, said, action)


def _to_cqc(case: Case, letter: str, action: int = 0, **context: object) -> None:
    own = {"reference": str(case), "desk_url": case_url(case, for_staff=True)}
    for person in lead_or(case, permission="inspections.conduct"):
        _post(case, letter, person.email, {**own, **context}, action)


def _post(case: Case, letter: str, to: str, context: dict[str, object], action: int) -> None:
    key = f"{letter}:{case.pk}:{case.version}:{action}"
    enqueue(letter=letter, to=to, context=context, dedupe_key=key, case=case)
