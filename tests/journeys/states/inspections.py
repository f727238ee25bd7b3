"""An inspection as its employer follows it: announced, documents asked for, the findings, files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections import services
from inspections.models import Finding, Inspection
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from regulator.legislation.models import Provision
from regulator.organisations.models import Modality
from tests.factories import Cast, SiteFactory, member, staff
from tests.inspections.letters import Kind, send_letter
from tests.journeys.stage import answer
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
from tests.journeys.states.drafting import PROGRAM

WORDS: Final = "The file training-2026.pdf.\nRoles stand in place of names."
Step = Callable[[Visit, Inspection], object]


def made(visit: Visit, *steps: Step, **changes: Any) -> Inspection:
    """A new inspection of the scene's employer, announced, after ``steps``."""
    employer = visit.scene.cast.employer
    given: dict[str, Any] = {
        "employer": employer,
        "site": SiteFactory.create(employer=employer),
        "modality": Modality.RADIOTHERAPY,
        "trigger": Inspection.Trigger.PLANNED,
        "planned_on": clock.today(),
        "scope": "How individuals are identified.",
        "by": staff(Role.INSPECTOR),
    }
    inspection = services.open_inspection(**(given | changes))
    for step in (announced, *steps):
        step(visit, inspection)
    return inspection


def do(inspection: Inspection, deed: Any, **arguments: Any) -> None:
    by = staff(Role.INSPECTOR)
    deed(inspection=inspection, by=by, version=inspection.case.version, **arguments)


def sent_by_two(inspection: Inspection, kind: str, **choices: Any) -> None:
    send_letter(inspection, kind, by=staff(Role.INSPECTOR), **choices)


def announced(visit: Visit, inspection: Inspection) -> None:
    sent_by_two(inspection, Kind.ANNOUNCEMENT)


def asked(visit: Visit, inspection: Inspection) -> None:
    wanted = ["Training records", "The inventory of the equipment, " + "with every column of it, " * 6]
    due_on = clock.today() + timedelta(days=2)
    sent_by_two(inspection, Kind.EVIDENCE_REQUEST, documents=wanted, due_on=due_on)


def sent_one(visit: Visit, inspection: Inspection) -> None:
    request = inspection.case.information_requests.earliest("pk")
    services.send_document(
        inspection=inspection,
        by=visit.scene.lead(),
        version=inspection.case.version,
        request=request,
        answer=WORDS,
    )


def with_files(visit: Visit, inspection: Inspection) -> None:
    for name in ("log.txt", f"{'a-very-long-file-name-' * 5}.txt"):
        upload = SimpleUploadedFile(name, f"The log {name}.".encode())
        attach(case=inspection.case, upload=upload, by=visit.scene.lead())
        scan_pending()
    attach(case=inspection.case, upload=SimpleUploadedFile("new.txt", b"New."), by=visit.scene.lead())


def visited(visit: Visit, inspection: Inspection) -> None:
    do(inspection, services.visit, visited_on=clock.today())
    in_force = Provision.objects.in_force_on(clock.today())
    cited = list(in_force.filter(instrument="IR(ME)R 2017", reference__in=("17(4)", "6(5)(b)")))
    for kind in Finding.Kind.values:
        do(inspection, services.record_finding, kind=kind, provisions=cited, text="Records were looked at.")


def drafted(visit: Visit, inspection: Inspection) -> None:
    visited(visit, inspection)
    do(inspection, services.draft_feedback)
    sent_by_two(inspection, Kind.FEEDBACK)


def final(visit: Visit, inspection: Inspection) -> None:
    drafted(visit, inspection)
    sent_by_two(inspection, Kind.REPORT, reason="Agreed by telephone.")


def stood_down(visit: Visit, inspection: Inspection) -> None:
    do(inspection, services.stand_down, reason="The unit closed.")


def of(*steps: Step, **changes: Any) -> Callable[[Visit], None]:
    """Its page, after ``steps``."""

    def reach(visit: Visit) -> None:
        visit.open(DETAIL, reference=made(visit, *steps, **changes).case.reference)

    return reach


