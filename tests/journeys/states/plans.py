"""An action plan as its employer writes and keeps it, in every state of it and of its actions."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from playwright.sync_api import FilePayload

from inspections.models import Finding, Inspection
from inspections.plans import services
from inspections.plans.models import PlanAction
from regulator import clock
from regulator.casework.models import Case
from tests.enforcement.scene import Scene as Hall
from tests.journeys.stage import Answers, Radio, answer
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

WORDS: Final = "A second operator checks each plan against the referral, before the first fraction is given."
LATER: Final = date(2026, 6, 30)
OVERVIEW: Final = "plans:overview"
FINDING: Final = "plans:finding"
ADD: Final = "plans:add"
CHECK: Final = "plans:check"
ACTION: Final = "plans:action"
CHANGE: Final = "plans:change"
REMOVE: Final = "plans:remove"
DONE: Final = "plans:done"
EVIDENCE: Final = "plans:evidence"
MORE_TIME: Final = "plans:more_time"
CANCEL: Final = "plans:cancel"
Step = Callable[[Hall, Inspection], object]


def made(visit: Visit, *steps: Step) -> tuple[Hall, Inspection]:
    """A new inspection of the scene's employer with two findings to answer, after ``steps``."""
    hall = Hall(visit.scene.cast.employer, visit.scene.lead())
    inspection = hall.inspection("on_site")
    for kind in (Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH):
        hall.find(inspection, kind)
    hall.feed_back(inspection)
    for step in steps:
        step(hall, inspection)
    return hall, inspection


def answered(hall: Hall, inspection: Inspection) -> None:
    """One finding is disputed, the other has a weak action."""
    first, second = inspection.findings.order_by("pk")
    do = hall.inspect
    do(inspection, services.answer_finding, hall.lead, finding=first, position="disputed", why=WORDS)
    do(inspection, services.answer_finding, hall.lead, finding=second, position="agreed")
    hall.plan_action(inspection, second, strength="training", what=WORDS)


def submitted(hall: Hall, inspection: Inspection) -> None:
    answered(hall, inspection)
    hall.inspect(inspection, services.submit_plan, hall.lead, about=WORDS)


def returned(hall: Hall, inspection: Inspection) -> None:
    submitted(hall, inspection)
    remarks = {each.pk: "Is there a stronger action?" for each in inspection.findings.all()}
    due_on = clock.today() + timedelta(days=14)
    hall.inspect(
        inspection, services.return_plan, reason="Training alone is weak.", due_on=due_on, remarks=remarks
    )


def accepted(hall: Hall, inspection: Inspection) -> None:
    submitted(hall, inspection)
    hall.inspect(inspection, services.accept_plan)


def done(hall: Hall, inspection: Inspection) -> None:
    accepted(hall, inspection)
    hall._finish_action(inspection)


def confirmed(hall: Hall, inspection: Inspection) -> None:
    done(hall, inspection)
    hall.inspect(inspection, services.confirm_action, action=hall.begun(inspection))


def reopened(hall: Hall, inspection: Inspection) -> None:
    done(hall, inspection)
    hall.inspect(inspection, services.reopen_action, action=hall.begun(inspection), reason="Only half of it.")


def asking(hall: Hall, inspection: Inspection) -> None:
    accepted(hall, inspection)
    hall._ask_about_action(inspection)


def cancelled(hall: Hall, inspection: Inspection) -> None:
    asking(hall, inspection)
    action = hall.begun(inspection)
    hall.inspect(inspection, services.refuse_more_time, action=action, reason="It matters.")
    hall.inspect(inspection, services.agree_cancel, action=action)


def reference(*steps: Step) -> dict[str, Any]:
    return {"reference": lambda visit: made(visit, *steps)[1].case.reference}


def finding(*steps: Step) -> dict[str, Any]:
    """The parts of the address of the first finding."""
    found: dict[str, Case] = {}

    def key(visit: Visit) -> int:
        inspection = made(visit, *steps)[1]
        found["case"] = inspection.case
        return int(inspection.findings.earliest("pk").pk)

    return {"pk": key, "reference": lambda visit: found["case"].reference}


