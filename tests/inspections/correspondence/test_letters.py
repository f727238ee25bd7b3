"""Letters: prepared by one, sent by another, as they were prepared; what the PDF says; who may read it."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from pypdf import PdfReader

from inspections import services as inspecting
from inspections.correspondence import services
from inspections.correspondence.facts import digest
from inspections.correspondence.models import Correspondence
from inspections.correspondence.setting import as_pdf
from inspections.models import Finding, Inspection
from inspections.services.findings import record_finding
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event, RestrictedView
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.organisations.policies import InterestDeclared, NotPermitted
from regulator.outbox.models import Message
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene, provisions
from tests.factories import EmployerFactory, SiteFactory, member, person, staff
from tests.inspections.letters import Kind, approved, prepared, send_letter
from tests.notifications.pages import browser

STATES: dict[str, str] = {
    Kind.ANNOUNCEMENT: "planned",
    Kind.EVIDENCE_REQUEST: "announced",
    Kind.FEEDBACK: "feedback_drafted",
    Kind.REPORT: "factual_accuracy",
}
AFTER: dict[str, str] = {
    Kind.ANNOUNCEMENT: "announced",
    Kind.EVIDENCE_REQUEST: "evidence_requested",
    Kind.FEEDBACK: "factual_accuracy",
    Kind.REPORT: "final",
}


def choices(kind: str) -> dict[str, Any]:
    if kind == Kind.EVIDENCE_REQUEST:
        return {"documents": ["Training records"], "due_on": clock.today() + timedelta(days=7)}
    return {"reason": "They agreed by telephone."} if kind == Kind.REPORT else {}


def waiting(scene: Scene, kind: str, **arguments: Any) -> Correspondence:
    inspection = scene.inspection(STATES[kind], **arguments)
    return prepared(inspection, kind, by=scene.inspector, **choices(kind))


def words(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


def roles(pdf: bytes) -> list[str]:
    """The roles of the document's structure, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    walk(root["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("kind", STATES)
def test_nothing_leaves_before_a_second_person_approves_it(scene: Scene, kind: str) -> None:
    letter = waiting(scene, kind)
    case = letter.inspection.case
    told = Message.objects.filter(case=case).count()
    assert Case.objects.get(pk=case.pk).status == STATES[kind]
    approved(letter, by=scene.manager)
    assert case.status == AFTER[kind]
    letter.refresh_from_db()
    assert (letter.prepared_by, letter.approved_by) == (scene.inspector, scene.manager)
    sent = Message.objects.filter(case=case).order_by("-pk")
    assert sent.count() == told + 1
    assert f"/inspections/{case.reference}/letters/{letter.number}/" in sent[0].body
    event = Event.objects.get(case=case, type="correspondence.sent", payload__letter=letter.number)
    assert event.payload["sha256"] == letter.sha256 == digest(letter.facts)
    assert first_broken_link() is None


@pytest.mark.parametrize("kind", STATES)
def test_nobody_approves_what_they_prepared(scene: Scene, kind: str) -> None:
    letter = waiting(scene, kind)
    with pytest.raises(NotPermitted, match="somebody other"):
        approved(letter, by=scene.inspector)
    letter.refresh_from_db()
    assert letter.is_waiting
    with pytest.raises(IntegrityError), transaction.atomic():
        Correspondence.objects.filter(pk=letter.pk).update(
            approved_by=scene.inspector, approved_at=clock.now()
        )


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("kind", STATES)
def test_who_prepares_and_who_approves(scene: Scene, kind: str, role: Role) -> None:
    by = person(role, scene.employer)
    inspection = scene.inspection(STATES[kind])
    if role is Role.INSPECTOR:
        letter = prepared(inspection, kind, by=by, **choices(kind))
    else:
        with pytest.raises(NotPermitted):
            prepared(inspection, kind, by=by, **choices(kind))
        letter = prepared(inspection, kind, by=scene.inspector, **choices(kind))
    second = scene.inspector if role is Role.INSPECTOR else by
    if role in (Role.INSPECTOR, Role.ENFORCEMENT_MANAGER):
        approved(letter, by=second)
        assert inspection.case.status == AFTER[kind]
    else:
        with pytest.raises(NotPermitted):
            approved(letter, by=second)
        assert Case.objects.get(pk=inspection.pk).status == STATES[kind]


