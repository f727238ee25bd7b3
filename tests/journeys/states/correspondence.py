"""The facts of a draft as its employer checks them: written, sent, answered."""

from typing import Any, Final

from inspections.correspondence import services
from inspections.correspondence.models import AccuracyPoint, AccuracyRound
from inspections.models import Inspection
from regulator.accounts.roles import Role
from tests.factories import Cast, staff
from tests.inspections.letters import Kind, send_letter
from tests.journeys.states import (
    CONFLICT,
    EMPTY,
    FILLED,
    REFUSED,
    TYPED,
    State,
    Visit,
    lead,
    opens,
    overtaken,
    sent,
    typed,
)
from tests.journeys.states.inspections import drafted, final, made, reference

OVERVIEW: Final = "correspondence:accuracy"
FINDING: Final = "correspondence:finding"
SUBJECT: Final = "correspondence:subject"
SEND: Final = "correspondence:send"
ANSWERS: Final = {
    "What is not right?": "The review was on record.",
    "What should it say?": "It was\nreviewed.",
}


def newest() -> Inspection:
    return Inspection.objects.select_related("case").latest("pk")


def commented(visit: Visit, inspection: Inspection) -> None:
    """On its first finding and on its scope."""
    by = visit.scene.lead()
    first = inspection.findings.earliest("pk")
    both: tuple[dict[str, Any], ...] = ({"finding": first}, {"subject": "scope"})
    for about in both:
        round = AccuracyRound.objects.get(inspection=inspection)
        services.save_point(
            round=round,
            by=by,
            version=round.version,
            wrong="The audit of " + "every list, " * 20 + "was on record.",
            should_say="An audit was on record.",
            **about,
        )


def comments_sent(visit: Visit, inspection: Inspection) -> None:
    commented(visit, inspection)
    round = AccuracyRound.objects.get(inspection=inspection)
    services.send_comments(round=round, by=visit.scene.lead(), version=round.version)


def answered(visit: Visit, inspection: Inspection) -> None:
    comments_sent(visit, inspection)
    inspection.case.refresh_from_db()
    by = staff(Role.INSPECTOR)
    for point in AccuracyPoint.objects.filter(round__inspection=inspection).order_by("number"):
        given: dict[str, Any] = {"outcome": "partly", "answer": "We have seen the record."}
        if point.finding_id:
            given |= {"change": "corrected", "new_text": "The records were looked at twice."}
        version = inspection.case.version
        services.answer_point(inspection=inspection, by=by, version=version, point=point, **given)
    send_letter(inspection, Kind.REPORT, by=by)


def never_sent(visit: Visit, inspection: Inspection) -> None:
    """The report came first."""
    commented(visit, inspection)
    inspection.case.refresh_from_db()
    send_letter(inspection, Kind.REPORT, by=staff(Role.INSPECTOR), reason="The time ran out.")


def a_colleague(visit: Visit) -> None:
    """Somebody else of the employer's wrote a comment meanwhile."""
    commented(visit, newest())


def finding(*steps: Any) -> dict[str, Any]:
    """The parts of the address of a draft finding."""
    made_: dict[str, Inspection] = {}

    def key(visit: Visit) -> int:
        made_["found"] = made(visit, drafted, *steps)
        return int(made_["found"].findings.earliest("pk").pk)

    return {"finding": key, "reference": lambda visit: made_["found"].case.reference}


def subject(*steps: Any) -> dict[str, Any]:
    return {"reference": reference(drafted, *steps), "subject": "scope"}


def of_somebody_else(visit: Visit) -> None:
    employer = Cast().employer
    visit.open(OVERVIEW, reference=made(visit, employer=employer, site=None).case.reference)


STATES: Final = (
    State(OVERVIEW, EMPTY, opens(OVERVIEW, reference=reference(drafted)), lead),
    State(OVERVIEW, "no draft", opens(OVERVIEW, reference=reference()), lead),
    State(OVERVIEW, FILLED, opens(OVERVIEW, reference=reference(drafted, commented)), lead),
    State(OVERVIEW, "sent", opens(OVERVIEW, reference=reference(drafted, comments_sent)), lead),
    State(OVERVIEW, "answered", opens(OVERVIEW, reference=reference(drafted, answered)), lead),
    State(OVERVIEW, "not sent", opens(OVERVIEW, reference=reference(drafted, never_sent)), lead),
    State(OVERVIEW, "of somebody else", of_somebody_else, lead),
    State(
        "inspections:detail",
        "with a report",
        opens("inspections:detail", reference=reference(drafted, answered)),
        lead,
    ),
    State(FINDING, EMPTY, opens(FINDING, **finding()), lead),
    State(FINDING, FILLED, opens(FINDING, **finding(commented)), lead),
    State(FINDING, REFUSED, sent(FINDING, **finding()), lead),
    State(FINDING, CONFLICT, overtaken(FINDING, a_colleague, ANSWERS, **finding()), lead),
    State(FINDING, TYPED, typed(FINDING, ANSWERS, **finding()), lead),
    State(SUBJECT, EMPTY, opens(SUBJECT, **subject()), lead),
    State(SUBJECT, FILLED, opens(SUBJECT, **subject(commented)), lead),
    State(SUBJECT, "closed", opens(SUBJECT, **subject(comments_sent)), lead),
    State(SUBJECT, REFUSED, sent(SUBJECT, **subject()), lead),
    State(SUBJECT, CONFLICT, overtaken(SUBJECT, a_colleague, ANSWERS, **subject()), lead),
    State(SUBJECT, TYPED, typed(SUBJECT, ANSWERS, **subject()), lead),
    State(SEND, EMPTY, opens(SEND, reference=reference(drafted)), lead),
    State(SEND, FILLED, opens(SEND, reference=reference(drafted, commented)), lead),
    State(SEND, "closed", opens(SEND, reference=reference(final)), lead),
    State(SEND, CONFLICT, overtaken(SEND, a_colleague, reference=reference(drafted)), lead),
)
NO_PAGE: Final = {"correspondence:letter": "a PDF, handed over"}
