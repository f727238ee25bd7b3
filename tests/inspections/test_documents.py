"""Documents before the visit: the ready list, the employer's pages, and when the clock stops."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inspections import services
from inspections.correspondence.models import Correspondence
from inspections.desk.forms import EvidenceForm
from inspections.models import Finding, Inspection
from inspections.ready_documents import documents_for, ready_documents
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.desk import action_named
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import InformationRequest
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import remind
from regulator.legislation.models import Provision
from regulator.organisations.models import Modality
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, person
from tests.inspections.letters import Kind, approved
from tests.notifications.pages import boxes, browser, text


def answer(scene: Scene, inspection: Inspection, number: int = 0, by: Any = None, **more: Any) -> Any:
    request = inspection.case.information_requests.order_by("pk")[number]
    given = {"request": request, "answer": "The file training.pdf.", **more}
    return scene.inspect(inspection, services.send_document, by or scene.lead, **given)


def running(inspection: Inspection) -> Deadline:
    return Deadline.objects.get(case=inspection.case, kind="evidence")


def test_the_ready_list_names_regulations_that_there_are(scene: Scene) -> None:
    in_force = set(
        Provision.objects.in_force_on(clock.today())
        .filter(instrument="IR(ME)R 2017")
        .values_list("reference", flat=True)
    )
    assert {each.regulation for each in ready_documents()} <= in_force
    known = {modality for each in ready_documents() for modality in each.modalities}
    assert known <= set(Modality.values)


@pytest.mark.parametrize(
    ("modality", "only"),
    [
        (Modality.RADIOTHERAPY, {"risk-study", "planning"}),
        (Modality.NUCLEAR_MEDICINE, {"carers", "licences"}),
        (Modality.DIAGNOSTIC_IMAGING, {"referral-guidelines", "drls"}),
    ],
)
def test_each_modality_has_its_own_and_what_is_asked_everywhere(modality: str, only: set[str]) -> None:
    keys = {each.key for each in documents_for(modality)}
    assert only | {"procedures", "training", "mpe", "inventory"} <= keys
    assert keys < {each.key for each in ready_documents()}


def test_the_desk_asks_for_ready_and_other_documents_together(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    case = inspection.case
    data = {"ready": ["mpe", "procedures"], "documents": "The leaflet\n\nThe rota", "due_on": "2025-03-06"}
    form = EvidenceForm(data, case=case, by=scene.inspector)
    assert form.is_valid(), form.errors
    action_named(case, "prepare_evidence_request").run(  # type: ignore[union-attr]
        case=case, by=scene.inspector, version=case.version, **form.cleaned_data
    )
    assert not case.information_requests.exists(), "nothing leaves CQC before a second person approves it"
    approved(Correspondence.objects.waiting().get(), by=scene.manager)
    case.refresh_from_db()
    texts = {each.key: each.text for each in ready_documents()}
    asked = list(case.information_requests.order_by("pk").values_list("question", flat=True))
    assert asked == [texts["procedures"], texts["mpe"], "The leaflet", "The rota"]
    foreign = EvidenceForm(data | {"ready": ["licences"]}, case=case, by=scene.inspector)
    assert list(foreign.errors) == ["ready"], "no list of radiotherapy"
    given: dict[str, Any] = {"ready": ["licences"], "due_on": clock.today()}
    with pytest.raises(ValidationError) as refused:
        scene.send(inspection, Kind.EVIDENCE_REQUEST, **given)
    assert list(refused.value.message_dict) == ["ready"]


def test_with_the_last_document_the_clock_stops_and_the_lead_is_told(scene: Scene) -> None:
    inspection = scene.inspection("announced", lead=scene.inspector)
    scene.ask_for_documents(inspection, "Training records", days=2)
    scene.ask_for_documents(inspection, "The inventory", days=5)
    answer(scene, inspection)
    assert running(inspection).is_open
    assert running(inspection).due_on == clock.today() + timedelta(days=5), "to the next that is owed"
    told = Message.objects.filter(template="inspections/documents_sent")
    assert not told.exists()
    answer(scene, inspection, 1)
    assert running(inspection).met_on == clock.today()
    assert [each.to for each in told] == [scene.inspector.email]


def test_the_employer_is_chased_for_what_it_owes(scene: Scene, travel: Any) -> None:
    inspection = scene.inspection("evidence_requested")
    travel.shift(timedelta(days=1))
    remind()
    letters = Message.objects.filter(case=inspection.case, template="deadline-reminder")
    [letter] = letters
    assert letter.to == scene.lead.email
    assert f"/inspections/{inspection.case.reference}/" in letter.body
    answer(scene, inspection)
    answer(scene, inspection, 1)
    travel.shift(timedelta(days=5))
    remind()
    assert letters.count() == 1


def test_a_request_is_answered_once_by_the_employers_lead(scene: Scene) -> None:
    inspection = scene.inspection("evidence_requested")
    for stranger in (scene.inspector, scene.reporter, member(EmployerFactory.create(), Role.EMPLOYER_LEAD)):
        with pytest.raises(NotPermitted):
            answer(scene, inspection, by=stranger)
    answer(scene, inspection)
    with pytest.raises(NotAllowedNow, match="answered already"):
        answer(scene, inspection)


def test_nonsense_and_names_are_refused_and_nothing_is_kept(scene: Scene) -> None:
    inspection, other = scene.inspection("evidence_requested"), scene.inspection("evidence_requested")
    with pytest.raises(ValidationError, match="Write the answer"):
        answer(scene, inspection, answer=" ")
    with pytest.raises(IdentifiersFound):
        answer(scene, inspection, answer="The record of Mrs Smithson.")
    with pytest.raises(ValidationError, match="another case"):
        answer(scene, inspection, request=other.case.information_requests.first())
    version = inspection.case.version - 1
    request = inspection.case.information_requests.earliest("pk")
    with pytest.raises(StaleVersion):
        services.send_document(
            inspection=inspection, by=scene.lead, version=version, request=request, answer="Mine."
        )
    assert not InformationRequest.objects.exclude(answer="").exists()
    scene.inspect(inspection, services.stand_down, reason="The unit closed.")
    with pytest.raises(NotAllowedNow, match="over"):
        answer(scene, inspection)


def test_documents_may_come_in_after_the_visit(scene: Scene) -> None:
    inspection = scene.inspection("evidence_requested")
    scene.inspect(inspection, services.visit, visited_on=clock.today())
    assert answer(scene, inspection).answered_by == scene.lead


def page_of(inspection: Inspection) -> str:
    return f"/inspections/{inspection.case.reference}/"


def test_the_employer_sends_a_document_on_its_page(scene: Scene) -> None:
    inspection = scene.inspection("evidence_requested")
    client: Client = browser(scene.lead)
    shown = text(client.get(page_of(inspection)))
    assert "Training records" in shown
    request = inspection.case.information_requests.earliest("pk")
    path = f"{page_of(inspection)}documents/{request.pk}/"
    filled = boxes(client.get(path)) | {"answer": ["The file training.pdf."]}
    assert client.post(path, filled).status_code == 302
    request.refresh_from_db()
    assert (request.answer, request.answered_by) == ("The file training.pdf.", scene.lead)
    assert client.post(path, filled).status_code == 409
    assert "answered" in text(client.get(path))


@pytest.mark.parametrize("state", ["planned", "stood_down_unseen"])
def test_what_the_employer_does_not_know_of_is_not_found(scene: Scene, state: str) -> None:
    inspection = scene.inspection()
    if state != "planned":
        scene.inspect(inspection, services.stand_down, reason="No inspector.")
    for path in ("", "attach/", "documents/1/", "files/1/", f"files/{2**70}/"):
        assert browser(scene.lead).get(page_of(inspection) + path).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_only_the_employers_lead_reads_the_page(scene: Scene, role: Role) -> None:
    inspection = scene.inspection("announced")
    status = browser(person(role, scene.employer)).get(page_of(inspection)).status_code
    assert status == (200 if role is Role.EMPLOYER_LEAD else 403)


def test_findings_are_shown_once_they_were_sent_and_notes_never(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    scene.find(inspection, Finding.Kind.BREACH)
    client = browser(scene.lead)
    assert "No review was on record" not in text(client.get(page_of(inspection)))
    scene.inspect(inspection, services.draft_feedback)
    assert "No review was on record" not in text(client.get(page_of(inspection)))
    scene.send(inspection, Kind.FEEDBACK)
    shown = text(client.get(page_of(inspection)))
    assert "No review was on record" in shown
    assert "Draft" in shown
    scene.send(inspection, Kind.REPORT, reason="They agreed by telephone.")
    shown = text(client.get(page_of(inspection)))
    assert "They agreed by telephone" not in shown
    assert "action plan" in shown


@pytest.mark.parametrize("number", [1, 9])
def test_the_page_takes_as_many_queries_however_much_is_on_it(scene: Scene, number: int) -> None:
    inspection = scene.inspection("announced")
    scene.ask_for_documents(inspection, *[f"Record {each}" for each in range(number)])
    for each in range(number):
        answer(scene, inspection, each)
    scene.inspect(inspection, services.visit, visited_on=clock.today())
    for _ in range(number):
        scene.find(inspection)
    scene.inspect(inspection, services.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    client = browser(scene.lead)
    client.get(page_of(inspection))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page_of(inspection)).status_code == 200
    assert len(asked) <= 15, [each["sql"] for each in asked]
