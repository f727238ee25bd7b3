"""The employer's pages of its notices: who sees them, what they say, what their forms do, what they cost."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.compliance.models import AppealClaim, EvidenceFile, EvidenceSet
from enforcement.compliance.queries import parts_of
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.deadlines.models import ExtensionRequest
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member
from tests.notifications.pages import browser, text


def page(name: str, notice: Notice, *rest: object) -> str:
    return reverse(f"notices:{name}", args=[notice.case.reference, *rest])


def opened(scene: Scene, notice: Notice, name: str = "detail", *rest: object) -> str:
    answer = browser(scene.lead).get(page(name, notice, *rest))
    assert answer.status_code == 200
    return text(answer)


def test_a_served_notice_says_what_to_do_by_when_and_how_each_date_was_found(scene: Scene) -> None:
    notice = scene.notice("served")
    said = opened(scene, notice)
    for words in (
        "Improvement notice",
        "Do what the notice requires by",
        "14 April 2025",
        "23 March 2025",
        "21 days beginning with the day of service, 3 March 2025.",
        "The date that the notice stated when it was served.",
        "Carry out quality assurance of written procedures.",
        "SECRET OPINION",
        "CQC served the notice",
        "Send evidence that you complied",
        "Ask for more time",
        "Tell CQC that you lodged an appeal",
    ):
        assert words in said, words
    assert "24 March 2025" not in said, "the generous end of the time for appeal is nobody's to rely on"


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("evidence_begun", "Go on with your evidence"),
        ("evidence_submitted", "CQC has your evidence"),
        ("evidence_returned", "The audit is not among it."),
        ("evidence_accepted", "You have nothing more to do."),
        ("time_asked", "The date stands until CQC decides."),
        ("appeal_told", "The notice binds you as it stands until CQC has confirmed it."),
        ("under_appeal", "Your appeal suspends this notice."),
        ("not_complied", "which is an offence"),
        ("withdrawn", "CQC withdrew this notice"),
        ("cancelled", "The tribunal cancelled this notice."),
    ],
)
def test_each_state_says_what_it_is(scene: Scene, state: str, words: str) -> None:
    assert words in opened(scene, scene.notice(state))


def test_the_documents_that_were_served_are_linked(scene: Scene) -> None:
    notice = scene.notice("served")
    said = opened(scene, notice)
    for route in ("papers:document", "papers:leaflet"):
        path = reverse(route, args=[notice.case.reference])
        assert path in said
        assert browser(scene.lead).get(path).status_code == 200


def test_served_anew_every_day_is_counted_from_the_service_that_stands(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=10))
    scene.do(notice, enforcing.fail_service, failed_on=clock.today(), reason="Returned by post.")
    assert browser(scene.lead).get(page("detail", notice)).status_code == 404
    scene.serve(notice)
    said = opened(scene, notice)
    assert "24 April 2025" in said, "what the second service stated"
    assert "14 April 2025" not in said
    assert "21 days beginning with the day of service, 13 March 2025." in said


def test_what_the_employer_answered_did_reach_it(scene: Scene) -> None:
    for state in ("evidence_submitted", "appeal_told", "time_asked"):
        notice = scene.notice(state)
        with pytest.raises(NotAllowedNow, match="did reach"):
            scene.do(notice, enforcing.fail_service, failed_on=clock.today(), reason="x")


def test_a_prohibition_says_when_it_binds(scene: Scene, travel: time_machine.Traveller) -> None:
    immediate = scene.notice("under_appeal", notice_type="prohibition_immediate", compliance_days=None)
    said = opened(scene, immediate)
    assert "Stop the activity now." in said
    assert "Your appeal does not suspend this notice" in said
    deferred = scene.suspended()
    said = opened(scene, deferred)
    assert "Suspended by the tribunal" in said
    assert "until the appeal is disposed of." in said
    travel.shift(timedelta(days=5))
    scene.do(deferred, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    said = opened(scene, deferred)
    assert "until the appeal was disposed of on 8 March 2025; it takes effect only on" in said


@pytest.mark.parametrize("state", ["draft", "proposed", "approved", "abandoned"])
def test_a_notice_that_was_not_served_is_not_there(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    reference = notice.case.reference or "IRE-2025-00009-X"
    assert browser(scene.lead).get(f"/notices/{reference}/").status_code == 404
    assert notice.get_type_display() not in text(browser(scene.lead).get("/notices/"))


def test_another_employers_is_not_there_and_a_reporter_has_none(scene: Scene) -> None:
    notice = scene.notice("evidence_returned")
    addresses = [
        page("detail", notice),
        page("evidence", notice),
        page("part", notice, parts_of(notice, None)[0].key),
        page("set", notice, 1),
        page("more_time", notice),
        page("appeal", notice),
    ]
    stranger = browser(member(EmployerFactory.create(), Role.EMPLOYER_LEAD))
    assert {stranger.get(each).status_code for each in addresses} == {404}
    assert {stranger.post(each).status_code for each in addresses[1:3]} == {404}
    assert str(notice.case.reference) not in text(stranger.get("/notices/"))
    assert {browser(scene.reporter).get(each).status_code for each in addresses} == {403}
    assert {browser().get(each).status_code for each in addresses} == {302}
    assert browser(scene.manager).get(addresses[0]).status_code == 403


def test_evidence_goes_from_its_parts_to_a_submitted_set(scene: Scene) -> None:
    notice = scene.notice("served")
    lead = browser(scene.lead)
    for part in parts_of(notice, None):
        notice.case.refresh_from_db()
        typed = {
            "version": notice.case.version,
            "text": "Done.",
            "file": SimpleUploadedFile("a.txt", b"Fifty."),
        }
        assert lead.post(page("part", notice, part.key), typed).status_code == 302
    notice.case.refresh_from_db()
    sent = {"version": notice.case.version, "about": "All.", "declaration": "on"}
    incomplete = lead.post(page("evidence", notice), {**sent, "declaration": ""})
    assert incomplete.status_code == 400
    assert "Confirm the declaration" in text(incomplete)
    assert lead.post(page("evidence", notice), sent).status_code == 302
    assert EvidenceSet.objects.get().is_waiting
    assert EvidenceFile.objects.count() == 2
    assert lead.get(page("evidence", notice)).status_code == 302, "CQC has it"
    said = opened(scene, notice, "set", 1)
    assert "a.txt" in said
    assert "All." in said


def test_a_stale_or_empty_form_loses_nothing(scene: Scene) -> None:
    notice = scene.notice("evidence_begun")
    lead, part = browser(scene.lead), parts_of(notice, None)[0].key
    stale = {"version": notice.case.version - 1, "text": "What was typed."}
    answer = lead.post(page("part", notice, part), stale)
    assert answer.status_code == 409
    assert "What was typed." in text(answer)
    answer = lead.post(page("part", notice, part), {"version": notice.case.version, "text": ""})
    assert answer.status_code == 400
    assert "Enter what was done" in text(answer)
    named = {"version": notice.case.version, "text": "About 943 476 5919."}
    answer = lead.post(page("part", notice, part), named)
    assert answer.status_code == 400
    assert "identifies_nobody" in text(answer)
    assert lead.get(page("part", notice, 999_999)).status_code == 404


def test_more_time_and_an_appeal_are_told_from_their_pages(scene: Scene) -> None:
    notice = scene.notice("served")
    lead = browser(scene.lead)
    day = {"asked_until_day": "1", "asked_until_month": "6", "asked_until_year": "2025"}
    typed: dict[str, Any] = {"version": notice.case.version, "reason": "The part is late.", **day}
    assert lead.post(page("more_time", notice), typed).status_code == 302
    assert ExtensionRequest.objects.get().asked_until.isoformat() == "2025-06-01"
    assert lead.get(page("more_time", notice)).status_code == 302, "one at a time"
    notice.case.refresh_from_db()
    day = {"lodged_on_day": "3", "lodged_on_month": "3", "lodged_on_year": "2025"}
    typed = {"version": notice.case.version, **day, "case_number": "One"}
    answer = lead.post(page("appeal", notice), typed)
    assert answer.status_code == 400
    assert "Choose a file" in text(answer)
    typed["file"] = SimpleUploadedFile("appeal.txt", b"The form.")
    assert lead.post(page("appeal", notice), typed).status_code == 302
    claim = AppealClaim.objects.get()
    assert claim.case_number == "One"
    assert lead.get(page("file", notice, claim.office_copy_id)).status_code in (200, 409)
    assert lead.get(page("file", notice, 10**30)).status_code == 404


def test_a_notice_is_linked_from_home_and_from_the_inspection_on_which_it_rests(scene: Scene) -> None:
    seen = scene.inspection("on_site")
    notice = scene.notice("served", inspection=seen, findings=[scene.find(seen)], breach_on=seen.visited_on)
    lead = browser(scene.lead)
    for path in ("/notifications/", reverse("inspections:detail", args=[seen.case.reference]), "/notices/"):
        assert page("detail", notice) in text(lead.get(path)), path
    assert reverse("inspections:detail", args=[seen.case.reference]) in opened(scene, notice)


def test_the_list_costs_the_same_at_any_length(scene: Scene, django_assert_max_num_queries: Any) -> None:
    lead = browser(scene.lead)
    scene.notice("served")
    with django_assert_max_num_queries(8):
        assert lead.get("/notices/").status_code == 200
    for _ in range(4):
        scene.notice("served")
    with django_assert_max_num_queries(8):
        assert "5 notices" in text(lead.get("/notices/"))


def test_the_page_of_a_notice_costs_the_same_whatever_hangs_on_it(
    scene: Scene, travel: time_machine.Traveller, django_assert_max_num_queries: Any
) -> None:
    notice = scene.notice("served")
    lead = browser(scene.lead)
    with django_assert_max_num_queries(20):
        assert lead.get(page("detail", notice)).status_code == 200
    for _ in range(3):
        scene._write_evidence(notice)
        scene._submit_evidence(notice)
        scene._return_evidence(notice)
        scene._tell_appeal(notice)
        scene.do(notice, services.decline_appeal, reason="None.")
        scene._ask_time(notice)
        scene.do(notice, services.refuse_more_time, reason="No.")
    with django_assert_max_num_queries(20):
        assert lead.get(page("detail", notice)).status_code == 200
    with django_assert_max_num_queries(14):
        assert lead.get(page("evidence", notice)).status_code == 200
    with django_assert_max_num_queries(12):
        assert lead.get(page("set", notice, 3)).status_code == 200
    assert Case.objects.get(pk=notice.pk).status == "served"


def test_a_service_that_came_to_nothing_is_told_as_one(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=9))
    reason = "Returned by post: gone away."
    scene.do(notice, enforcing.fail_service, failed_on=date(2025, 3, 10), reason=reason)
    scene.serve(notice)
    said = opened(scene, notice)
    for words in (
        "12 March 2025</strong>: CQC served the notice",
        "10 March 2025</strong>: CQC found that the notice had not reached you, so it was not served",
        "3 March 2025</strong>: CQC tried to serve the notice",
    ):
        assert words in said, words
    assert said.count("CQC served the notice") == 1
    assert reason not in said
    assert "changed after it was served" not in said