@pytest.mark.parametrize("state", ["planned", "announced", "on_site", "feedback_drafted", "final"])
def test_a_letter_is_prepared_in_its_turn_alone(scene: Scene, state: str) -> None:
    for kind in STATES:
        inspection = scene.inspection(state)
        if STATES[kind] == state:
            prepared(inspection, kind, by=scene.inspector, **choices(kind))
            continue
        with pytest.raises(NotAllowedNow):
            prepared(inspection, kind, by=scene.inspector, **choices(kind))
    with pytest.raises(ValidationError, match="no such letter"):
        prepared(scene.inspection(state), "rumour", by=scene.inspector)


def test_a_letter_whose_facts_have_changed_is_prepared_again(scene: Scene) -> None:
    letter = waiting(scene, Kind.FEEDBACK)
    inspection = letter.inspection
    scene.find(inspection)
    with pytest.raises(NotAllowedNow, match="Prepare it again"):
        approved(letter, by=scene.manager)
    assert not Finding.objects.exclude(fed_back_on=None).exists()
    again = prepared(inspection, Kind.FEEDBACK, by=scene.inspector)
    letter.refresh_from_db()
    assert letter.replaced_at is not None
    with pytest.raises(NotAllowedNow, match="does not wait"):
        approved(letter, by=scene.manager)
    approved(again, by=scene.manager)
    assert "No review was on record." in words(as_pdf(again))


@pytest.mark.parametrize("change", ["planned_on", "site", "team"])
def test_another_day_site_or_team_is_another_announcement(scene: Scene, change: str) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    inspection = letter.inspection
    if change == "planned_on":
        Inspection.objects.filter(pk=inspection.pk).update(planned_on=clock.today() + timedelta(days=3))
    elif change == "site":
        scene.site.name = "Renamed Hospital"
        scene.site.save()
    else:
        scene.join(inspection)
    with pytest.raises(NotAllowedNow, match="Prepare it again"):
        approved(letter, by=scene.manager)


def test_the_dates_are_those_of_the_day_of_sending(scene: Scene, travel: time_machine.Traveller) -> None:
    letter = waiting(scene, Kind.FEEDBACK)
    assert "17 March 2025" in words(as_pdf(letter))
    assert "Not sent" in words(as_pdf(letter))
    travel.move_to("2025-03-06 09:00+00:00")
    seen = words(as_pdf(letter))
    assert "20 March 2025" in seen
    approved(letter, by=scene.manager)
    assert (
        Deadline.objects.get(case=letter.inspection.case, kind="accuracy").due_on.isoformat() == "2025-03-20"
    )
    sent = words(as_pdf(letter))
    assert "20 March 2025" in sent
    assert "6 March 2025" in sent
    assert "Not sent" not in sent