def action(*steps: Step) -> dict[str, Any]:
    """The parts of the address of its action."""
    found: dict[str, Case] = {}

    def key(visit: Visit) -> int:
        inspection = made(visit, *steps)[1]
        found["case"] = inspection.case
        return int(PlanAction.objects.get(finding__inspection=inspection).pk)

    return {"pk": key, "reference": lambda visit: found["case"].reference}


def worked_on(visit: Visit) -> None:
    """CQC went on with the newest case."""
    case = Case.objects.filter(kind="inspection").latest("pk")
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)


def overdue(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=80)):
        inspection = made(visit, accepted)[1]
    visit.open(OVERVIEW, reference=inspection.case.reference)


def overdue_on_its_inspection(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=80)):
        inspection = made(visit, accepted)[1]
    visit.open("inspections:detail", reference=inspection.case.reference)


def submitted_incomplete(visit: Visit) -> None:
    visit.open(CHECK, reference=made(visit)[1].case.reference)
    answer(visit.page, {"The employer has agreed this plan, and it identifies no person": True})
    visit.send()
    visit.refused("Say what you make of finding 1.")


def on_its_inspection(*steps: Step) -> Callable[[Visit], None]:
    return lambda visit: visit.open("inspections:detail", reference=made(visit, *steps)[1].case.reference)


def overtaken_while_adding(visit: Visit) -> None:
    inspection = made(visit)[1]
    key = inspection.findings.earliest("pk").pk
    visit.open(ADD, reference=inspection.case.reference, pk=key)
    answer(
        visit.page,
        {
            "What will be done?": WORDS,
            "What kind of action is it?": Radio("Barrier"),
            "Which role is responsible for it?": "Head of physics",
            "When will it be done by?": LATER,
            "How will you check that it works?": WORDS,
        },
    )
    worked_on(visit)
    visit.send()
    visit.refused()


def overtaken_with_a_file(visit: Visit) -> None:
    parts = action(done)
    key = parts["pk"](visit)
    visit.open(EVIDENCE, reference=parts["reference"](visit), pk=key)
    file: FilePayload = {"name": "audit.txt", "mimeType": "text/plain", "buffer": b"Fifty plans."}
    visit.page.get_by_label("File").set_input_files(files=[file])
    worked_on(visit)
    visit.send()
    visit.refused()


