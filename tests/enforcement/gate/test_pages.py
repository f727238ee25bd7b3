"""The gate on the desk: what changes, the PDF, the clocks, who is counted, and entries without a notice."""

from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.desk_home import at_the_gate
from enforcement.gate.models import Proposal
from enforcement.register.importing import PUBLISHED, import_entries
from enforcement.register.models import RegisterEntry
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import RestrictedView
from tests.casework.closing import closed_to
from tests.enforcement.gate.stage import entry_of, open_of, proposed, published
from tests.enforcement.scene import Scene
from tests.factories import person, staff
from tests.notifications.pages import browser

Travel = time_machine.Traveller


def _page(client: Client, proposal: Proposal, what: str = "change") -> Any:
    return client.get(reverse(f"admin:gate_proposal_{what}", args=[proposal.pk]))


def test_the_page_marks_the_words_that_go_and_those_that_come(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    said = "Carry out quality assurance of all written procedures <b>"
    changes = {"description": said}
    scene.do(notice, gate.correct_entry, scene.inspector, why="A word was missing.", changes=changes)
    shown = _page(browser(scene.second), open_of(notice))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert "of <ins>all </ins>written <ins>procedures &lt;b&gt;</ins>" in " ".join(page.split())
    assert "of written <del>procedures.</del>" in " ".join(page.split())
    assert [line.label for line in shown.context["changed"]] == ["Description"]
    assert "Update of the register entry" in page
    assert "A word was missing." in page


def test_a_new_entry_is_shown_whole_with_its_clock(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    page = _page(browser(scene.second), open_of(notice)).content.decode()
    for words in ("A new entry", "Entry on the public register", "7 April 2025", scene.employer.name):
        assert words in page, words


def test_the_pdf_is_what_the_public_gets_tagged_and_the_same_bytes(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    proposal = open_of(notice)
    answer = _page(browser(scene.second), proposal, "pdf")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert bytes(entry.document.content) == answer.content
    reader = PdfReader(BytesIO(answer.content))
    text = " ".join(page.extract_text() for page in reader.pages)
    for words in (
        "Improvement notice",
        scene.employer.name,
        "Carry out quality assurance",
        "regulation 6(5)(b)",
    ):
        assert words in text, words
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "en-GB"
    assert b"pdfuaid" in catalog["/Metadata"].get_object().get_data()


@pytest.mark.parametrize("role", sorted(Role))
def test_who_reads_a_proposal(scene: Scene, travel: Travel, role: Role) -> None:
    proposal = open_of(proposed(scene, travel))
    allowed = role in {
        Role.CASE_OFFICER,
        Role.INSPECTOR,
        Role.ENFORCEMENT_MANAGER,
        Role.ANALYST,
        Role.AUDITOR,
    }
    client = browser(person(role, scene.employer))
    for what in ("change", "pdf"):
        assert (_page(client, proposal, what).status_code == 200) == allowed


def test_a_restricted_case_shows_its_proposal_to_those_named_and_records_it(
    scene: Scene, travel: Travel
) -> None:
    notice = proposed(scene, travel)
    proposal = open_of(notice)
    closed_to(notice.case, scene.manager, by=scene.manager)
    for what in ("change", "pdf"):
        assert _page(browser(scene.second), proposal, what).status_code == 404
    before = RestrictedView.objects.count()
    assert _page(browser(scene.manager), proposal).status_code == 200
    assert RestrictedView.objects.count() == before + 1
    for nobody in (0, 2**63):
        missing = reverse("admin:gate_proposal_change", args=[nobody])
        assert browser(scene.manager).get(missing).status_code == 404


def test_the_home_counts_what_waits_for_whom(scene: Scene, travel: Travel) -> None:
    def counts(user: Any) -> list[int]:
        panel = at_the_gate(user)
        assert panel is not None
        return [line.count for line in panel.lines]

    notice = published(scene, travel)
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    assert counts(scene.manager) == [0, 0, 0, 0]
    assert counts(scene.second) == [1, 0, 0, 0]
    client = browser(scene.second)
    panel = at_the_gate(scene.second)
    assert panel is not None
    listed: Any = client.get(panel.lines[0].url)
    assert str(notice.case.reference) in listed.content.decode()
    scene.do(notice, gate.return_entry, scene.second, reason="Look at the day.")
    assert counts(scene.second) == [0, 0, 1, 0]
    assert counts(scene.inspector) == [0, 1]
    assert at_the_gate(staff(Role.CASE_OFFICER)) is None


@pytest.mark.parametrize("changes", [0, 6])
def test_the_page_takes_a_bounded_number_of_queries(
    scene: Scene, travel: Travel, changes: int, django_assert_max_num_queries: Any
) -> None:
    notice = published(scene, travel)
    for number in range(changes + 1):
        said = {"location": f"Ward {number}"}
        scene.do(notice, gate.correct_entry, scene.inspector, why="The ward.", changes=said)
    client, proposal = browser(scene.second), open_of(notice)
    _page(client, proposal)
    with django_assert_max_num_queries(9):
        assert _page(client, proposal).status_code == 200
    case = reverse("admin:casework_case_change", args=[notice.pk])
    client.get(case)  # what a process reads once is read by now
    with django_assert_max_num_queries(15):
        shown = client.get(case).content.decode()
    assert f"Version {changes + 2}" in shown


def test_an_imported_entry_is_corrected_on_its_pages(scene: Scene, travel: Travel) -> None:
    list(import_entries(PUBLISHED))
    entry = RegisterEntry.objects.earliest("pk")
    inspector, second = browser(scene.inspector), browser(scene.second)
    overview = reverse("admin:gate_proposal_changelist")
    assert entry.employer_name in inspector.get(overview, {"q": entry.employer_name[:9]}).content.decode()
    assert "Correct<" not in browser(staff(Role.ANALYST)).get(overview).content.decode()
    page = reverse("admin:gate_proposal_correct", args=[entry.slug])
    form = inspector.get(page).context["form"]
    typed = {box.name: box.value() or "" for box in form}
    assert inspector.post(page, typed | {"why": ""}).status_code == 400
    assert inspector.post(page, typed | {"why": "x", "version": "7"}).status_code == 409
    wrong = inspector.post(page, typed | {"why": "The wing.", "served_on": "1999-01-01"})
    assert wrong.status_code == 400
    assert "The wing." in wrong.content.decode()
    done = inspector.post(page, typed | {"why": "The wing.", "location": "East Wing"})
    assert done.status_code == 302
    proposal = Proposal.objects.get()
    assert second.get(overview).content.decode().count("The wing.") == 1
    approve = reverse("admin:gate_proposal_approve", args=[proposal.pk])
    assert inspector.post(approve, {"entry_read": "on"}).status_code == 403
    assert second.post(approve, {}).status_code == 400
    assert second.post(approve, {"entry_read": "on"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.location, entry.version) == ("East Wing", 2)
    remove = reverse("admin:gate_proposal_remove", args=[entry.slug])
    assert second.post(remove, {"why": "No notice.", "version": "2"}).status_code == 302
    away = Proposal.objects.get(state="waiting")
    assert "The entry would go" in _page(browser(scene.manager), away).content.decode()
    give_back = reverse("admin:gate_proposal_return", args=[away.pk])
    assert browser(scene.manager).post(give_back, {"reason": "It is one."}).status_code == 302
    assert RegisterEntry.objects.filter(pk=entry.pk).exists()


@pytest.mark.parametrize("query", [{"q": "x" * 300}, {"page": "-1"}, {"page": "nonsense"}, {"q": "\x00"}])
def test_nonsense_in_the_address_is_no_error(scene: Scene, query: dict[str, str]) -> None:
    list(import_entries(PUBLISHED))
    assert browser(scene.manager).get(reverse("admin:gate_proposal_changelist"), query).status_code == 200


def test_the_list_takes_a_bounded_number_of_queries(scene: Scene, django_assert_max_num_queries: Any) -> None:
    client, overview = browser(scene.manager), reverse("admin:gate_proposal_changelist")
    client.get(overview)
    for made in (False, True):
        if made:
            list(import_entries(PUBLISHED))
            for entry in RegisterEntry.objects.all():
                gate.remove_imported(slug=entry.slug, by=scene.inspector, version=1, why="No notice.")
        with django_assert_max_num_queries(8):
            assert client.get(overview).status_code == 200
