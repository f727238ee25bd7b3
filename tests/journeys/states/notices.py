"""The notices of an employer, as its lead reads and answers them, in every state of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import FilePayload

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.compliance.queries import parts_of
from enforcement.gate import services as gate
from enforcement.models import Notice
from regulator import clock
from regulator.casework.models import Attachment, Case
from regulator.casework.scanning import scan_pending
from tests.enforcement.scene import Scene as Hall
from tests.journeys.stage import Answers, answer
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

WORDS: Final = "The procedures were rewritten, and fifty plans were audited against them by the physics team."
LATER: Final = date(2026, 6, 30)
LIST: Final = "notices:list"
DETAIL: Final = "notices:detail"
EVIDENCE: Final = "notices:evidence"
PART: Final = "notices:part"
SET: Final = "notices:set"
MORE_TIME: Final = "notices:more_time"
APPEAL: Final = "notices:appeal"
SECRET: Final = "notices:trade_secret"
DECLARED: Final = "The employer has agreed this evidence, and it identifies no person"
DONE: Final = "What was done, and since when?"
TELLS: Final = "What would the entry tell, and why is it a trade secret?"
MORE: Final[Answers] = {"What date do you need?": LATER, "Why do you need more time?": WORDS}


def hall(visit: Visit) -> Hall:
    return Hall(visit.scene.cast.employer, visit.scene.lead())


def made(visit: Visit, state: str = "served", **arguments: Any) -> Notice:
    """A new notice of the scene's employer."""
    return hall(visit).notice(state, **arguments)


def of(state: str = "served", **arguments: Any) -> dict[str, Any]:
    """The address of a new notice in this state."""
    return {"reference": lambda visit: made(visit, state, **arguments).case.reference}


def part(state: str = "served") -> dict[str, Any]:
    """The address of the first thing to which it asks for evidence."""
    found: dict[str, Case] = {}

    def key(visit: Visit) -> int:
        notice = made(visit, state)
        found["case"] = notice.case
        return parts_of(notice, None)[0].key

    return {"part": key, "reference": lambda visit: found["case"].reference}


def listed(visit: Visit) -> None:
    made(visit)
    visit.open(LIST)


def worked_on(visit: Visit) -> None:
    """CQC went on with the newest case."""
    case = Case.objects.filter(kind="notice").latest("pk")
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)


def suspended(visit: Visit) -> None:
    visit.open(DETAIL, reference=hall(visit).suspended().case.reference)


def affirmed(visit: Visit) -> None:
    stage = hall(visit)
    notice = stage.notice("under_appeal")
    stage.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    visit.open(DETAIL, reference=notice.case.reference)


def given_time(visit: Visit) -> None:
    stage = hall(visit)
    notice = stage.notice("served")
    later = (notice.compliance_on or clock.today()) + timedelta(days=30)
    stage.do(notice, enforcing.extend_compliance, compliance_on=later, reason="A part is on order.")
    visit.open(DETAIL, reference=notice.case.reference)


def overdue(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=80)):
        notice = made(visit, breach_on=clock.today() - timedelta(days=80))
    visit.open(DETAIL, reference=notice.case.reference)


def declined(visit: Visit) -> None:
    stage = hall(visit)
    notice = stage.notice("appeal_told")
    stage.do(notice, services.decline_appeal, reason="The tribunal has no such appeal.")
    visit.open(DETAIL, reference=notice.case.reference)


def refused_time(visit: Visit) -> None:
    stage = hall(visit)
    notice = stage.notice("time_asked")
    stage.do(notice, services.refuse_more_time, reason="The risk is too high to wait.")
    visit.open(DETAIL, reference=notice.case.reference)


def on_its_inspection(visit: Visit) -> None:
    stage = hall(visit)
    inspection = stage.inspection("on_site")
    finding = stage.find(inspection)
    stage.notice("served", inspection=inspection, findings=[finding], breach_on=inspection.visited_on)
    visit.open("inspections:detail", reference=inspection.case.reference)


def settled(outcome: str) -> Callable[[Visit], None]:
    """A claim of a trade secret against whose drafted entry nobody appealed, settled."""

    def reach(visit: Visit) -> None:
        stage = hall(visit)
        with clock.at(clock.now() - timedelta(days=20)):
            notice = stage.notice("safe_entry_served", breach_on=clock.today())
        stage.do(notice, gate.decide_claim, outcome=outcome, decided_on=clock.today())
        visit.open(DETAIL, reference=notice.case.reference)

    return reach


def appealed_to_the_secretary(visit: Visit) -> None:
    stage = hall(visit)
    notice = stage.notice("safe_entry_served")
    stage.do(notice, gate.record_secretary_appeal, appealed_on=clock.today())
    visit.open(DETAIL, reference=notice.case.reference)


def overtaken_with_a_file(visit: Visit) -> None:
    notice = made(visit)
    visit.open(APPEAL, reference=notice.case.reference)
    answer(visit.page, {"When did you lodge the appeal?": clock.today()})
    file: FilePayload = {"name": "appeal.txt", "mimeType": "text/plain", "buffer": b"The form."}
    visit.page.get_by_label("The appeal as the tribunal received it").set_input_files(files=[file])
    worked_on(visit)
    visit.send()
    visit.refused()


def unreadable(visit: Visit) -> None:
    """The office copy, before it was found clean."""
    notice = made(visit, "appeal_told")
    key = Attachment.objects.filter(case=notice.pk).latest("pk").pk
    visit.open("notices:file", reference=notice.case.reference, pk=key)


