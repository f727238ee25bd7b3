"""A questionnaire as its employer answers it: the list, a section, the check, and what stands afterwards."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections import services as inspecting
from inspections.questionnaires import services
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Questionnaire
from inspections.questionnaires.queries import section_version
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from tests.factories import member, staff
from tests.inspections.questionnaires import answers
from tests.journeys.stage import DECLARED, answer
from tests.journeys.states import CONFLICT, EMPTY, FILLED, REFUSED, TYPED, State, Visit, lead
from tests.journeys.states.drafting import PROGRAM
from tests.journeys.states.inspections import made

TASKS: Final = "questionnaires:tasks"
SECTION: Final = "questionnaires:section"
CHECK: Final = "questionnaires:check"
Step = Callable[[Visit, Questionnaire], object]
COMMENT: Final = "Comment on question 5"
WORDS: Final = "Two protocols are being written.\nThey will be there in May."


def desk(sent: Questionnaire, deed: Any, **arguments: Any) -> Any:
    inspection = type(sent.inspection).objects.select_related("case__employer").get(pk=sent.inspection_id)
    by = staff(Role.INSPECTOR)
    return deed(inspection=inspection, by=by, version=inspection.case.version, **arguments)


def sent_one(visit: Visit, *steps: Step) -> Questionnaire:
    """A new inspection of the scene's employer with a questionnaire, after ``steps``."""
    inspection = made(visit)
    sent: Questionnaire = services.send_questionnaire(
        inspection=inspection,
        by=staff(Role.INSPECTOR),
        version=inspection.case.version,
        questionnaire=inspection.case.modality,
        due_on=clock.today() + timedelta(days=14),
    )
    for step in steps:
        step(visit, sent)
    return sent


def begun(visit: Visit, sent: Questionnaire) -> None:
    for name in ("log.txt", f"{'a-very-long-file-name-' * 5}.txt"):
        upload = SimpleUploadedFile(name, f"The log {name}.".encode())
        attach(case=sent.inspection.case, upload=upload, by=visit.scene.lead())
        scan_pending()
    saved = section_version(sent, "governance")
    services.save_answers(
        questionnaire=sent,
        by=visit.scene.lead(),
        version=saved.version if saved else 0,
        section="governance",
        answers={
            "governance_protocols": Given(choice="no", comment=WORDS),
            "governance_last_review": Given(day=clock.today()),
        },
        uploads={"governance_followed": SimpleUploadedFile("new.txt", b"New.")},
    )


def answered(visit: Visit, sent: Questionnaire) -> None:
    begun(visit, sent)
    followed = Given(choice="partly", comment=WORDS)
    answers.answer_all(sent, visit.scene.lead(), governance_followed=followed)


def submitted(visit: Visit, sent: Questionnaire) -> None:
    answered(visit, sent)
    answers.submit(sent, visit.scene.lead())


def returned(visit: Visit, sent: Questionnaire) -> None:
    submitted(visit, sent)
    desk(
        sent,
        services.return_questionnaire,
        questionnaire=sent,
        questions=["governance_followed", "training_adequate"],
        reason="Which audits were these?\nSay when each was made.",
        due_on=clock.today() + timedelta(days=7),
    )


def accepted(visit: Visit, sent: Questionnaire) -> None:
    submitted(visit, sent)
    desk(sent, services.accept_questionnaire, questionnaire=sent)


def withdrawn(visit: Visit, sent: Questionnaire) -> None:
    desk(sent, services.withdraw_questionnaire, questionnaire=sent, reason="Sent twice.")


def stood_down(visit: Visit, sent: Questionnaire) -> None:
    desk(sent, inspecting.stand_down, reason="The unit closed.")


def on(visit: Visit, route: str, sent: Questionnaire) -> None:
    parts = {"section": "governance"} if route == SECTION else {}
    visit.open(route, reference=sent.inspection.case.reference, pk=sent.pk, **parts)


def of(route: str, *steps: Step) -> Callable[[Visit], None]:
    """A page of a new questionnaire, after ``steps``."""
    return lambda visit: on(visit, route, sent_one(visit, *steps))


def overdue(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=30)):
        sent = sent_one(visit, begun)
    on(visit, TASKS, sent)


def section_refused(visit: Visit) -> None:
    on(visit, SECTION, sent_one(visit, begun))
    answer(visit.page, {COMMENT: "Mr Patel has them."})
    visit.page.get_by_label("Day").fill("31")
    visit.page.get_by_label("Month").fill("2")
    visit.send()
    visit.refused("must be a real date")
    visit.page.get_by_label("Day").fill("3")
    visit.send()
    visit.refused("identify somebody")


def program_chosen(visit: Visit) -> None:
    on(visit, SECTION, sent_one(visit))
    visit.page.get_by_label("Send a file for question 1").set_input_files(files=[PROGRAM])
    visit.send()
    visit.refused("not what its ending")


def section_overtaken(visit: Visit) -> None:
    sent = sent_one(visit)
    on(visit, SECTION, sent)
    colleague = member(visit.scene.cast.employer, Role.EMPLOYER_LEAD)
    services.save_answers(
        questionnaire=sent,
        by=colleague,
        version=0,
        section="governance",
        answers={"governance_protocols": Given(choice="yes", comment="All are there.")},
    )
    answer(visit.page, {COMMENT: WORDS})
    visit.send()
    visit.refused("Someone else changed this section")


def section_typed(visit: Visit) -> None:
    on(visit, SECTION, sent_one(visit))
    answer(visit.page, {COMMENT: WORDS})
    visit.send_after_the_session()


def check_refused(visit: Visit) -> None:
    on(visit, CHECK, sent_one(visit, begun))
    answer(visit.page, {DECLARED: True})
    visit.send()
    visit.refused("Question 1: Answer this question")


def check_overtaken(visit: Visit) -> None:
    sent = sent_one(visit, answered)
    on(visit, CHECK, sent)
    begun(visit, sent)
    answer(visit.page, {DECLARED: True})
    visit.send()
    visit.refused("Someone else changed this questionnaire")


def check_typed(visit: Visit) -> None:
    on(visit, CHECK, sent_one(visit, answered))
    answer(visit.page, {DECLARED: True})
    visit.send_after_the_session()


STATES: Final = (
    State(TASKS, EMPTY, of(TASKS), lead),
    State(TASKS, "begun", of(TASKS, begun), lead),
    State(TASKS, FILLED, of(TASKS, answered), lead),
    State(TASKS, "overdue", overdue, lead),
    State(TASKS, "submitted", of(TASKS, submitted), lead),
    State(TASKS, "returned", of(TASKS, returned), lead),
    State(TASKS, "accepted", of(TASKS, accepted), lead),
    State(TASKS, "withdrawn", of(TASKS, withdrawn), lead),
    State(TASKS, "stood down", of(TASKS, begun, stood_down), lead),
    State(SECTION, EMPTY, of(SECTION), lead),
    State(SECTION, FILLED, of(SECTION, answered), lead),
    State(SECTION, "returned", of(SECTION, returned), lead),
    State(SECTION, REFUSED, section_refused, lead),
    State(SECTION, f"{REFUSED}, a program", program_chosen, lead),
    State(SECTION, CONFLICT, section_overtaken, lead),
    State(SECTION, TYPED, section_typed, lead),
    State(CHECK, EMPTY, of(CHECK), lead),
    State(CHECK, FILLED, of(CHECK, answered), lead),
    State(CHECK, REFUSED, check_refused, lead),
    State(CHECK, CONFLICT, check_overtaken, lead),
    State(CHECK, TYPED, check_typed, lead),
)
