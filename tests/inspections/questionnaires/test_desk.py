"""The desk: sending and deciding by its forms, the page of a questionnaire, the mark in the queue."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections import services as inspecting
from inspections.questionnaires.answering import Given
from inspections.questionnaires.desk import questionnaires_to_read
from regulator.accounts.roles import Role
from regulator.casework.evidence.rebuilding import case_as_of, case_at_present
from regulator.casework.models import Attachment, Case, Event, RestrictedView
from regulator.casework.search.texts import rows_for
from regulator.casework.services import restrict
from tests.factories import staff
from tests.inspections.questionnaires.conftest import Stage
from tests.inspections.questionnaires.test_pages import fill
from tests.notifications.pages import boxes, browser, text

MOST_QUERIES = 13


def case_page(stage: Stage) -> str:
    return reverse("admin:casework_case_change", args=[stage.inspection.pk])


def page_of(stage: Stage, **asked: str) -> str:
    there = reverse("admin:questionnaires_questionnaire_change", args=[stage.sent.pk])
    return f"{there}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


def do(client: Client, stage: Stage, deed: str, **typed: Any) -> Any:
    there = reverse("admin:casework_case_do", args=[stage.inspection.pk, deed])
    shown = client.get(there)
    assert shown.status_code == 200, text(shown)
    return client.post(there, boxes(shown) | typed)


@pytest.fixture
def inspector(stage: Stage) -> Client:
    return browser(stage.scene.inspector)


def test_sent_returned_accepted_and_withdrawn_by_the_desks_forms(stage: Stage, inspector: Client) -> None:
    assert do(inspector, stage, "send_questionnaire", due_on="2025-03-17").status_code == 302
    page = text(inspector.get(case_page(stage)))
    assert "Self-assessment: radiotherapy, edition 1" in page
    assert page_of(stage).rstrip("?") in page
    assert "17 March 2025" in page
    stage.answer_all(governance_followed=Given(choice="no", comment="There was no time."))
    stage.submit()
    assert "1 no, 0 partly" in text(inspector.get(case_page(stage)))
    given = do(
        inspector,
        stage,
        "return_questionnaire",
        questions=["governance_followed"],
        reason="When will there be?",
        due_on="2025-03-24",
    )
    assert given.status_code == 302
    assert stage.sent.returned_at is not None
    stage.save("governance", {"governance_followed": Given(choice="partly", comment="From June on.")})
    stage.submit()
    assert do(inspector, stage, "accept_questionnaire").status_code == 302
    assert stage.sent.accepted_by == stage.scene.inspector
    do(inspector, stage, "send_questionnaire", due_on="2025-03-17")
    assert do(inspector, stage, "withdraw_questionnaire", reason="Sent twice.").status_code == 302
    assert stage.sent.withdrawn_by == stage.scene.inspector


def test_a_deed_is_offered_only_where_it_can_be_done(stage: Stage, inspector: Client) -> None:
    def offered() -> set[str]:
        page = text(inspector.get(case_page(stage)))
        names = ("send", "return", "accept", "withdraw")
        return {name for name in names if f"/do/{name}_questionnaire/" in page}

    assert offered() == {"send"}
    stage.send()
    assert offered() == {"withdraw"}
    stage.answer_all()
    stage.submit()
    assert offered() == {"return", "accept", "withdraw"}
    stage.accept()
    assert offered() == {"send"}
    stage.desk(inspecting.stand_down, reason="The site is closed.")
    assert offered() == set()


def test_a_draft_is_the_employers_alone(stage: Stage, inspector: Client) -> None:
    stage.send()
    stage.save("governance", {"governance_protocols": Given(choice="no", comment="One lacks.")})
    page = text(inspector.get(page_of(stage)))
    assert "has not been submitted yet" in page
    assert "One lacks." not in page
    assert "One lacks." not in text(inspector.get(case_page(stage)))
    assert "lacks" not in rows_for([stage.inspection.pk])[0].words
    stage.answer_all(governance_protocols=Given(choice="no", comment="One lacks."))
    stage.submit()
    assert "One lacks." in text(inspector.get(page_of(stage)))
    assert "lacks" in rows_for([stage.inspection.pk])[0].words
    stage.give_back("governance_protocols")
    stage.save("governance", {"governance_protocols": Given(choice="yes", comment="Found in a drawer.")})
    page = text(inspector.get(page_of(stage)))
    assert "One lacks." in page
    assert "drawer" not in page
    assert "drawer" not in rows_for([stage.inspection.pk])[0].words
    stage.submit()
    page = text(inspector.get(page_of(stage)))
    assert "Found in a drawer." in page
    assert page.count("Changed since the last submission") == 1


def test_no_and_partly_come_first_where_that_is_asked(stage: Stage, inspector: Client) -> None:
    stage.send()
    stage.answer_all(
        governance_followed=Given(choice="partly", comment="Some are."),
        audit_acted_on=Given(choice="no", comment="None was."),
    )
    stage.submit()
    by_section = text(inspector.get(page_of(stage)))
    assert by_section.index("Some are.") < by_section.index("None was.")
    first = text(inspector.get(page_of(stage, show="concerns")))
    assert first.index("None was.") < first.index("Some are.") < first.index("Governance and procedures")
    assert first.count("None was.") == 1
    nonsense = text(inspector.get(page_of(stage, show="x")))
    assert nonsense.count("Some are.") == 1


def test_files_are_read_from_the_page_once_they_are_clean(stage: Stage, inspector: Client) -> None:
    stage.send()
    fill(stage, 1)
    stage.submit()
    kept = Attachment.objects.get()
    link = reverse("admin:casework_case_file", args=[stage.inspection.pk, kept.pk])
    assert link in text(inspector.get(page_of(stage)))
    Attachment.objects.update(scan=Attachment.Scan.PENDING)
    assert link not in text(inspector.get(page_of(stage)))


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.CASE_OFFICER, 200),
        (Role.ANALYST, 200),
        (Role.AUDITOR, 200),
        (Role.ENFORCEMENT_MANAGER, 200),
        (Role.ADMINISTRATOR, 403),
    ],
)
def test_who_reads_it(stage: Stage, role: Role, status: int) -> None:
    stage.send()
    reader = browser(staff(role))
    assert reader.get(page_of(stage)).status_code == status
    assert reader.post(page_of(stage)).status_code in (403, 405)
    assert reader.get("/desk/questionnaires/questionnaire/999/").status_code in (403, 404)
    assert "/do/accept_questionnaire/" not in text(reader.get(page_of(stage)))


def test_strangers_do_not_enter(stage: Stage) -> None:
    stage.send()
    assert browser().get(page_of(stage)).status_code == 302
    assert browser(stage.scene.lead).get(page_of(stage)).status_code == 403


def test_of_a_restricted_case_it_is_not_found_and_a_look_is_recorded(stage: Stage, inspector: Client) -> None:
    stage.send()
    case = stage.fresh().case
    scene = stage.scene
    restrict(
        case=case, by=scene.inspector, version=case.version, reason="Looked into.", people=[scene.inspector]
    )
    before = RestrictedView.objects.count()
    assert browser(staff(Role.INSPECTOR)).get(page_of(stage)).status_code == 404
    assert RestrictedView.objects.count() == before
    assert inspector.get(page_of(stage)).status_code == 200
    seen = RestrictedView.objects.latest("pk")
    assert seen.what == "questionnaires_questionnaire_change"
    assert seen.person == scene.inspector


def test_the_queue_and_the_home_show_what_waits_to_be_read(stage: Stage, inspector: Client) -> None:
    stage.send()
    queue = reverse("admin:casework_case_changelist") + "?mark=questionnaire_to_read"
    reference = str(stage.fresh().case.reference)
    assert reference not in text(inspector.get(queue))
    stage.answer_all()
    stage.submit()
    assert reference in text(inspector.get(queue))
    assert queue in text(inspector.get("/desk/")).replace("&amp;", "&")
    panel = questionnaires_to_read(stage.scene.inspector)
    assert panel is not None
    assert [each.count for each in panel.lines] == [1]
    assert questionnaires_to_read(stage.scene.manager) is None
    stage.accept()
    assert reference not in text(inspector.get(queue))


def test_the_page_costs_the_same_at_any_size(stage: Stage, inspector: Client) -> None:
    stage.send()
    stage.answer_all()
    stage.submit()

    inspector.get(case_page(stage))  # what is read once in a process is read

    def cost() -> int:
        there = page_of(stage)
        with CaptureQueriesContext(connection) as queries:
            assert inspector.get(there).status_code == 200
        return len(queries)

    few = cost()
    for _ in range(2):
        stage.give_back("governance_followed")
        fill(stage, 4)
        stage.save(
            "governance", {"governance_followed": Given(choice="yes", comment=f"{Event.objects.count()}")}
        )
        stage.submit()
    assert few <= MOST_QUERIES
    assert cost() <= few + 1, "the files"


def test_the_page_of_the_case_costs_the_same_for_any_number(stage: Stage, inspector: Client) -> None:
    inspector.get(case_page(stage))  # what is read once in a process is read

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert inspector.get(case_page(stage)).status_code == 200
        return len(queries)

    def once() -> None:
        stage.send()
        stage.answer_all()
        stage.submit()
        stage.accept()

    once()
    one = cost()
    once()
    once()
    assert cost() == one
    assert one <= 15


def test_the_past_tells_each_submission_and_return_and_no_draft(stage: Stage, travel: Any) -> None:
    stage.send()
    stage.answer_all(governance_protocols=Given(choice="no", comment="One lacks."))
    stage.submit()
    stage.give_back("governance_protocols")
    stage.save("governance", {"governance_protocols": Given(choice="yes", comment="Found in a drawer.")})
    case = Case.objects.get(pk=stage.inspection.pk)
    last = Event.objects.filter(case=case).latest("sequence")
    then = case_as_of(case, last.sequence)
    now = case_at_present(case)
    for part in ("questionnaires", "questionnaire_submissions", "questionnaire_returns"):
        assert then[part] == now[part], part
    told = str(then)
    assert "One lacks." in told
    assert "drawer" not in told
    assert "Which audits were these?" in told
    past = browser(stage.scene.inspector).get(
        reverse("admin:casework_case_past", args=[case.pk]), {"on": "2025-03-03"}
    )
    page = text(past)
    assert "Is there a written protocol for every standard exposure" in page
    assert "Comment: One lacks." in page
    assert "Governance protocols" in page