def with_files(state: str) -> Callable[[Visit], None]:
    """A set of evidence with a file that was found clean."""

    def reach(visit: Visit) -> None:
        stage = hall(visit)
        notice = stage.notice("served")
        for each in parts_of(notice, None):
            file = SimpleUploadedFile("audit.txt", b"Fifty plans.")
            stage.answer(notice, services.write_evidence, part=each.key, text=WORDS, file=file)
        scan_pending()
        if state != "begun":
            stage._submit_evidence(notice)
        if state == "returned":
            stage._return_evidence(notice)
        if state == "accepted":
            stage._accept_evidence(notice)
        route = EVIDENCE if state == "begun" else SET
        parts: dict[str, Any] = {} if state == "begun" else {"number": 1}
        visit.open(route, reference=notice.case.reference, **parts)

    return reach


IMMEDIATE: Final = {"notice_type": "prohibition_immediate", "compliance_days": None}
STATES: Final = (
    State(LIST, EMPTY, opens(LIST), lead),
    State(LIST, FILLED, listed, lead),
    *(
        State(DETAIL, name, opens(DETAIL, **of(state, **given)), lead)
        for name, state, given in (
            ("served", "served", {}),
            ("immediate prohibition", "served", IMMEDIATE),
            ("deferred prohibition", "served", {"notice_type": "prohibition_deferred"}),
            ("evidence begun", "evidence_begun", {}),
            ("evidence submitted", "evidence_submitted", {}),
            ("evidence returned", "evidence_returned", {}),
            ("complied with", "evidence_accepted", {}),
            ("more time asked for", "time_asked", {}),
            ("appeal told", "appeal_told", {}),
            ("under appeal", "under_appeal", {}),
            ("prohibition under appeal", "under_appeal", IMMEDIATE),
            ("trade secret claimed", "secret_claimed", {}),
            ("entry without the secret served", "safe_entry_served", {}),
            ("withdrawn", "withdrawn", {}),
            ("cancelled", "cancelled", {}),
            ("not complied with", "not_complied", {}),
        )
    ),
    State(DETAIL, "suspended by the tribunal", suspended, lead),
    State(DETAIL, "affirmed", affirmed, lead),
    State(DETAIL, "changed after it was served", given_time, lead),
    State(DETAIL, "overdue", overdue, lead),
    State(DETAIL, "appeal declined", declined, lead),
    State(DETAIL, "appealed to the Secretary of State", appealed_to_the_secretary, lead),
    State(DETAIL, "trade secret settled, drafted entry", settled("full"), lead),
    State(DETAIL, "trade secret settled, short entry", settled("short"), lead),
    State(DETAIL, "more time refused", refused_time, lead),
    State("inspections:detail", "with a notice", on_its_inspection, lead),
    State(EVIDENCE, EMPTY, opens(EVIDENCE, **of()), lead),
    State(EVIDENCE, FILLED, with_files("begun"), lead),
    State(EVIDENCE, "returned", opens(EVIDENCE, **of("evidence_returned")), lead),
    State(EVIDENCE, REFUSED, sent(EVIDENCE, **of("evidence_begun")), lead),
    State(
        EVIDENCE,
        f"{REFUSED}, incomplete",
        sent(EVIDENCE, {DECLARED: True}, "Say what was done about", **of()),
        lead,
    ),
    State(EVIDENCE, CONFLICT, overtaken(EVIDENCE, worked_on, {DECLARED: True}, **of("evidence_begun")), lead),
    State(
        EVIDENCE,
        TYPED,
        typed(EVIDENCE, {"Is there anything else that CQC should know?": WORDS}, **of("evidence_begun")),
        lead,
    ),
    State(PART, EMPTY, opens(PART, **part()), lead),
    State(PART, FILLED, opens(PART, **part("evidence_begun")), lead),
    State(PART, "returned", opens(PART, **part("evidence_returned")), lead),
    State(PART, REFUSED, sent(PART, **part()), lead),
    State(PART, CONFLICT, overtaken(PART, worked_on, {DONE: WORDS}, **part()), lead),
    State(PART, TYPED, typed(PART, {DONE: WORDS}, **part()), lead),
    State(SET, "submitted", with_files("submitted"), lead),
    State(SET, "returned", with_files("returned"), lead),
    State(SET, "accepted", with_files("accepted"), lead),
    State(MORE_TIME, EMPTY, opens(MORE_TIME, **of()), lead),
    State(MORE_TIME, REFUSED, sent(MORE_TIME, **of()), lead),
    State(MORE_TIME, CONFLICT, overtaken(MORE_TIME, worked_on, MORE, **of()), lead),
    State(MORE_TIME, TYPED, typed(MORE_TIME, MORE, **of()), lead),
    State(APPEAL, EMPTY, opens(APPEAL, **of()), lead),
    State(APPEAL, REFUSED, sent(APPEAL, **of()), lead),
    State(APPEAL, CONFLICT, overtaken_with_a_file, lead),
    State(APPEAL, TYPED, typed(APPEAL, {"The tribunal’s case number": "One"}, **of()), lead),
    State(SECRET, EMPTY, opens(SECRET, **of()), lead),
    State(SECRET, REFUSED, sent(SECRET, **of()), lead),
    State(SECRET, f"{REFUSED}, a name", sent(SECRET, {TELLS: "Ask Mr Patel."}, **of()), lead),
    State(SECRET, CONFLICT, overtaken(SECRET, worked_on, {TELLS: WORDS}, **of()), lead),
    State(SECRET, TYPED, typed(SECRET, {TELLS: WORDS}, **of()), lead),
    State("notices:file", "not checked yet", unreadable, lead),
)
