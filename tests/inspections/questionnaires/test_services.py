"""A questionnaire from being sent to being accepted: who may do what, when, and what becomes of the clock."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from inspections import services as inspecting
from inspections.models import Finding
from inspections.questionnaires import services
from inspections.questionnaires.answering import Given
from inspections.questionnaires.models import Answer, Evidence, Questionnaire, Return, Submission
from inspections.questionnaires.queries import answers_of, draft_sheet, submitted_answers
from inspections.questionnaires.ready import edition_of
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Attachment, Case, Event
from regulator.casework.services import attach
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import remind
from regulator.legislation.models import Provision
from regulator.organisations.models import Modality
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member, staff
from tests.inspections.questionnaires.conftest import KEY, Stage

AFTER_OCTOBER_2024 = {"governance_referrals", "governance_cooperation"}
YES, NO, PARTLY = Given(choice="yes"), Given(choice="no"), Given(choice="partly")


def running(stage: Stage) -> Deadline:
    return Deadline.objects.get(case=stage.inspection.case, kind="questionnaire", subject_id=stage.sent.pk)


def letters(name: str) -> list[str]:
    found = Message.objects.filter(template=f"questionnaires/{name}").order_by("pk")
    return list(found.values_list("to", flat=True))


def test_sent_in_the_newest_edition_with_a_clock_and_a_letter(stage: Stage) -> None:
    sent = stage.send()
    content = edition_of(KEY, 1)
    assert (sent.key, sent.edition, sent.sha256) == (KEY, 1, content.sha256)
    assert sent.asked == [each.key for each in content.questions]
    assert (running(stage).due_on, running(stage).is_open) == (sent.due_on, True)
    assert stage.fresh().case.next_due_on == sent.due_on
    assert stage.fresh().case.status == "announced", "it moves nothing"
    assert letters("sent") == [stage.scene.lead.email]
    [letter] = Message.objects.filter(template="questionnaires/sent")
    assert f"/inspections/{stage.inspection.case.reference}/questionnaire/{sent.pk}/" in letter.body


def test_what_was_not_yet_law_is_not_asked(scene: Scene, travel: Any) -> None:
    travel.move_to(clock.now().replace(year=2024, month=9, day=30))
    before = Stage(scene).send()
    assert AFTER_OCTOBER_2024.isdisjoint(before.asked)
    assert {each.key for each in before.content.questions} - set(before.asked) == AFTER_OCTOBER_2024
    travel.move_to(clock.now() + timedelta(days=1))
    assert set(Stage(scene).send().asked) >= AFTER_OCTOBER_2024
    assert AFTER_OCTOBER_2024.isdisjoint(before.asked), "what was sent stays as it was"
    questions = {line.question.key for part in draft_sheet(before) for line in part.lines}
    assert AFTER_OCTOBER_2024.isdisjoint(questions)


@pytest.mark.parametrize(
    "state", ["planned", "on_site", "feedback_drafted", "factual_accuracy", "final", "action_plan"]
)
def test_sent_only_between_announcement_and_visit(scene: Scene, state: str) -> None:
    with pytest.raises(NotAllowedNow):
        Stage(scene, state).send()
    assert not Questionnaire.objects.exists()
    assert Stage(scene, "evidence_requested").send()


def test_who_sends(stage: Stage) -> None:
    scene = stage.scene
    for other in (scene.lead, scene.reporter, scene.manager, staff(Role.CASE_OFFICER), staff(Role.ANALYST)):
        with pytest.raises(NotPermitted):
            stage.send(by=other)
    inspection = stage.fresh()
    with pytest.raises(StaleVersion):
        services.send_questionnaire(
            inspection=inspection,
            by=scene.inspector,
            version=inspection.case.version - 1,
            questionnaire=KEY,
            due_on=clock.today(),
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questionnaire": "diagnostic_imaging"}, "questionnaire"),
        ({"questionnaire": "no_such"}, "questionnaire"),
        ({"due_on": date(2025, 3, 2)}, "due_on"),
        ({"due_on": date(2035, 3, 2)}, "due_on"),
    ],
)
def test_what_cannot_be_sent(stage: Stage, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        stage.send(**changes)
    assert list(refused.value.message_dict) == [field]


def test_one_without_a_question_is_not_sent(stage: Stage) -> None:
    Provision.objects.all().delete()
    with pytest.raises(NotAllowedNow, match="No question"):
        stage.send()


def test_one_of_a_key_is_open_at_a_time(stage: Stage) -> None:
    first = stage.send()
    with pytest.raises(NotAllowedNow):
        stage.send()
    again = stage.sent
    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    stage.withdraw()
    stage.send()
    stage.answer_all()
    stage.submit()
    with pytest.raises(NotAllowedNow):
        stage.send()
    stage.accept()
    assert stage.send().pk != first.pk


def test_a_draft_may_be_incomplete_and_bumps_no_version_of_the_case(stage: Stage) -> None:
    stage.send()
    before = stage.fresh().case.version
    assert stage.save("governance", {"governance_followed": NO}) == 1
    assert answers_of(stage.sent)["governance_followed"] == NO
    assert stage.fresh().case.version == before
    assert stage.save("governance", {"governance_followed": NO}) == 1, "nothing changed"
    assert Event.objects.filter(type="questionnaires.answered").count() == 1
    assert stage.save("governance", {"governance_followed": Given()}) == 2
    assert answers_of(stage.sent)["governance_followed"] == Given()


def test_who_answers(stage: Stage) -> None:
    stage.send()
    scene = stage.scene
    strangers = (
        scene.reporter,
        scene.inspector,
        scene.manager,
        member(EmployerFactory.create(), Role.EMPLOYER_LEAD),
    )
    for stranger in strangers:
        with pytest.raises(NotPermitted):
            stage.save("governance", {"governance_followed": YES}, by=stranger)
        with pytest.raises(NotPermitted):
            stage.submit(by=stranger)
    assert not Answer.objects.exists()
    assert stage.save(
        "governance", {"governance_followed": YES}, by=member(scene.employer, Role.EMPLOYER_LEAD)
    )


def test_two_colleagues_in_one_section_and_in_two(stage: Stage) -> None:
    stage.send()
    colleague = member(stage.scene.employer, Role.EMPLOYER_LEAD)
    stage.save("governance", {"governance_followed": YES}, by=colleague)
    stage.save("training", {"training_adequate": YES}, version=0)
    with pytest.raises(StaleVersion) as refused:
        stage.save("governance", {"governance_followed": NO}, version=0)
    assert refused.value.current == 1
    assert answers_of(stage.sent)["governance_followed"] == YES
    stage.save("governance", {"governance_followed": NO}, version=1)
    assert answers_of(stage.sent)["governance_followed"] == NO


@pytest.mark.parametrize(
    ("section", "key", "given", "field"),
    [
        ("governance", "governance_followed", Given(choice="maybe"), "governance_followed"),
        ("governance", "governance_followed", Given(text="Yes"), "governance_followed"),
        (
            "governance",
            "governance_followed",
            Given(choice="no", comment="x" * 4001),
            "governance_followed_comment",
        ),
        ("governance", "governance_last_review", Given(number=Decimal(3)), "governance_last_review"),
        ("governance", "governance_protocols", Given(files=(1,)), "governance_protocols_files"),
        ("governance", "governance_followed", Given(choice="yes", files=(999,)), "governance_followed_files"),
        ("training", "training_share", Given(number=Decimal(101)), "training_share"),
        ("training", "training_share", Given(number=Decimal(-1)), "training_share"),
        ("events", "events_fewer", Given(text="x" * 4001), "events_fewer"),
        ("governance", "training_share", Given(number=Decimal(1)), "__all__"),
        ("nothing", "training_share", Given(number=Decimal(1)), "__all__"),
    ],
)
def test_what_is_no_answer(stage: Stage, section: str, key: str, given: Given, field: str) -> None:
    stage.send()
    with pytest.raises(ValidationError) as refused:
        stage.save(section, {key: given})
    named = getattr(refused.value, "error_dict", {"__all__": None})
    assert list(named) == [field]
    assert not Answer.objects.exists()


def test_words_that_identify_somebody_are_refused_unless_they_do_not(stage: Stage) -> None:
    stage.send()
    given = {"governance_followed": Given(choice="no", comment="Mr Patel has left.")}
    with pytest.raises(IdentifiersFound) as refused:
        stage.save("governance", given)
    assert list(refused.value.error_dict) == ["governance_followed_comment"]
    stage.save("governance", given, identifies_nobody="An invented name.")
    stage.save("governance", {**given, "governance_protocols": YES})
    assert first_broken_link() is None


def test_a_file_goes_with_an_answer_only_if_the_employer_sent_it_with_this_inspection(stage: Stage) -> None:
    stage.send()
    mine = stage.file()
    other = Stage(stage.scene).file()
    theirs = attach(
        case=stage.fresh().case, upload=SimpleUploadedFile("a.txt", b"CQC's."), by=stage.scene.inspector
    )
    for foreign in (other, theirs):
        with pytest.raises(ValidationError) as refused:
            stage.save("governance", {"governance_followed": Given(choice="yes", files=(foreign.pk,))})
        assert list(refused.value.message_dict) == ["governance_followed_files"]
    stage.save("governance", {"governance_followed": Given(choice="yes", files=(mine.pk, mine.pk))})
    assert Evidence.objects.get().attachment_id == mine.pk
    stage.save("governance", {"governance_followed": YES})
    assert not Evidence.objects.exists()
    assert Attachment.objects.filter(pk=mine.pk).exists(), "it stays with the inspection"


def test_a_file_is_sent_with_the_answer_or_nothing_is_kept(stage: Stage) -> None:
    stage.send()
    program = SimpleUploadedFile("list.pdf", b"MZ\x90\x00 not a document")
    with pytest.raises(ValidationError) as refused:
        stage.save("governance", {"governance_followed": YES}, uploads={"governance_followed": program})
    assert list(refused.value.message_dict) == ["governance_followed_upload"]
    named = SimpleUploadedFile("list.txt", b"Seen by Mr Patel.")
    with pytest.raises(IdentifiersFound) as found:
        stage.save("governance", {"governance_followed": YES}, uploads={"governance_followed": named})
    assert list(found.value.error_dict) == ["governance_followed_upload"]
    late = SimpleUploadedFile("list.txt", b"The list.")
    with pytest.raises(StaleVersion):
        stage.save(
            "governance", {"governance_followed": YES}, uploads={"governance_followed": late}, version=7
        )
    unasked = SimpleUploadedFile("list.txt", b"The list.")
    with pytest.raises(ValidationError):
        stage.save("governance", {}, uploads={"governance_protocols": unasked})
    assert not Answer.objects.exists()
    assert not Attachment.objects.exists()
    sent = SimpleUploadedFile("list.txt", b"The list.")
    stage.save("governance", {"governance_followed": YES}, uploads={"governance_followed": sent})
    assert Evidence.objects.get().attachment == Attachment.objects.get()


def test_submitted_with_the_clock_stopped_and_the_lead_told(stage: Stage) -> None:
    sent = stage.send()
    stage.answer_all(
        governance_followed=Given(choice="no", comment="There was no time."),
        training_adequate=Given(choice="partly", comment="Two are waiting."),
    )
    made = stage.submit()
    now = stage.sent
    assert (now.state, now.said_no, now.said_partly) == (Questionnaire.State.SUBMITTED, 1, 1)
    assert now.submitted_by == stage.scene.lead
    assert running(stage).met_on == clock.today()
    assert letters("submitted") == [stage.scene.inspector.email]
    found = submitted_answers(stage.fresh().case, [made])[made.sha256]
    assert set(found) == set(sent.asked)
    assert found["governance_followed"].comment == "There was no time."
    event = Event.objects.get(type="questionnaires.submitted")
    assert event.payload["sha256"] == made.sha256
    with pytest.raises(NotAllowedNow):
        stage.submit()
    with pytest.raises(NotAllowedNow):
        stage.save("governance", {"governance_followed": YES})
    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("key", "given", "why"),
    [
        ("governance_followed", Given(), "Answer this question"),
        ("governance_last_review", Given(), "Answer this question"),
        ("events_number", Given(), "Answer this question"),
        ("governance_followed", NO, "not in place"),
        ("governance_protocols", PARTLY, "not in place"),
        ("governance_cooperation", Given(choice="not_applicable"), "does not apply"),
        ("governance_followed", YES, "file"),
    ],
)
def test_what_is_not_enough_is_named(stage: Stage, key: str, given: Given, why: str) -> None:
    sent = stage.send()
    stage.answer_all(**{key: given})
    with pytest.raises(ValidationError) as refused:
        stage.submit()
    [message] = refused.value.messages
    assert message.startswith(f"Question {sent.asked.index(key) + 1}: ")
    assert why in message
    assert not Submission.objects.exists()
    assert running(stage).is_open


def test_enough_without_a_comment_and_left_out(stage: Stage) -> None:
    stage.send()
    kept = stage.file()
    stage.answer_all(
        governance_followed=Given(choice="yes", files=(kept.pk,)),
        governance_protocols=YES,
        mpe_advice=Given(),
        audit_last=Given(),
    )
    assert stage.submit()


def test_an_infected_file_is_none(stage: Stage) -> None:
    stage.send()
    kept = stage.file()
    stage.answer_all(governance_followed=Given(choice="yes", files=(kept.pk,)))
    Attachment.objects.filter(pk=kept.pk).update(scan=Attachment.Scan.INFECTED)
    with pytest.raises(ValidationError, match="file"):
        stage.submit()


def test_what_a_colleague_changed_since_is_not_submitted_unseen(stage: Stage) -> None:
    stage.send()
    stage.answer_all()
    read = stage.sent
    colleague = member(stage.scene.employer, Role.EMPLOYER_LEAD)
    stage.save("governance", {"governance_protocols": NO}, by=colleague)
    with pytest.raises(StaleVersion):
        services.submit_questionnaire(questionnaire=read, by=stage.scene.lead, version=read.version)


def test_returned_answered_again_and_accepted(stage: Stage, travel: Any) -> None:
    stage.send()
    stage.answer_all()
    first = stage.submit()
    travel.shift(timedelta(days=20))
    stage.give_back("governance_followed")
    now = stage.sent
    assert now.state == Questionnaire.State.RETURNED
    assert (running(stage).is_open, running(stage).due_on) == (True, clock.today() + timedelta(days=7))
    [letter] = Message.objects.filter(template="questionnaires/returned")
    assert "Which audits were these?" in letter.body
    travel.shift(timedelta(days=1))
    with pytest.raises(ValidationError, match="CQC returned this question"):
        stage.submit()
    stage.save("governance", {"governance_followed": Given(choice="yes", comment="Those of May.")})
    second = stage.submit()
    assert Submission.objects.count() == 2
    texts = submitted_answers(stage.fresh().case, [first, second])
    assert texts[first.sha256]["governance_followed"].comment == "It lies in the office."
    assert texts[second.sha256]["governance_followed"].comment == "Those of May."
    stage.accept()
    assert stage.sent.state == Questionnaire.State.ACCEPTED
    assert letters("accepted") == [stage.scene.lead.email]
    for deed in (stage.accept, stage.give_back, stage.withdraw, stage.submit):
        with pytest.raises(NotAllowedNow):
            deed()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"questions": []}, "questions"),
        ({"questions": ["no_such"]}, "questions"),
        ({"due_on": date(2025, 3, 2)}, "due_on"),
        ({"reason": "Ask Mr Patel."}, "reason"),
    ],
)
def test_what_cannot_be_returned(stage: Stage, changes: dict[str, Any], field: str) -> None:
    stage.send()
    stage.answer_all()
    stage.submit()
    with pytest.raises(ValidationError) as refused:
        stage.give_back(**changes)
    assert list(refused.value.message_dict) == [field]
    assert not Return.objects.exists()


def test_who_returns_accepts_and_withdraws(stage: Stage) -> None:
    stage.send()
    stage.answer_all()
    stage.submit()
    scene = stage.scene
    for other in (scene.lead, scene.reporter, scene.manager, staff(Role.CASE_OFFICER)):
        for deed in (stage.give_back, stage.accept, stage.withdraw):
            with pytest.raises(NotPermitted):
                deed(by=other)
    foreign = Stage(scene)
    foreign.send()
    other_one = foreign.sent
    for deed in (stage.give_back, stage.accept, stage.withdraw):
        with pytest.raises(ValidationError) as refused:
            deed(questionnaire=other_one)
        assert list(refused.value.message_dict) == ["questionnaire"]


def test_nothing_is_decided_before_it_is_submitted(stage: Stage) -> None:
    stage.send()
    for deed in (stage.give_back, stage.accept):
        with pytest.raises(NotAllowedNow):
            deed()


def test_withdrawn_with_a_reason_that_stays_with_cqc(stage: Stage) -> None:
    stage.send()
    for reason in ("", "Mr Patel asked."):
        with pytest.raises(ValidationError):
            stage.withdraw(reason=reason)
    stage.withdraw()
    assert running(stage).ended_at is not None
    [letter] = Message.objects.filter(template="questionnaires/withdrawn")
    assert "wrong inspection" not in letter.body
    for deed in (lambda: stage.save("governance", {"governance_followed": YES}), stage.submit):
        with pytest.raises(NotAllowedNow, match="withdrew"):
            deed()


def test_standing_down_ends_the_clock_and_the_answering(stage: Stage) -> None:
    stage.send()
    stage.desk(inspecting.stand_down, reason="The site is closed.")
    assert running(stage).ended_at is not None
    for deed in (lambda: stage.save("governance", {"governance_followed": YES}), stage.submit):
        with pytest.raises(NotAllowedNow, match="over"):
            deed()
    with pytest.raises(NotAllowedNow):
        stage.withdraw()


def test_closing_ends_the_clock(stage: Stage) -> None:
    stage.send()
    stage.desk(inspecting.visit, visited_on=clock.today())
    assert stage.save("governance", {"governance_followed": YES}), "it may still come in after the visit"
    stage.desk(
        inspecting.record_finding, kind=Finding.Kind.GOOD_PRACTICE, provisions=[], text="Well kept records."
    )
    stage.scene.feed_back(stage.fresh())
    stage.desk(inspecting.close)
    assert running(stage).ended_at is not None


def test_the_employer_is_chased_until_it_submits(stage: Stage, travel: Any) -> None:
    stage.send(due_on=clock.today() + timedelta(days=5))
    travel.shift(timedelta(days=2))
    remind()
    [letter] = Message.objects.filter(template="deadline-reminder")
    assert letter.to == stage.scene.lead.email
    assert f"/inspections/{stage.inspection.case.reference}/" in letter.body
    stage.answer_all()
    stage.submit()
    travel.shift(timedelta(days=5))
    remind()
    assert Message.objects.filter(template="deadline-reminder").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"choice": "yes", "text": "x"},
        {"choice": "yes", "number": 1},
        {"number": 1, "day": date(2025, 1, 1)},
        {"day": date(2025, 1, 1), "text": "x"},
    ],
)
def test_the_database_holds_one_kind_of_answer(stage: Stage, values: dict[str, Any]) -> None:
    stage.send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.create(questionnaire=stage.sent, question="a", answered_by=stage.scene.lead, **values)


@pytest.mark.parametrize(
    "values",
    [
        {"due_on": date(2025, 3, 2)},
        {"submitted_at": "2025-03-03T09:00:00Z"},
        {"accepted_at": "2025-03-03T09:00:00Z"},
        {"withdrawn_at": "2025-03-03T09:00:00Z"},
    ],
)
def test_the_database_refuses_what_cannot_be(stage: Stage, values: dict[str, Any]) -> None:
    stage.send()
    with pytest.raises(IntegrityError), transaction.atomic():
        Questionnaire.objects.filter(pk=stage.sent.pk).update(**values)


def test_a_restricted_case_hides_it_from_staff_who_are_not_named(stage: Stage) -> None:
    stage.send()
    Case.objects.filter(pk=stage.inspection.pk).update(is_restricted=True)
    with pytest.raises(NotPermitted):
        stage.withdraw(by=staff(Role.INSPECTOR))


def test_each_modality_is_sent_its_own(scene: Scene) -> None:
    for modality in Modality.values:
        inspection = scene.inspection("announced", modality=modality)
        sent = scene.inspect(
            inspection,
            services.send_questionnaire,
            questionnaire=modality,
            due_on=clock.today(),
        )
        assert sent.content.modality == modality