AGREE: Final = "Do you agree with this finding?"
WHY: Final = "If you do not agree, or only in part: with what, and why?"
SAID: Final = "What was done, and what does the check of its effect show?"
FINISHED: Final[Answers] = {"When was it done?": date(2026, 3, 3), SAID: WORDS}
OTHERWISE: Final[Answers] = {"What will be done?": WORDS}
MORE: Final[Answers] = {"What date do you need?": LATER, "Why do you need more time?": WORDS}
STATES: Final = (
    State("inspections:detail", "a plan to write", on_its_inspection(), lead),
    State("inspections:detail", "a plan submitted", on_its_inspection(submitted), lead),
    State("inspections:detail", "a plan returned", on_its_inspection(returned), lead),
    State("inspections:detail", "an action overdue", overdue_on_its_inspection, lead),
    State(OVERVIEW, EMPTY, opens(OVERVIEW, **reference()), lead),
    State(OVERVIEW, FILLED, opens(OVERVIEW, **reference(answered)), lead),
    State(OVERVIEW, "submitted", opens(OVERVIEW, **reference(submitted)), lead),
    State(OVERVIEW, "returned", opens(OVERVIEW, **reference(returned)), lead),
    State(OVERVIEW, "accepted", opens(OVERVIEW, **reference(accepted)), lead),
    State(OVERVIEW, "overdue", overdue, lead),
    State(FINDING, EMPTY, opens(FINDING, **finding()), lead),
    State(FINDING, FILLED, opens(FINDING, **finding(answered)), lead),
    State(FINDING, REFUSED, sent(FINDING, {AGREE: Radio("Disputed")}, **finding()), lead),
    State(FINDING, CONFLICT, overtaken(FINDING, worked_on, {AGREE: Radio("Agreed$")}, **finding()), lead),
    State(FINDING, TYPED, typed(FINDING, {WHY: WORDS}, **finding()), lead),
    State(ADD, EMPTY, opens(ADD, **finding()), lead),
    State(ADD, REFUSED, sent(ADD, OTHERWISE, **finding()), lead),
    State(ADD, CONFLICT, overtaken_while_adding, lead),
    State(ADD, TYPED, typed(ADD, OTHERWISE, **finding()), lead),
    State(CHANGE, FILLED, opens(CHANGE, **action(answered)), lead),
    State(CHANGE, REFUSED, sent(CHANGE, {"What will be done?": ""}, **action(answered)), lead),
    State(CHANGE, CONFLICT, overtaken(CHANGE, worked_on, OTHERWISE, **action(answered)), lead),
    State(CHANGE, TYPED, typed(CHANGE, OTHERWISE, **action(answered)), lead),
    State(REMOVE, EMPTY, opens(REMOVE, **action(answered)), lead),
    State(REMOVE, CONFLICT, overtaken(REMOVE, worked_on, **action(answered)), lead),
    State(CHECK, EMPTY, opens(CHECK, **reference()), lead),
    State(CHECK, FILLED, opens(CHECK, **reference(answered)), lead),
    State(
        CHECK,
        CONFLICT,
        overtaken(CHECK, worked_on, {"The employer has agreed this plan": True}, **reference(answered)),
        lead,
    ),
    State(CHECK, REFUSED, sent(CHECK, **reference(answered)), lead),
    State(CHECK, f"{REFUSED}, incomplete", submitted_incomplete, lead),
    State(
        CHECK,
        TYPED,
        typed(
            CHECK,
            {"Is there anything else that CQC should know about your plan?": WORDS},
            **reference(answered),
        ),
        lead,
    ),
    State(ACTION, "planned", opens(ACTION, **action(answered)), lead),
    State(ACTION, "open", opens(ACTION, **action(accepted)), lead),
    State(ACTION, "done", opens(ACTION, **action(done)), lead),
    State(ACTION, "confirmed", opens(ACTION, **action(confirmed)), lead),
    State(ACTION, "reopened", opens(ACTION, **action(reopened)), lead),
    State(ACTION, "asking", opens(ACTION, **action(asking)), lead),
    State(ACTION, "cancelled", opens(ACTION, **action(cancelled)), lead),
    State(DONE, EMPTY, opens(DONE, **action(accepted)), lead),
    State(DONE, REFUSED, sent(DONE, **action(accepted)), lead),
    State(DONE, CONFLICT, overtaken(DONE, worked_on, FINISHED, **action(accepted)), lead),
    State(DONE, TYPED, typed(DONE, {SAID: WORDS}, **action(accepted)), lead),
    State(EVIDENCE, EMPTY, opens(EVIDENCE, **action(done)), lead),
    State(EVIDENCE, REFUSED, sent(EVIDENCE, **action(done)), lead),
    State(EVIDENCE, CONFLICT, overtaken_with_a_file, lead),
    State(MORE_TIME, EMPTY, opens(MORE_TIME, **action(accepted)), lead),
    State(MORE_TIME, REFUSED, sent(MORE_TIME, **action(accepted)), lead),
    State(MORE_TIME, CONFLICT, overtaken(MORE_TIME, worked_on, MORE, **action(accepted)), lead),
    State(MORE_TIME, TYPED, typed(MORE_TIME, MORE, **action(accepted)), lead),
    State(CANCEL, EMPTY, opens(CANCEL, **action(accepted)), lead),
    State(CANCEL, REFUSED, sent(CANCEL, **action(accepted)), lead),
    State(
        CANCEL,
        CONFLICT,
        overtaken(CANCEL, worked_on, {"Why should it be cancelled?": WORDS}, **action(accepted)),
        lead,
    ),
    State(CANCEL, TYPED, typed(CANCEL, {"Why should it be cancelled?": WORDS}, **action(accepted)), lead),
)