def reference(*steps: Step) -> Callable[[Visit], Any]:
    return lambda visit: made(visit, *steps).case.reference


def request(*steps: Step) -> dict[str, Any]:
    """The parts of the address of a new request for a document."""
    found: dict[str, Case] = {}

    def key(visit: Visit) -> int:
        found["case"] = made(visit, asked, *steps).case
        return int(found["case"].information_requests.earliest("pk").pk)

    return {"pk": key, "reference": lambda visit: found["case"].reference}


def worked_on(visit: Visit) -> None:
    """CQC went on with the newest case."""
    case = Case.objects.filter(kind="inspection").latest("pk")
    Case.objects.filter(pk=case.pk).update(version=case.version + 1)


def overdue(visit: Visit) -> None:
    with clock.at(clock.now() - timedelta(days=30)):
        case = made(visit, asked).case
    visit.open(DOCUMENT, reference=case.reference, pk=case.information_requests.earliest("pk").pk)


def answered_by_a_colleague(visit: Visit) -> None:
    inspection = made(visit, asked)
    wanted = inspection.case.information_requests.earliest("pk")
    visit.open(DOCUMENT, reference=inspection.case.reference, pk=wanted.pk)
    services.send_document(
        inspection=inspection,
        by=member(visit.scene.cast.employer, Role.EMPLOYER_LEAD),
        version=inspection.case.version,
        request=wanted,
        answer="Theirs.",
    )
    answer(visit.page, {"Your answer": "Mine."})
    visit.send()
    visit.refused()


def program_attached(visit: Visit) -> None:
    visit.open(ATTACH, reference=made(visit).case.reference)
    visit.page.get_by_label("File").set_input_files(files=[PROGRAM])
    visit.send()
    visit.refused("not what its ending")


def not_looked_at_yet(visit: Visit) -> None:
    case = made(visit).case
    kept = attach(case=case, upload=SimpleUploadedFile("log.txt", b"Log."), by=visit.scene.lead())
    visit.open("inspections:file", reference=case.reference, pk=kept.pk)


def of_somebody_else(visit: Visit) -> None:
    employer = Cast().employer
    visit.open(DETAIL, reference=made(visit, employer=employer, site=None).case.reference)


DETAIL: Final = "inspections:detail"
DOCUMENT: Final = "inspections:document"
ATTACH: Final = "inspections:attach"

STATES: Final = (
    State(DETAIL, "announced", of(), lead),
    State(DETAIL, "documents asked for", of(asked), lead),
    State(DETAIL, "a document sent", of(asked, sent_one, with_files), lead),
    State(DETAIL, "on site", of(visited), lead),
    State(DETAIL, "draft findings", of(drafted), lead),
    State(DETAIL, FILLED, of(asked, sent_one, with_files, final), lead),
    State(DETAIL, "themed", of(trigger=Inspection.Trigger.THEMED, theme="Paediatric imaging"), lead),
    State(DETAIL, "stood down", of(stood_down), lead),
    State(DETAIL, "of somebody else", of_somebody_else, lead),
    State(DOCUMENT, EMPTY, opens(DOCUMENT, **request()), lead),
    State(DOCUMENT, "overdue", overdue, lead),
    State(DOCUMENT, "answered", opens(DOCUMENT, **request(sent_one)), lead),
    State(DOCUMENT, REFUSED, sent(DOCUMENT, **request()), lead),
    State(DOCUMENT, CONFLICT, answered_by_a_colleague, lead),
    State(
        DOCUMENT,
        f"{CONFLICT}, worked on",
        overtaken(DOCUMENT, worked_on, {"Your answer": WORDS}, **request()),
        lead,
    ),
    State(DOCUMENT, TYPED, typed(DOCUMENT, {"Your answer": WORDS}, **request()), lead),
    State(ATTACH, EMPTY, opens(ATTACH, reference=reference()), lead),
    State(ATTACH, REFUSED, sent(ATTACH, reference=reference()), lead),
    State(ATTACH, f"{REFUSED}, a program", program_attached, lead),
    State("inspections:file", "not looked at yet", not_looked_at_yet, lead),
)
