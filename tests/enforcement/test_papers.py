"""The documents of a served notice: frozen, tagged, the same bytes each time, read by the right people."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.models import Notice
from enforcement.papers.facts import digest
from enforcement.papers.making import keep_copies
from enforcement.papers.models import Paper
from enforcement.papers.setting import PaperDiffers, as_served, digest_of, set_draft, set_paper
from enforcement.papers.tasks import keep_papers
from enforcement.register.wording import APPEAL_SUSPENDS
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, RestrictedView
from regulator.outbox.models import Message
from tests.casework.closing import closed_to
from tests.enforcement.scene import Scene, provisions
from tests.factories import EmployerFactory, member, staff
from tests.inspections.correspondence.test_letters import roles, words
from tests.notifications.pages import browser

KINDS = list(Paper.Kind)
TYPES = list(Notice.Type)


def paper(notice: Notice, kind: str = Paper.Kind.NOTICE) -> Paper:
    return Paper.objects.get(attempt__notice=notice, attempt__failed_on=None, kind=kind)


def served(scene: Scene, notice_type: str = Notice.Type.IMPROVEMENT, **arguments: Any) -> Notice:
    return scene.notice("served", notice_type=notice_type, **arguments)


def test_the_notice_says_what_the_law_asks_for(scene: Scene) -> None:
    text = words(as_served(paper(served(scene, directions="Keep to the manual of the maker."))))
    for said in (
        scene.employer.name,
        f"{scene.site.name}, AB1 2CD",
        "section 21 of the Health and Safety at Work etc. Act 1974",
        "SECRET OPINION",
        "SECRET REASON",
        "Carry out quality assurance",
        "Regulation 6(5)(b)",
        "You must comply by 14 April 2025",
        "Lodge the appeal by 23 March 2025: 21 days beginning with the day of service, 3 March 2025",
        APPEAL_SUSPENDS,
        "section 23 of the Health",
        "Keep to the manual",
        "3 March 2025, 09:00 (London time)",
        "By hand",
        "1 Secret Street",
        "SECRET OFFICE",
    ):
        assert said in text, said
    for each in provisions("6(5)(b)", "17(4)"):
        assert each.heading in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("notice_type", TYPES)
def test_what_an_appeal_does_depends_on_the_type(scene: Scene, notice_type: str, kind: str) -> None:
    text = words(as_served(paper(served(scene, notice_type), kind)))
    assert (APPEAL_SUSPENDS in text) is (notice_type == "improvement")
    assert ("not suspend" in text) is (notice_type != "improvement")
    assert "23 March 2025" in text
    if kind == Paper.Kind.NOTICE:
        assert ("takes effect at once" in text) is (notice_type == "prohibition_immediate")
        assert ("at the end of 14 April 2025" in text) is (notice_type == "prohibition_deferred")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_whose_facts_say_nothing_of_appeals_says_what_it_said_then(
    scene: Scene, kind: str
) -> None:
    made = paper(served(scene), kind)
    made.facts.pop("appeal_means")
    text = words(set_paper(made.kind, made.facts, made_at=made.made_at))
    assert APPEAL_SUSPENDS not in text
    assert "suspends this notice until" in text or "suspends the notice from the day" in text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("notice_type", TYPES)
def test_each_document_is_tagged_and_the_same_bytes_each_time(
    scene: Scene, notice_type: str, kind: str, travel: time_machine.Traveller
) -> None:
    made = paper(served(scene, notice_type), kind)
    first = as_served(made)
    travel.move_to(clock.now() + timedelta(days=400))
    assert as_served(paper(made.attempt.notice, kind)) == first
    assert b"pdfuaid" in first
    found = roles(first)
    assert found[0] == "/Document"
    assert {"/H1", "/H2", "/P"} <= set(found)
    assert {"/Table", "/TH"} <= set(found)


@pytest.mark.parametrize("notice_type", TYPES)
def test_the_chain_holds_both_digests_of_both_documents(scene: Scene, notice_type: str) -> None:
    notice = served(scene, notice_type)
    told = notice.case.events.get(type="enforcement.served").payload["papers"]
    assert set(told) == {"notice", "leaflet"}
    for kind in KINDS:
        made = paper(notice, kind)
        assert told[kind] == {"facts": digest(made.facts), "pdf": digest_of(as_served(made))}


def test_a_later_change_of_the_employer_or_the_notice_changes_no_document(scene: Scene) -> None:
    notice = served(scene)
    before = as_served(paper(notice))
    type(scene.employer).objects.filter(pk=scene.employer.pk).update(name="Renamed since")
    Notice.objects.filter(pk=notice.pk).update(opinion="Other words.", reasons="Others.")
    assert as_served(paper(notice)) == before


def test_a_service_that_is_replayed_in_londons_summer_gives_the_same_bytes_again(scene: Scene) -> None:
    summer = datetime(2024, 7, 3, 10, 0, tzinfo=ZoneInfo("Europe/London"))
    with clock.at(summer):
        notice = served(scene)
        set_draft(*_case(notice))
    assert [digest_of(as_served(paper(notice, kind))) for kind in KINDS] == [
        paper(notice, kind).pdf_sha256 for kind in KINDS
    ]
    assert keep_copies() == (2, 0)


def test_a_worker_keeps_each_document_once(scene: Scene) -> None:
    notice = served(scene)
    before = {kind: as_served(paper(notice, kind)) for kind in KINDS}
    assert keep_papers() == 2
    assert keep_papers() == 0
    for kind in KINDS:
        made = paper(notice, kind)
        assert bytes(made.pdf or b"") == before[kind] == as_served(made)
        assert made.kept_at == clock.now()


def test_a_worker_killed_between_two_documents_goes_on_where_it_stopped(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = served(scene)
    calls: list[Paper] = []

    def killed(made: Paper) -> bytes:
        if calls:
            raise SystemExit("killed")
        calls.append(made)
        return as_served(made)

    monkeypatch.setattr("enforcement.papers.making.as_served", killed)
    with pytest.raises(SystemExit):
        keep_copies()
    monkeypatch.undo()
    assert Paper.objects.without_copy().count() == 1
    assert keep_copies() == (1, 0)
    assert paper(notice, "leaflet").pdf is not None


def test_what_cannot_be_set_as_it_was_served_is_neither_kept_nor_shown(scene: Scene) -> None:
    notice, other = served(scene), served(scene)
    Paper.objects.filter(attempt__notice=notice, kind="notice").update(pdf_sha256="0" * 64)
    with pytest.raises(PaperDiffers):
        as_served(paper(notice))
    assert keep_copies() == (3, 1)
    assert paper(notice).pdf is None
    assert paper(other).pdf is not None


def test_a_copy_that_is_kept_outlives_a_change_of_the_templates(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = served(scene)
    before = as_served(paper(notice))
    keep_copies()
    monkeypatch.setattr("enforcement.papers.setting.render", lambda *a, **k: b"another template")
    assert as_served(paper(notice)) == before


@pytest.mark.parametrize(
    "markup", ["#panic()", "$x$ *b* _i_", "<script>", "\\ @ref", "\N{GRINNING FACE} \x0b"]
)
def test_markup_in_a_text_is_text(scene: Scene, markup: str) -> None:
    pdf = set_draft(*_case(scene.draft(reasons=f"Before {markup} after")))
    assert re.search("Before .+ after", words(pdf))


def _case(notice: Notice) -> tuple[Case, Notice]:
    found = Notice.objects.select_related("legal_power", "case__employer", "case__site").get(pk=notice.pk)
    return found.case, found


@pytest.mark.parametrize("state", ["draft", "proposed", "approved"])
@pytest.mark.parametrize("notice_type", TYPES)
def test_a_draft_says_on_each_page_that_it_is_one(scene: Scene, state: str, notice_type: str) -> None:
    notice = scene.notice(state, notice_type=notice_type)
    path = reverse("admin:enforcement_notice_draft", args=[notice.pk])
    answer = browser(scene.inspector).get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    text = words(answer.content)
    assert text.count("DRAFT: not served") == 2
    assert "binds nobody" in text
    assert "Lodge the appeal by" not in text


def _get(by: User | None, notice: Notice, name: str = "document") -> Any:
    client = browser(by) if by else Client()
    return client.get(reverse(f"papers:{name}", args=[notice.case.reference]))


@pytest.mark.parametrize("name", ["document", "leaflet"])
def test_who_reads_the_documents(scene: Scene, name: str) -> None:
    notice = served(scene)
    elsewhere = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    for by in (scene.lead, scene.manager, scene.inspector, staff(Role.AUDITOR)):
        answer = _get(by, notice, name)
        assert answer.status_code == 200, by
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"
    assert _get(elsewhere, notice, name).status_code == 404
    assert _get(scene.reporter, notice, name).status_code in (403, 404)
    assert _get(staff(Role.ADMINISTRATOR), notice, name).status_code in (403, 404)
    assert _get(None, notice, name).status_code == 302


def test_what_was_not_served_is_not_found(scene: Scene) -> None:
    approved = scene.notice("approved")
    for by in (scene.lead, scene.manager):
        assert _get(by, approved).status_code == 404
    for reference in ("IRE-2025-99999-X", "nonsense", "IRE-2025-00001-A"):
        path = reverse("papers:document", args=[reference])
        assert browser(scene.lead).get(path).status_code == 404


def test_only_staff_read_a_draft_and_no_number_breaks_its_address(scene: Scene) -> None:
    notice = scene.notice("proposed")
    path = reverse("admin:enforcement_notice_draft", args=[notice.pk])
    assert browser(scene.lead).get(path).status_code in (302, 403, 404)
    for key in (0, notice.pk + 999, 10**30):
        path = reverse("admin:enforcement_notice_draft", args=[key])
        assert browser(scene.inspector).get(path).status_code == 404


def test_reading_that_of_a_restricted_case_is_recorded(scene: Scene) -> None:
    notice = served(scene)
    closed_to(notice.case, scene.inspector, by=scene.manager)
    assert _get(staff(Role.INSPECTOR), notice).status_code == 404
    assert _get(scene.inspector, notice).status_code == 200
    assert RestrictedView.objects.filter(case=notice.case, person=scene.inspector).exists()


def test_the_letter_says_where_the_documents_are(scene: Scene) -> None:
    notice = served(scene)
    body = Message.objects.filter(template="enforcement/notice_served", to=scene.lead.email).get().body
    for name in ("document", "leaflet"):
        assert reverse(f"papers:{name}", args=[notice.case.reference]) in body


def test_a_withdrawn_notice_is_still_read_by_whom_it_was_served_on(scene: Scene) -> None:
    notice = served(scene)
    scene.do(notice, services.withdraw, reason="Served on the wrong site.")
    assert _get(scene.lead, notice).status_code == 200
