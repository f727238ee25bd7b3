"""The employer's pages of a questionnaire: answered without JavaScript, by several, and never lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections import services as inspecting
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Answer, Questionnaire
from inspections.questionnaires.queries import answers_of
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Attachment
from regulator.organisations.models import Modality
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, person
from tests.inspections.questionnaires.conftest import Stage
from tests.notifications.pages import boxes, browser, date_boxes, problems, send, text

MOST_QUERIES = {"tasks": 12, "section": 14, "check": 13}


def address(stage: Stage, name: str = "tasks", *parts: str) -> str:
    reference = stage.fresh().case.reference
    return reverse(f"questionnaires:{name}", args=[reference, stage.sent.pk, *parts])


@pytest.fixture
def lead(stage: Stage) -> Client:
    stage.send()
    return browser(stage.scene.lead)


def test_the_page_of_the_inspection_says_what_is_to_do_and_what_was_done(stage: Stage, lead: Client) -> None:
    detail = reverse("inspections:detail", args=[stage.inspection.case.reference])
    page = text(lead.get(detail))
    assert "Answer the questionnaire by 17 March 2025" in page
    assert address(stage) in page
    assert "You do not need to do anything now" not in page
    stage.answer_all()
    stage.submit()
    page = text(lead.get(detail))
    assert "Questionnaires you submitted" in page
    assert "Answer the questionnaire by" not in page
    stage.give_back()
    assert "CQC asks again: answer the questionnaire by" in text(lead.get(detail))


def test_the_home_page_leads_to_what_is_owed(stage: Stage, lead: Client) -> None:
    assert address(stage) in text(lead.get(reverse("notifications:home")))


def test_from_the_list_to_the_submission(stage: Stage, lead: Client) -> None:
    shown: Any = lead.get(address(stage))
    page = text(shown)
    assert "You have completed 0 of 9 sections" in page
    assert page.count("Not started") == 9
    section = address(stage, "section", "training")
    answer = send(
        lead,
        section,
        training_entitlement="yes",
        training_entitlement_upload=SimpleUploadedFile("list.txt", b"The list."),
        training_adequate="partly",
        training_adequate_comment="Two are waiting.",
        training_share="97.5",
    )
    assert answer.headers["Location"] == address(stage, "section", "justification")
    kept = answers_of(stage.sent)
    assert kept["training_adequate"] == Given(choice="partly", comment="Two are waiting.")
    assert kept["training_entitlement"].files == (Attachment.objects.get().pk,)
    page = text(lead.get(address(stage)))
    assert "In progress" in page
    again = boxes(lead.get(section))
    assert again["training_share"] == ["97.5"]
    assert again["training_entitlement_files"] == [str(Attachment.objects.get().pk)]
    assert again["version"] == ["1"]
    check = address(stage, "check")
    page = text(lead.get(check))
    assert "Still missing" in page
    assert "list.txt (waiting to be scanned)" in page
    refused = send(lead, check, declaration="true")
    assert refused.status_code == 400
    assert any("Question 1: Answer this question" in each for each in problems(refused))
    stage.answer_all()
    assert "You have completed 9 of 9 sections" in text(lead.get(address(stage)))
    undeclared = send(lead, check)
    assert undeclared.status_code == 400
    assert stage.sent.submitted_at is None
    done = send(lead, check, declaration="true")
    assert done.headers["Location"] == address(stage)
    page = text(lead.get(address(stage)))
    assert "CQC is reading it" in page
    assert "The list is closed first." in page
    assert 'method="post"' not in page.partition("<main")[2]
    for name in ("check", "section"):
        parts = ["training"] if name == "section" else []
        assert lead.get(address(stage, name, *parts)).headers["Location"] == address(stage)
    late = lead.post(section, {"version": "1", "training_adequate": "no"})
    assert late.status_code == 409
    assert "submitted already" in text(late)


def test_the_last_section_and_the_other_button_lead_back_to_the_list(stage: Stage, lead: Client) -> None:
    last = stage.sent.content.sections[-1].key
    assert send(lead, address(stage, "section", last)).headers["Location"] == address(stage)
    first = stage.sent.content.sections[0].key
    back = send(lead, address(stage, "section", first), then="list")
    assert back.headers["Location"] == address(stage)


def test_what_is_no_number_or_date_stands_beside_its_box_and_nothing_typed_is_lost(
    stage: Stage, lead: Client
) -> None:
    section = address(stage, "section", "governance")
    typed = {"governance_protocols_comment": "Those of the new scanner.", "governance_protocols": "no"}
    refused: Any = send(lead, section, **typed, **date_boxes("governance_last_review", 31, 2, 2025))
    assert refused.status_code == 400
    assert problems(refused) == ["Question 2 must be a real date"]
    shown = boxes(refused)
    assert shown["governance_protocols_comment"] == ["Those of the new scanner."]
    assert shown["governance_protocols"] == ["no"]
    events = address(stage, "section", "events")
    assert send(lead, events, events_number="2,5").status_code == 400
    assert send(lead, events, events_number="12345678").status_code == 400
    assert lead.post(section, {"version": "0", "governance_followed": "maybe"}).status_code == 400
    foreign = Stage(stage.scene).file()
    stage.file()
    for chosen in ("x", "0", str(foreign.pk)):
        assert lead.post(section, {"version": "0", "governance_followed_files": chosen}).status_code == 400
    assert lead.post(section, {"version": "nonsense"}).status_code == 400
    assert not Answer.objects.exists()


def test_a_file_that_is_refused_is_named_beside_its_box(stage: Stage, lead: Client) -> None:
    section = address(stage, "section", "governance")
    program = SimpleUploadedFile("list.pdf", b"MZ\x90\x00 not a document")
    refused: Any = send(lead, section, governance_followed="yes", governance_followed_upload=program)
    assert refused.status_code == 400
    assert 'href="#id_governance_followed_upload"' in text(refused)
    assert "choose it again" in text(refused)
    assert boxes(refused)["governance_followed"] == ["yes"]
    empty = SimpleUploadedFile("list.txt", b"")
    assert send(lead, section, governance_followed_upload=empty).status_code == 400
    assert not Attachment.objects.exists()


def test_two_colleagues_in_one_section_the_second_is_told(stage: Stage, lead: Client) -> None:
    section = address(stage, "section", "governance")
    mine = boxes(lead.get(section))
    colleague = browser(member(stage.scene.employer, Role.EMPLOYER_LEAD))
    send(colleague, section, governance_protocols="yes", governance_protocols_comment="All are there.")
    refused: Any = lead.post(
        section, mine | {"governance_protocols": "no", "governance_protocols_comment": "One lacks."}
    )
    assert refused.status_code == 409
    page = text(refused)
    assert "All are there." in page
    assert "saved this section on" in page
    assert boxes(refused)["governance_protocols_comment"] == ["One lacks."]
    assert answers_of(stage.sent)["governance_protocols"].comment == "All are there."
    knowingly: Any = lead.post(section, boxes(refused))
    assert knowingly.status_code == 302
    assert answers_of(stage.sent)["governance_protocols"].comment == "One lacks."


def test_a_colleague_who_changed_an_answer_stops_the_submission(stage: Stage, lead: Client) -> None:
    stage.answer_all()
    check = address(stage, "check")
    read = boxes(lead.get(check))
    stage.save("governance", {"governance_protocols": Given(choice="no", comment="One lacks.")})
    refused: Any = lead.post(check, read | {"declaration": "true"})
    assert refused.status_code == 409
    assert "Someone else changed this questionnaire" in text(refused)
    assert "One lacks." in text(refused)
    assert lead.post(check, boxes(refused) | {"declaration": "true"}).status_code == 302


def test_what_names_somebody_is_refused_and_may_be_explained(stage: Stage, lead: Client) -> None:
    section = address(stage, "section", "governance")
    typed = {"governance_protocols": "no", "governance_protocols_comment": "Mr Patel left."}
    refused: Any = send(lead, section, **typed)
    assert refused.status_code == 400
    assert "identify somebody" in problems(refused)[0]
    explained = boxes(refused) | {"identifies_nobody": "An invented name."}
    assert lead.post(section, explained).status_code == 302


def test_returned_says_why_and_which(stage: Stage, lead: Client) -> None:
    stage.answer_all()
    stage.submit()
    stage.give_back("governance_followed", "training_adequate")
    page = text(lead.get(address(stage)))
    assert "Which audits were these?" in page
    assert "Look again at questions 4, 10" in page
    assert page.count("Asked again") == 2
    section = text(lead.get(address(stage, "section", "governance")))
    assert section.count("CQC asks again") == 1
    refused = send(lead, address(stage, "check"), declaration="true")
    assert [each.partition(":")[0] for each in problems(refused)] == ["Question 4", "Question 10"]


def test_taken_back_and_stood_down(stage: Stage, lead: Client) -> None:
    stage.withdraw()
    page = text(lead.get(address(stage)))
    assert "CQC took this questionnaire back on 3 March 2025" in page
    assert "Check your answers" not in page
    detail = text(lead.get(reverse("inspections:detail", args=[stage.inspection.case.reference])))
    assert address(stage) not in detail
    stage.send()
    stage.desk(inspecting.stand_down, reason="The site is closed.")
    assert "The inspection is over" in text(lead.get(address(stage)))
    assert lead.post(address(stage, "section", "governance"), {"version": "0"}).status_code == 409


def test_what_was_typed_before_a_sign_out_is_shown_again(stage: Stage, lead: Client) -> None:
    section = address(stage, "section", "governance")
    mine = boxes(lead.get(section)) | {"governance_protocols_comment": "Those of the new scanner."}
    lead.logout()
    assert lead.post(section, mine).status_code == 302
    lead.force_login(stage.scene.lead)
    shown: Any = lead.get(section)
    assert boxes(shown)["governance_protocols_comment"] == ["Those of the new scanner."]
    assert "Show what is saved instead" in text(shown)
    assert not Answer.objects.exists()


def test_nobody_elses(stage: Stage, lead: Client, scene: Scene) -> None:
    stranger = browser(member(EmployerFactory.create(), Role.EMPLOYER_LEAD))
    colleague = browser(scene.reporter)
    other = Stage(scene)
    reference = other.fresh().case.reference
    for name, parts in (("tasks", []), ("check", []), ("section", ["governance"])):
        there = address(stage, name, *parts)
        assert stranger.get(there).status_code == 404
        if name != "tasks":
            assert stranger.post(there, {"version": 1, "declaration": "true"}).status_code == 404
        assert colleague.get(there).status_code == 403
        elsewhere = reverse(f"questionnaires:{name}", args=[reference, stage.sent.pk, *parts])
        assert lead.get(elsewhere).status_code == 404, "of another inspection"
        assert lead.get(there.replace(f"/{stage.sent.pk}/", "/99999999999999999999/")).status_code == 404
    assert lead.get(address(stage, "section", "no-such")).status_code == 404
    for role in (Role.INSPECTOR, Role.CASE_OFFICER):
        assert browser(person(role, scene.employer)).get(address(stage)).status_code in (403, 404)


@pytest.mark.parametrize("modality", Modality.values)
def test_every_section_of_every_modality_can_be_opened_and_saved(scene: Scene, modality: str) -> None:
    stage = Stage(scene)
    type(stage.inspection.case).objects.filter(pk=stage.inspection.pk).update(modality=modality)
    stage.send(questionnaire=modality)
    client = browser(scene.lead)
    for section in stage.sent.content.sections:
        there = address(stage, "section", section.key)
        page = text(client.get(there))
        for number in (1, len(section.questions)):
            assert section.questions[number - 1].text in page.replace("&#39;", "'")
        assert send(client, there).status_code == 302
    assert not Answer.objects.exists()


def fill(stage: Stage, files: int) -> None:
    """Every question answered, with so many files each where files go."""
    kept = tuple(stage.file(f"list-{number}.txt").pk for number in range(files))
    named = {
        each.key: Given(choice="yes", comment="So.", files=kept)
        for each in stage.sent.content.questions
        if each.evidence
    }
    stage.answer_all(**named)


def test_the_pages_cost_the_same_at_any_size(stage: Stage, lead: Client) -> None:
    def cost(name: str, *parts: str) -> int:
        there = address(stage, name, *parts)
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(there).status_code == 200
        return len(queries)

    pages = {"tasks": (), "section": ("governance",), "check": ()}
    stage.answer_all()
    stage.submit()
    stage.give_back("governance_followed")
    few = {name: cost(name, *parts) for name, parts in pages.items()}
    fill(stage, 4)
    stage.submit()
    stage.give_back("governance_followed", "training_adequate")
    assert {name: cost(name, *parts) for name, parts in pages.items()} == few
    for name, most in MOST_QUERIES.items():
        assert few[name] <= most, few


def test_the_page_of_the_inspection_costs_one_query_more_for_any_number(stage: Stage) -> None:
    client = browser(stage.scene.lead)
    detail = reverse("inspections:detail", args=[stage.inspection.case.reference])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(detail).status_code == 200
        return len(queries)

    none = cost()
    for _ in range(3):
        stage.send()
        stage.answer_all()
        stage.submit()
        stage.accept()
    assert Questionnaire.objects.count() == 3
    assert cost() == none


def test_overdue_is_said(stage: Stage, lead: Client, travel: Any) -> None:
    travel.shift(timedelta(days=15))
    lead.force_login(stage.scene.lead)
    assert "Overdue" in text(lead.get(address(stage)))
    assert clock.today() > stage.sent.due_on
