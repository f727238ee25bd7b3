"""The facts of a draft, point by point: the employer comments, CQC answers, and findings change with the
report."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enforcement.desk_drafting import DraftForm
from inspections import services as inspecting
from inspections.contributions import outcomes
from inspections.correspondence import services
from inspections.correspondence.models import AccuracyPoint, AccuracyRound, Correspondence
from inspections.correspondence.setting import as_pdf
from inspections.employer_section import inspected
from inspections.figures import breaches
from inspections.models import Finding, Inspection
from inspections.services.findings import record_finding
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Attachment, Case, Event
from regulator.casework.search.texts import rows_for
from regulator.casework.services.attachments import read_file
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.organisations.employer_page import Table
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from regulator.periods import DayRange, reporting_year_of
from regulator.risk.indicators import Asked
from tests.enforcement.scene import Scene, provisions
from tests.factories import EmployerFactory, member, person
from tests.inspections.correspondence.test_letters import words
from tests.inspections.letters import Kind, approved, prepared
from tests.notifications.pages import boxes, browser, text


@pytest.fixture
def draft(scene: Scene) -> Inspection:
    """A draft of two findings, sent for its facts to be checked; the first is a breach."""
    inspection = scene.inspection("on_site", lead=scene.inspector)
    scene.find(inspection)
    given = {"kind": "recommendation", "provisions": provisions("7"), "text": "Audit the check each quarter."}
    scene.inspect(inspection, record_finding, **given)
    scene.inspect(inspection, inspecting.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    return inspection


def round_of(inspection: Inspection) -> AccuracyRound:
    return AccuracyRound.objects.filter(inspection=inspection).latest("pk")


def breach(inspection: Inspection) -> Finding:
    return inspection.findings.filter(kind="breach").earliest("pk")


def comment(scene: Scene, inspection: Inspection, by: Any = None, **more: Any) -> AccuracyPoint:
    round = round_of(inspection)
    given = {"wrong": "The review was on record.", "should_say": "A review was on record."} | more
    if "subject" not in given:
        given.setdefault("finding", breach(inspection))
    given.setdefault("version", round.version)
    return services.save_point(round=round, by=by or scene.lead, **given)


def send(scene: Scene, inspection: Inspection) -> None:
    round = round_of(inspection)
    services.send_comments(round=round, by=scene.lead, version=round.version)
    inspection.case.refresh_from_db()


def answer(scene: Scene, inspection: Inspection, point: AccuracyPoint, by: Any = None, **more: Any) -> None:
    given = {"outcome": "accepted", "answer": "We have seen the record.", **more}
    scene.inspect(inspection, services.answer_point, by, point=point, **given)


def test_comments_are_kept_changed_and_sent_once(scene: Scene, draft: Inspection) -> None:
    comment(scene, draft, wrong="First.")
    kept = comment(scene, draft, wrong="Second.")
    comment(scene, draft, subject="scope")
    assert [each.wrong for each in AccuracyPoint.objects.filter(finding__isnull=False)] == ["Second."]
    assert "Second." not in text(desk(scene, draft)), "CQC sees it once it is sent"
    told = Message.objects.filter(template="inspections/comments_sent")
    assert not told.exists()
    send(scene, draft)
    numbers = AccuracyPoint.objects.values_list("number", "subject").order_by("number")
    assert list(numbers) == [(1, ""), (2, "scope")]
    assert list(told.values_list("to", flat=True)) == [scene.inspector.email]
    assert Deadline.objects.get(case=draft.case, kind="accuracy").met_on == clock.today()
    for deed in (lambda: comment(scene, draft), lambda: send(scene, draft)):
        with pytest.raises(NotAllowedNow, match="sent already"):
            deed()
    with pytest.raises(NotAllowedNow, match="sent already"):
        services.remove_point(point=kept, by=scene.lead, version=round_of(draft).version)
    assert "Second." in text(desk(scene, draft))
    assert Event.objects.filter(type="correspondence.comments_sent").count() == 1


def desk(scene: Scene, inspection: Inspection) -> Any:
    return browser(scene.inspector).get(f"/desk/casework/case/{inspection.pk}/")


def test_a_comment_is_about_a_draft_finding_of_this_inspection(scene: Scene, draft: Inspection) -> None:
    other = scene.inspection("on_site")
    foreign = scene.find(other)
    unsent = scene.find(draft)
    for finding in (foreign, unsent):
        with pytest.raises(ValidationError) as refused:
            comment(scene, draft, finding=finding)
        assert list(refused.value.message_dict) == ["finding"]
    for wrong in ({"subject": "weather"}, {"subject": "scope", "finding": breach(draft)}):
        with pytest.raises(ValidationError, match="one subject"):
            comment(scene, draft, **wrong)
    for field in ("wrong", "should_say"):
        for typed in (" ", "x" * 10_001):
            with pytest.raises(ValidationError) as refused:
                comment(scene, draft, **{field: typed})
            assert list(refused.value.message_dict) == [field]
        with pytest.raises(IdentifiersFound):
            comment(scene, draft, **{field: "It was Mrs Smithson."})
    assert not AccuracyPoint.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_only_the_employers_lead_comments(scene: Scene, draft: Inspection, role: Role) -> None:
    by = person(role, scene.employer)
    if role is Role.EMPLOYER_LEAD:
        comment(scene, draft, by)
        return
    with pytest.raises(NotPermitted):
        comment(scene, draft, by)
    with pytest.raises(NotPermitted):
        services.send_comments(round=round_of(draft), by=by, version=1)


def test_a_lead_of_another_employer_comments_on_nothing(scene: Scene, draft: Inspection) -> None:
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    with pytest.raises(NotPermitted):
        comment(scene, draft, stranger)
    client = browser(stranger)
    path = f"/inspections/{draft.case.reference}/accuracy/"
    for page in (path, f"{path}send/", f"{path}facts/scope/", f"{path}findings/{breach(draft).pk}/"):
        assert client.get(page).status_code == 404


def test_a_colleagues_old_version_is_refused(scene: Scene, draft: Inspection) -> None:
    kept = comment(scene, draft)
    for deed in (
        lambda: comment(scene, draft, subject="scope", version=1),
        lambda: services.remove_point(point=kept, by=scene.lead, version=1),
        lambda: services.send_comments(round=round_of(draft), by=scene.lead, version=1),
    ):
        with pytest.raises(StaleVersion):
            deed()
    services.remove_point(point=kept, by=scene.lead, version=2)
    assert not AccuracyPoint.objects.exists()


def test_after_the_report_nothing_is_commented_or_answered(scene: Scene, draft: Inspection) -> None:
    point = comment(scene, draft)
    with pytest.raises(ValidationError, match="not sent this comment"):
        answer(scene, draft, point)
    scene.send(draft, Kind.REPORT, reason="They agreed by telephone.")
    with pytest.raises(NotAllowedNow, match="any more"):
        comment(scene, draft)
    with pytest.raises(NotAllowedNow, match="any more"):
        send(scene, draft)
    report = Correspondence.objects.get(kind=Kind.REPORT)
    assert "The review was on record." not in words(as_pdf(report)), "it was never sent"


def test_what_was_written_and_not_sent_stays_readable_to_the_employer_alone(
    scene: Scene, draft: Inspection, travel: time_machine.Traveller
) -> None:
    point = comment(scene, draft, wrong="The zeppelin review was on record.")
    comment(scene, draft, subject="scope", wrong="Zeppelins were out of scope.")
    page = f"/inspections/{draft.case.reference}/accuracy/"
    travel.shift(timedelta(days=1))
    scene.send(draft, Kind.REPORT, reason="They agreed by telephone.")
    shown = text(browser(scene.lead).get(page))
    for each in (
        "You wrote these comments and did not send them before the report of 4 March 2025.",
        "The zeppelin review was on record.",
        "No review was on record.",
        "Zeppelins were out of scope.",
    ):
        assert each in shown, each
    assert "There is no draft" not in shown
    assert "Change" not in shown, "they are read only"
    assert browser(scene.lead).get(f"{page}findings/{point.finding_id}/").status_code == 404
    for somebody in (scene.inspector, scene.manager):
        client = browser(somebody)
        case = f"/desk/casework/case/{draft.pk}/"
        for address in (case, f"{case}timeline/", f"{case}as-at/?on={clock.today()}", "/desk/"):
            assert "zeppelin" not in client.get(address).content.decode().lower(), address
    [row] = rows_for([draft.pk])
    assert "zeppelin" not in row.words


def test_a_round_without_a_word_is_not_listed_after_the_report(scene: Scene, draft: Inspection) -> None:
    scene.send(draft, Kind.REPORT, reason="They agreed by telephone.")
    shown = text(browser(scene.lead).get(f"/inspections/{draft.case.reference}/accuracy/"))
    assert "There is no draft whose facts can be checked now." in shown
    assert "did not send" not in shown


def test_a_report_needs_an_answer_to_every_comment_and_then_waits_no_longer(
    scene: Scene, draft: Inspection
) -> None:
    first, second = comment(scene, draft), comment(scene, draft, subject="dates", wrong="The day.")
    send(scene, draft)
    with pytest.raises(NotAllowedNow, match="comments 1 and 2"):
        prepared(draft, Kind.REPORT, by=scene.inspector)
    answer(scene, draft, first, outcome="not_accepted", answer="The record has no date.")
    with pytest.raises(NotAllowedNow, match="comment 2 first"):
        prepared(draft, Kind.REPORT, by=scene.inspector)
    answer(scene, draft, second, outcome="partly")
    letter = prepared(draft, Kind.REPORT, by=scene.inspector)
    approved(letter, by=scene.manager)
    said = words(as_pdf(letter))
    for each in (
        "Comment 1: breach",
        "The review was on record.",
        "A review was on record.",
        "Our answer: not accepted.",
        "The record has no date.",
        "Comment 2: dates",
        "Our answer: accepted in part.",
    ):
        assert each in said, each
    assert set(Finding.objects.values_list("superseded_on", "final_on")) == {(None, clock.today())}
    with pytest.raises(NotAllowedNow):
        answer(scene, draft, first)


def test_nothing_to_correct_ends_the_waiting_too(scene: Scene, draft: Inspection) -> None:
    send(scene, draft)
    letter = approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    assert "said on 3 March 2025 that no fact needs correcting" in words(as_pdf(letter))


def test_a_report_says_which_draft_was_checked_and_which_was_not(
    scene: Scene, draft: Inspection, travel: time_machine.Traveller
) -> None:
    """The first draft was right, and of the second the employer said nothing until the time ran out."""
    travel.move_to("2025-03-05 09:00+00:00")
    send(scene, draft)
    travel.move_to("2025-03-10 09:00+00:00")
    scene.find(draft)
    scene.inspect(draft, inspecting.draft_feedback)
    scene.send(draft, Kind.FEEDBACK)
    travel.move_to("2025-03-25 09:00+00:00")
    letter = approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    said = words(as_pdf(letter))
    assert (
        "The employer said on 5 March 2025 that no fact of the draft of 3 March 2025 needs correcting. "
        "It sent no comments on the further draft of 10 March 2025."
    ) in said
    assert "that no fact needs correcting" not in said
    assert Finding.objects.filter(final_on=clock.today()).count() == 3


def test_comments_that_come_meanwhile_change_the_report(scene: Scene, draft: Inspection) -> None:
    letter = prepared(draft, Kind.REPORT, by=scene.inspector, reason="They agreed by telephone.")
    point = comment(scene, draft)
    send(scene, draft)
    with pytest.raises(NotAllowedNow, match="comment 1 first"):
        approved(letter, by=scene.manager)
    answer(scene, draft, point)
    with pytest.raises(NotAllowedNow, match="Prepare it again"):
        approved(letter, by=scene.manager)
    approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)


def test_a_corrected_finding_takes_the_place_of_the_draft_with_the_report(
    scene: Scene, draft: Inspection, travel: time_machine.Traveller
) -> None:
    point = comment(scene, draft)
    send(scene, draft)
    travel.shift(timedelta(days=2))
    new = {"change": "corrected", "new_text": "A review was late.", "new_kind": "recommendation"}
    answer(scene, draft, point, **new)
    client, page = browser(scene.lead), f"/inspections/{draft.case.reference}/"
    assert "No review was on record." in text(client.get(page)), "until a second person has read it"
    assert "A review was late." not in text(client.get(page))
    assert "We have seen the record." not in text(client.get(f"{page}accuracy/"))
    letter = approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    old, made = breach(draft), Finding.objects.get(text="A review was late.")
    assert (made.corrects, made.kind, made.recorded_by) == (old, "recommendation", scene.inspector)
    assert (made.fed_back_on, made.final_on) == (old.fed_back_on, clock.today())
    assert (old.superseded_on, old.final_on) == (clock.today(), None)
    assert old.text == "No review was on record."
    assert list(made.provisions.all()) == list(old.provisions.all()), "what is not said anew stays"
    shown = text(client.get(page))
    assert "A review was late." in shown
    assert "No review was on record." not in shown
    answers = text(client.get(f"{page}accuracy/"))
    assert "We have seen the record." in answers
    assert "No review was on record." in answers, "the draft stays readable with its own words"
    said = words(as_pdf(letter))
    assert "The finding is corrected." in said
    mail = Message.objects.get(template="inspections/feedback", to=scene.lead.email)
    assert "A review was late." in mail.body
    assert "No review was on record." not in mail.body
    assert "no longer stands" in text(desk(scene, draft))
    asked = Asked(window=DayRange(clock.today() - timedelta(days=9), clock.today()))
    assert [each.breaches for each in outcomes(asked)] == [0]
    form = DraftForm(case=draft.case, by=scene.inspector)
    assert not form.fields["findings"].queryset.exists()  # type: ignore[attr-defined]
    assert first_broken_link() is None


def test_the_page_of_the_employer_counts_what_stands(scene: Scene) -> None:
    """As the figures do: neither the draft that was corrected nor the one that was withdrawn."""
    inspection = scene.inspection("on_site", lead=scene.inspector)
    wrong, gone = scene.find(inspection), scene.find(inspection)
    scene.inspect(inspection, inspecting.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    points = [comment(scene, inspection, finding=each) for each in (wrong, gone)]
    send(scene, inspection)
    answer(scene, inspection, points[0], change="corrected", new_text="A review was late.")
    answer(scene, inspection, points[1], change="withdrawn")
    approved(prepared(inspection, Kind.REPORT, by=scene.inspector), by=scene.manager)
    findings, inspections = inspected(scene.employer, scene.inspector)
    assert isinstance(findings, Table)
    assert isinstance(inspections, Table)
    assert findings.rows == (("Breach", 1),)
    assert "Breach: 1" in inspections.rows[0]
    counted: Any = breaches(reporting_year_of(clock.today()))
    assert counted["total"] == 1


def test_a_withdrawn_finding_asks_for_no_plan(scene: Scene, draft: Inspection) -> None:
    first = comment(scene, draft)
    second = comment(scene, draft, finding=draft.findings.get(kind="recommendation"))
    send(scene, draft)
    for point in (first, second):
        answer(scene, draft, point, change="withdrawn")
    letter = approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    assert not Finding.objects.standing().exists()
    said = words(as_pdf(letter))
    assert "We recorded no findings." in said
    assert "You need not send an action plan." in said
    assert not Deadline.objects.filter(case=draft.case, kind="action_plan").exists()
    scene.inspect(draft, inspecting.close)
    assert draft.case.closed_at is not None


def test_an_answer_may_be_given_anew_until_the_report_is_sent(scene: Scene, draft: Inspection) -> None:
    point = comment(scene, draft)
    send(scene, draft)
    answer(scene, draft, point, change="withdrawn")
    letter = prepared(draft, Kind.REPORT, by=scene.inspector)
    version = draft.case.version
    services.reject_letter(letter=letter, by=scene.manager, version=version, reason="It is a breach.")
    answer(scene, draft, point, outcome="not_accepted", answer="The record has no date.")
    approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    assert Finding.objects.standing().filter(final_on=clock.today()).count() == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"answer": " "}, "answer"),
        ({"change": "burnt"}, "change"),
        ({"change": "withdrawn", "outcome": "not_accepted"}, "change"),
        ({"new_text": "Other words."}, "change"),
        ({"change": "corrected"}, "new_text"),
        ({"change": "corrected", "new_text": "No review was on record."}, "new_text"),
        ({"change": "corrected", "new_kind": "rumour"}, "new_kind"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused_by_field(
    scene: Scene, draft: Inspection, change: dict[str, Any], field: str
) -> None:
    point = comment(scene, draft)
    send(scene, draft)
    with pytest.raises(ValidationError) as refused:
        answer(scene, draft, point, **change)
    assert list(refused.value.message_dict) == [field]
    point.refresh_from_db()
    assert point.answered_at is None


def test_a_comment_on_the_facts_or_of_another_inspection_changes_no_finding(
    scene: Scene, draft: Inspection
) -> None:
    point = comment(scene, draft, subject="dates")
    send(scene, draft)
    with pytest.raises(ValidationError, match="about no finding"):
        answer(scene, draft, point, change="withdrawn")
    other = scene.inspection("factual_accuracy")
    with pytest.raises(ValidationError, match="another inspection"):
        answer(scene, other, point)


def test_a_correction_cites_what_was_in_force_on_the_day_of_the_visit(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    travel.move_to("2024-09-30 12:00+00:00")
    inspection = scene.inspection("on_site")
    scene.find(inspection)
    scene.inspect(inspection, inspecting.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    point = comment(scene, inspection)
    send(scene, inspection)
    later = provisions("6A", on=clock.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="1 October 2024") as refused:
        answer(scene, inspection, point, change="corrected", new_provisions=later)
    assert list(refused.value.message_dict) == ["new_provisions"]


@pytest.mark.parametrize("role", set(Role) - {Role.INSPECTOR})
def test_only_an_inspector_answers(scene: Scene, draft: Inspection, role: Role) -> None:
    point = comment(scene, draft)
    send(scene, draft)
    with pytest.raises(NotPermitted):
        answer(scene, draft, point, person(role, scene.employer))


def test_further_feedback_keeps_what_was_said_of_the_first(scene: Scene, draft: Inspection) -> None:
    """Of a draft whose comments were sent, and that is followed by another before it is final."""
    first = comment(scene, draft)
    send(scene, draft)
    late = scene.find(draft)
    scene.inspect(draft, inspecting.draft_feedback)
    scene.send(draft, Kind.FEEDBACK)
    assert AccuracyRound.objects.filter(inspection=draft).count() == 2
    second = comment(scene, draft, finding=late)
    twice = comment(scene, draft)
    send(scene, draft)
    assert AccuracyPoint.objects.get(pk=second.pk).number == 3
    answer(scene, draft, first, change="withdrawn")
    with pytest.raises(ValidationError, match="comment 1 changes this finding already"):
        answer(scene, draft, twice, change="withdrawn")
    for point in (second, twice):
        answer(scene, draft, point)
    approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    assert not AccuracyRound.objects.filter(closed_on=None).exists()
    assert Finding.objects.standing().filter(final_on=clock.today()).count() == 2


def test_a_draft_that_is_followed_before_it_was_commented_on_keeps_its_comments(
    scene: Scene, draft: Inspection
) -> None:
    comment(scene, draft)
    scene.find(draft)
    scene.inspect(draft, inspecting.draft_feedback)
    comment(scene, draft, subject="scope")
    scene.send(draft, Kind.FEEDBACK)
    assert round_of(draft).points.count() == 2
    assert AccuracyRound.objects.filter(inspection=draft).count() == 1


def test_the_past_tells_letters_comments_and_corrections(
    scene: Scene, draft: Inspection, travel: time_machine.Traveller
) -> None:
    point = comment(scene, draft)
    send(scene, draft)
    answer(scene, draft, point, change="corrected", new_text="A review was late.")
    before = case_at_present(draft.case)
    moment = clock.now()
    travel.shift(timedelta(days=1))
    approved(prepared(draft, Kind.REPORT, by=scene.inspector), by=scene.manager)
    for then, seen in ((moment, before), (clock.now(), case_at_present(draft.case))):
        told = case_as_at(draft.case, then)
        for name in ("correspondence", "comment_rounds", "comments", "findings"):
            assert told[name] == seen[name], name
    assert [each["superseded_on"] for each in seen["findings"]] == ["2025-03-04", None, None]


PAGE = "/inspections/{}/accuracy/"


def test_the_employer_comments_on_its_page(scene: Scene, draft: Inspection) -> None:
    client, page = browser(scene.lead), PAGE.format(draft.case.reference)
    assert page in text(client.get(f"/inspections/{draft.case.reference}/"))
    shown = text(client.get(page))
    assert "No review was on record." in shown
    assert "Nothing needs correcting" in shown
    path = f"{page}findings/{breach(draft).pk}/"
    filled: dict[str, Any] = {
        **boxes(client.get(path)),
        "wrong": ["It was."],
        "should_say": ["A review was on record."],
    }
    refused: Any = client.post(path, {**filled, "wrong": [""]})
    assert refused.status_code == 400
    assert "A review was on record." in text(refused)
    upload = SimpleUploadedFile("review.txt", b"The review of 2024.")
    assert client.post(path, {**filled, "file": upload}).status_code == 302
    point = AccuracyPoint.objects.get()
    assert point.file is not None
    assert (point.wrong, point.file.name) == ("It was.", "review.txt")
    overtaken: Any = client.post(path, {**filled, "wrong": ["Mine."]})
    assert overtaken.status_code == 409
    assert "Mine." in text(overtaken)
    assert "It was." in text(overtaken), "and what a colleague saved"
    subject = f"{page}facts/scope/"
    more = {**boxes(client.get(subject)), "wrong": ["Too wide."], "should_say": ["CT alone."]}
    assert client.post(subject, more).status_code == 302
    back = {**boxes(client.get(subject)), "take_back": ["yes"]}
    stale = client.post(subject, {**back, "version": ["1"]})
    assert stale.status_code == 409
    assert client.post(subject, back).status_code == 302
    assert AccuracyPoint.objects.count() == 1
    sending = f"{page}send/"
    assert "It was." in text(client.get(sending))
    assert client.post(sending, {**boxes(client.get(sending)), "version": ["1"]}).status_code == 409
    assert client.post(sending, boxes(client.get(sending))).status_code == 302
    for address in (path, subject, sending):
        assert client.post(address, filled).status_code == 409
        assert "cannot be commented on" in text(client.get(address))
    assert "It was." in text(client.get(page))


@pytest.mark.parametrize("address", ["facts/weather/", "findings/0/", f"findings/{2**70}/"])
def test_what_is_no_fact_of_the_draft_is_not_found(scene: Scene, draft: Inspection, address: str) -> None:
    assert browser(scene.lead).get(PAGE.format(draft.case.reference) + address).status_code == 404


def test_a_finding_that_was_not_sent_is_not_found(scene: Scene, draft: Inspection) -> None:
    unsent = scene.find(draft)
    page = PAGE.format(draft.case.reference)
    assert browser(scene.lead).get(f"{page}findings/{unsent.pk}/").status_code == 404
    assert "No draft" not in text(browser(scene.lead).get(page))


def test_a_file_that_cannot_be_kept_keeps_no_comment(scene: Scene, draft: Inspection) -> None:
    with pytest.raises(ValidationError) as refused:
        comment(scene, draft, file=read_file(SimpleUploadedFile("a.txt", b"About 943 476 5919.")))
    assert list(refused.value.message_dict) == ["file"]
    assert not AccuracyPoint.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("number", [1, 7])
def test_the_pages_take_as_many_queries_however_much_is_on_them(scene: Scene, number: int) -> None:
    inspection = scene.inspection("on_site", lead=scene.inspector)
    found = [scene.find(inspection) for _ in range(number)]
    scene.inspect(inspection, inspecting.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    for each in found:
        comment(scene, inspection, finding=each)
    client, page = browser(scene.lead), PAGE.format(inspection.case.reference)
    costs = [cost(client, each) for each in (page, f"{page}send/", page.removesuffix("accuracy/"))]
    send(scene, inspection)
    costs += [cost(client, page), cost(browser(scene.inspector), f"/desk/casework/case/{inspection.pk}/")]
    assert all(one <= most for one, most in zip(costs, [12, 9, 17, 12, 15], strict=True)), costs


def cost(client: Any, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len([each for each in asked.captured_queries if "SAVEPOINT" not in each["sql"]])


def test_the_home_counts_what_waits_for_a_second_person(scene: Scene) -> None:
    inspection = scene.inspection()
    prepared(inspection, Kind.ANNOUNCEMENT, by=scene.inspector)
    overtaken = scene.inspection()
    prepared(overtaken, Kind.ANNOUNCEMENT, by=scene.inspector)
    scene.inspect(overtaken, inspecting.visit, visited_on=clock.today())
    panel = "Letters waiting for a second person"
    assert panel in text(browser(scene.manager).get("/desk/"))
    listed = text(browser(scene.manager).get("/desk/casework/case/?mark=letter_waiting"))
    assert str(inspection.case.reference) in listed
    assert str(overtaken.case.reference) not in listed
    mine = text(browser(scene.inspector).get("/desk/casework/case/?mark=letter_waiting"))
    assert str(inspection.case.reference) not in mine, "whoever prepared it is not the second person"
    assert panel not in text(browser(person(Role.CASE_OFFICER, scene.employer)).get("/desk/"))


def test_the_desk_prepares_approves_gives_back_and_answers(scene: Scene, draft: Inspection) -> None:
    point = comment(scene, draft)
    send(scene, draft)

    def do(by: Any, name: str, **typed: Any) -> Any:
        client, page = browser(by), f"/desk/casework/case/{draft.pk}/do/{name}/"
        shown = client.get(page)
        assert shown.status_code == 200, name
        return client.post(page, {**boxes(shown), **typed})

    for name in ("prepare_report", "approve_letter", "reject_letter"):
        assert browser(scene.inspector).get(f"/desk/casework/case/{draft.pk}/do/{name}/").status_code == 409
    answered = do(
        scene.inspector,
        "answer_point",
        point=point.pk,
        outcome="accepted",
        answer="Seen.",
        change="corrected",
        new_text="A review was late.",
    )
    assert answered.status_code == 302
    assert do(scene.inspector, "prepare_report").status_code == 302
    assert (
        browser(scene.inspector).get(f"/desk/casework/case/{draft.pk}/do/approve_letter/").status_code == 409
    )
    assert do(scene.manager, "reject_letter", reason="Say when.").status_code == 302
    assert do(scene.inspector, "prepare_report").status_code == 302
    unread = do(scene.manager, "approve_letter")
    assert unread.status_code == 400
    assert do(scene.manager, "approve_letter", letter_read="on").status_code == 302
    assert Case.objects.get(pk=draft.pk).status == "final"
    shown = text(desk(scene, draft))
    for each in ("Given back by", "Say when.", "A review was late.", "Letter 3: report"):
        assert each in shown, each
