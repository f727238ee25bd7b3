"""The letters about what an employer files on a notice. They quote nothing that anybody typed: whoever reads
one signs in."""

from datetime import date
from typing import Final

from enforcement.deadlines import confirmers, deciders
from enforcement.letters import addressees
from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, FLAG, LINK, MAYBE_DAY, TEXT, Payload, one_of
from regulator.outbox.services import enqueue

_TO_EMPLOYER: Final[Payload] = {"reference": TEXT, "employer": EMPLOYER, "notice_url": LINK}
EVIDENCE: Final = "The employer submitted evidence of compliance"
MORE_TIME: Final = "The employer asks for more time to comply"
APPEAL: Final = "The employer says that it lodged an appeal"

LETTERS: Final = (
    Letter(
        "compliance/filed",
        2,
        "Notice {{ reference }}: something waits for your answer",
        payload={
            "reference": TEXT,
            "desk_url": LINK,
            "what": one_of(EVIDENCE, MORE_TIME, APPEAL),
            "public": FLAG,
        },
        needs=("reference", "what"),
    ),
    Letter(
        "compliance/returned",
        1,
        "CQC returned your evidence about notice {{ reference }}",
        payload={**_TO_EMPLOYER, "due_on": MAYBE_DAY},
        needs=("notice_url", "due_on"),
    ),
    Letter(
        "compliance/more_time_refused",
        1,
        "Notice {{ reference }}: the date for compliance stands",
        payload={**_TO_EMPLOYER, "due_on": MAYBE_DAY},
        needs=("notice_url", "due_on"),
    ),
    Letter(
        "compliance/appeal_declined",
        1,
        "Notice {{ reference }}: no appeal is on record",
        payload={**_TO_EMPLOYER, "lodged_on": DAY},
        needs=("notice_url", "lodged_on"),
    ),
)


def tell_filed(case: Case, *, what: str) -> None:
    """To the notice's lead, that something waits for CQC's answer; to all who decide where it has none."""
    _filed(case, deciders(case), what=what, public=False)


def tell_of_appeal(case: Case, *, public: bool) -> None:
    """The same of an appeal; while an entry stands (``public``) to all who may confirm it too, because the
    entry stands until then."""
    _filed(case, confirmers(case), what=APPEAL, public=public)


def _filed(case: Case, to: list[str], **said: object) -> None:
    own: dict[str, object] = {"reference": str(case), "desk_url": case_url(case, for_staff=True)}
    for address in to:
        _post(case, "compliance/filed", address, {**own, **said})


def tell_returned(case: Case, *, due_on: date | None) -> None:
    """To those who are told of the employer's notices, that its evidence came back; by when to comply."""
    _to_employer(case, "compliance/returned", due_on=due_on)


def tell_refused(case: Case, *, due_on: date | None) -> None:
    """To the same, that the date for compliance stands."""
    _to_employer(case, "compliance/more_time_refused", due_on=due_on)


def tell_declined(case: Case, *, lodged_on: date) -> None:
    """To the same, that CQC did not record the appeal of which they told."""
    _to_employer(case, "compliance/appeal_declined", lodged_on=lodged_on)


def _to_employer(case: Case, letter: str, **context: object) -> None:
    own: dict[str, object] = {
        "reference": case.reference,
        "employer": case.employer.name,
        "notice_url": case_url(case, for_staff=False),
    }
    for address in addressees(case.employer):
        _post(case, letter, address, {**own, **context})


def _post(case: Case, letter: str, to: str, context: dict[str, object]) -> None:
    key = f"{letter}:{case.pk}:{case.version}"
    enqueue(letter=letter, to=to, context=context, dedupe_key=key, case=case)