def test_the_same_letter_does_not_wait_twice(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    with pytest.raises(NotAllowedNow, match="waits already"):
        prepared(letter.inspection, Kind.ANNOUNCEMENT, by=staff(Role.INSPECTOR))
    with pytest.raises(IntegrityError), transaction.atomic():
        Correspondence.objects.create(
            inspection=letter.inspection,
            number=9,
            kind=Kind.ANNOUNCEMENT,
            sha256="0" * 64,
            prepared_by=scene.inspector,
        )


def test_of_two_who_approve_one_sends(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    other = Correspondence.objects.get(pk=letter.pk)
    version = letter.inspection.case.version
    approved(letter, by=scene.manager)
    with pytest.raises(StaleVersion):
        services.approve_letter(letter=other, by=staff(Role.INSPECTOR), version=version)
    with pytest.raises(NotAllowedNow, match="does not wait"):
        approved(Correspondence.objects.get(pk=letter.pk), by=staff(Role.INSPECTOR))
    assert Message.objects.filter(template="inspections/announcement").count() == 1
    assert Event.objects.filter(type="correspondence.sent").count() == 1


def test_a_letter_goes_back_with_a_reason(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    case = letter.inspection.case

    def reject(reason: str) -> None:
        services.reject_letter(letter=letter, by=scene.manager, version=case.version, reason=reason)

    with pytest.raises(ValidationError, match="reason"):
        reject("  ")
    with pytest.raises(IdentifiersFound):
        reject("Mrs Smithson is away.")
    reject(" The unit moved. ")
    letter.refresh_from_db()
    assert (letter.rejection, letter.rejected_by) == ("The unit moved.", scene.manager)
    assert Event.objects.get(type="correspondence.rejected").typed.text == "The unit moved."
    for deed in (lambda: reject("Again."), lambda: approved(letter, by=staff(Role.INSPECTOR))):
        with pytest.raises(NotAllowedNow):
            deed()
    again = prepared(letter.inspection, Kind.ANNOUNCEMENT, by=scene.inspector)
    assert again.number == letter.number + 1
    assert case.status == "planned"


def test_an_interest_declared_meanwhile_stops_both(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    second = staff(Role.INSPECTOR)
    interest_of(second, scene.employer)
    with pytest.raises(InterestDeclared):
        approved(letter, by=second)
    interest_of(scene.inspector, scene.employer)
    with pytest.raises(NotAllowedNow, match="may not work on"):
        approved(letter, by=scene.manager)


def test_a_day_that_has_gone_by_is_not_asked_for(scene: Scene, travel: time_machine.Traveller) -> None:
    letter = waiting(scene, Kind.EVIDENCE_REQUEST)
    travel.shift(timedelta(days=8))
    with pytest.raises(NotAllowedNow, match="gone by"):
        approved(letter, by=scene.manager)
    assert not letter.inspection.case.information_requests.exists()


def test_a_letter_that_the_inspection_overtook_is_not_sent(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    scene.inspect(letter.inspection, inspecting.visit, visited_on=clock.today())
    with pytest.raises(NotAllowedNow, match="Only a case that is"):
        approved(letter, by=scene.manager)


def test_a_report_waits_for_comments_unless_a_reason_says_why_not(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = scene.inspection("factual_accuracy")
    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="may comment until 17 March 2025") as refused:
            prepared(inspection, Kind.REPORT, by=scene.inspector, reason=reason)
        assert list(refused.value.message_dict) == ["reason"]
    travel.move_to("2025-03-18 09:00+00:00")
    letter = prepared(inspection, Kind.REPORT, by=scene.inspector)
    Deadline.objects.filter(case=inspection.case, kind="accuracy").update(due_on=clock.today())
    with pytest.raises(NotAllowedNow, match="may comment until"):
        approved(letter, by=scene.manager)
    travel.move_to("2025-03-19 09:00+00:00")
    approved(letter, by=scene.manager)
    assert inspection.case.status == "final"


@pytest.mark.parametrize("kind", STATES)
def test_it_is_a_tagged_pdf_ua_and_the_same_each_time(scene: Scene, kind: str) -> None:
    letter = approved(waiting(scene, kind), by=scene.manager)
    pdf = as_pdf(letter)
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        assert as_pdf(Correspondence.objects.get(pk=letter.pk)) == pdf
    root: Any = PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    metadata = PdfReader(io.BytesIO(pdf)).metadata
    assert metadata is not None
    assert str(metadata.title).endswith(str(letter.inspection.case.reference))
    found = roles(pdf)
    headings = [each for each in found if each in ("/H1", "/H2", "/H3")]
    assert headings[0] == "/H1"
    assert headings.count("/H1") == 1
    assert {"/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P"} <= set(found)
    said = words(pdf)
    for each in (
        letter.inspection.case.reference,
        scene.employer.name,
        "This employer is invented",
        "3 March 2025",
    ):
        assert str(each) in said, each
    assert letter.sha256 in said.replace(" ", "")
    for somebody in (scene.inspector, scene.manager):
        assert somebody.name not in said, "roles, no names"


def test_a_report_groups_what_was_found_and_says_what_is_to_be_answered(scene: Scene) -> None:
    inspection = scene.inspection(
        "on_site",
        scope="How referrals\nare checked.",
        further_sites=[SiteFactory.create(employer=scene.employer)],
    )
    for kind, text in (("good_practice", "Audits were good."), ("breach", "*No* #procedure $x$ “stood”.")):
        scene.inspect(
            inspection, record_finding, kind=kind, provisions=provisions("6(5)(b)", "17(4)"), text=text
        )
    scene.feed_back(inspection)
    letter = Correspondence.objects.get(inspection=inspection, kind=Kind.REPORT)
    said = words(as_pdf(letter))
    order = [
        "Breaches",
        "*No* #procedure $x$ “stood”.",
        "Good practice",
        "Audits were good.",
        "What happens next",
    ]
    places = [said.index(each) for each in order]
    assert places == sorted(places)
    assert "regulation 6(5)(b), regulation 17(4)" in said
    assert "31 March 2025" in said
    assert "The employer sent no comments on the facts." in said
    assert scene.site.name in said
    assert "How referrals are checked." in said


def test_what_changes_later_does_not_change_it(scene: Scene) -> None:
    letter = approved(waiting(scene, Kind.ANNOUNCEMENT), by=scene.manager)
    pdf = as_pdf(letter)
    scene.employer.name = "Renamed"
    scene.employer.save()
    Inspection.objects.filter(pk=letter.inspection_id).update(planned_on=clock.today() + timedelta(days=9))
    assert as_pdf(Correspondence.objects.get(pk=letter.pk)) == pdf


def path_of(letter: Correspondence) -> str:
    return f"/inspections/{letter.inspection.case.reference}/letters/{letter.number}/"


def test_the_employer_reads_what_was_sent_and_nothing_else(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    sent = Correspondence.objects.get()
    letter = prepared(inspection, Kind.EVIDENCE_REQUEST, by=scene.inspector, **choices(Kind.EVIDENCE_REQUEST))
    answer: Any = browser(scene.lead).get(path_of(sent))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert f"{inspection.case.reference}-letter-1.pdf" in answer["Content-Disposition"]
    assert browser(scene.lead).get(path_of(letter)).status_code == 404
    assert browser(staff(Role.CASE_OFFICER)).get(path_of(letter)).status_code == 200
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    assert browser(stranger).get(path_of(sent)).status_code == 404
    assert browser(scene.reporter).get(path_of(sent)).status_code == 403
    for number in (0, 99, 2**40):
        address = path_of(sent).replace("/letters/1/", f"/letters/{number}/")
        assert browser(scene.lead).get(address).status_code == 404


def test_who_reads_a_letter_of_a_restricted_case_is_recorded(scene: Scene) -> None:
    letter = waiting(scene, Kind.ANNOUNCEMENT)
    closed_to(letter.inspection.case, scene.manager, by=scene.manager)
    assert browser(staff(Role.CASE_OFFICER)).get(path_of(letter)).status_code == 404
    assert browser(scene.manager).get(path_of(letter)).status_code == 200
    assert RestrictedView.objects.get(path=path_of(letter)).what == "letter"


def test_an_unannounced_visit_needs_no_announcement(scene: Scene) -> None:
    inspection = scene.inspection()
    scene.inspect(inspection, inspecting.visit, visited_on=clock.today())
    scene.find(inspection)
    scene.feed_back(inspection)
    kinds = Correspondence.objects.sent().values_list("kind", flat=True)
    assert list(kinds) == [Kind.FEEDBACK, Kind.REPORT]
    said = words(as_pdf(Correspondence.objects.get(kind=Kind.FEEDBACK)))
    assert "unannounced" in said


def test_further_feedback_has_letters_of_its_own(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    scene.find(inspection)
    scene.feed_back(inspection)
    scene.inspect(
        inspection, record_finding, kind="recommendation", provisions=provisions("7"), text="Later."
    )
    scene.feed_back(inspection)
    last = Correspondence.objects.filter(kind=Kind.REPORT).latest("number")
    said = words(as_pdf(last))
    assert "Later." in said
    assert "No review was on record." not in said
    assert Correspondence.objects.sent().count() == 5


def test_an_inspection_that_was_announced_before_letters_were_kept_goes_on(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    Correspondence.objects.all().delete()
    send_letter(
        inspection,
        Kind.EVIDENCE_REQUEST,
        by=scene.inspector,
        second=scene.manager,
        **choices(Kind.EVIDENCE_REQUEST),
    )
    assert Correspondence.objects.get().number == 1


def test_there_is_no_other_way_to_send_than_an_approval() -> None:
    """The four moves are taken in one module, and one module calls it."""
    named = re.compile(r'move\(\s*\w+,\s*"(announce|request_evidence|issue_feedback|finalise)"')
    taken, calling = set(), set()
    for package in ("regulator", "notifications", "inspections", "enforcement"):
        for path in (settings.BASE_DIR / package).rglob("*.py"):
            written = path.read_text(encoding="utf-8")
            if named.search(written):
                taken.add(path.name)
            if "correspondence.services.sending import" in written:
                calling.add(path.name)
    assert taken == {"sending.py"}
    assert calling == {"deciding.py"}
