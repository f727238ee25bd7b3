"""Appeals of which the employer tells CQC: nothing is suspended or published before CQC answered; and the
tribunal's suspension of a prohibition."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from enforcement import services as enforcing
from enforcement.compliance import desk_home, services
from enforcement.compliance.models import AppealClaim
from enforcement.conditions import withheld
from enforcement.models import Appeal
from enforcement.queries import due_for_publication
from enforcement.register.models import RegisterEntry
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.services import IdentifiersFound, assign
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import remind
from regulator.outbox.models import Message
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member


def a_copy(words: bytes = b"As the tribunal received it.") -> SimpleUploadedFile:
    return SimpleUploadedFile("appeal.txt", words)


def test_told_it_suspends_nothing_and_confirmed_it_is_on_record(scene: Scene) -> None:
    notice = scene.notice("appeal_told")
    assert notice.case.status == "served"
    assert Deadline.objects.open().filter(case=notice.pk, kind="comply").exists()
    assert not notice.appeals.exists()
    scene.do(notice, services.confirm_appeal)
    assert notice.case.status == "under_appeal"
    appeal, claim = Appeal.objects.get(), AppealClaim.objects.get()
    assert (appeal.case_number, appeal.lodged_on) == ("Appeal one", clock.today())
    assert (claim.decision, claim.appeal, claim.decided_by) == ("confirmed", appeal, scene.manager)
    assert set(Deadline.objects.open().filter(case=notice.pk).values_list("kind", flat=True)) == set()
    assert Message.objects.filter(template="enforcement/appealed").exists()


def test_nothing_is_published_while_it_waits(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("appeal_told")
    travel.shift(timedelta(days=30))
    assert "confirm or decline that first" in withheld(notice.case, notice)
    assert due_for_publication() == []
    scene.do(notice, services.decline_appeal, reason="The tribunal has none.")
    assert [each.pk for each in due_for_publication()] == [notice.pk]
    scene.publish(notice)
    assert RegisterEntry.objects.exists()


def test_staff_have_two_working_days_to_answer_it(scene: Scene) -> None:
    notice = scene.notice("appeal_told")
    waiting = Deadline.objects.get(case=notice.pk, kind="appeal_answer")
    assert waiting.due_on == clock.today() + timedelta(days=2), "Monday to Wednesday"
    bodies = Message.objects.filter(template="compliance/filed").values_list("body", flat=True)
    assert bodies
    assert not any("public register" in each for each in bodies)


def test_while_an_entry_stands_they_have_one_and_everybody_who_may_confirm_it_is_told(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice, others = scene.notice("served"), [scene.second, scene.reviewer]
    travel.shift(timedelta(days=25))  # a Friday
    scene.publish(notice)
    assign(case=notice.case, assignee=scene.inspector, by=scene.manager, version=notice.case.version)
    scene.answer(
        notice, services.tell_of_appeal, lodged_on=clock.today(), file=a_copy(), late_with_leave=True
    )
    waiting = Deadline.objects.get(case=notice.pk, kind="appeal_answer")
    assert waiting.due_on == date(2025, 3, 31), "the Monday after"
    letters = Message.objects.filter(template="compliance/filed")
    to = {each.to for each in letters}
    assert to == {each.email for each in (scene.inspector, scene.manager, *others)}
    assert all("Confirming the appeal takes it down at once" in each.body for each in letters)
    assert all("It stays up until you confirm the appeal." in " ".join(each.body.split()) for each in letters)
    assert RegisterEntry.objects.exists()
    panel = desk_home.answers_waiting(scene.manager)
    assert panel is not None
    assert [each.count for each in panel.lines if each.label == "Appeals to confirm"] == [1]
    assert "stays on the public register until then" in opened(scene, notice)
    before = letters.count()
    travel.shift(timedelta(days=4))
    remind()
    reminded = Message.objects.filter(template="deadline-reminder", case=notice.pk)
    assert {each.email for each in others} <= set(reminded.values_list("to", flat=True))
    assert letters.count() == before
    scene.do(notice, services.confirm_appeal)
    assert not RegisterEntry.objects.exists()


def test_while_an_entry_stands_they_never_have_longer_than_the_general_target(
    scene: Scene, travel: time_machine.Traveller, settings: Any
) -> None:
    settings.NOTICE_PUBLIC_APPEAL_WORKING_DAYS = 9
    notice = scene.notice("served")
    travel.shift(timedelta(days=25))  # a Friday
    scene.publish(notice)
    scene.answer(
        notice, services.tell_of_appeal, lodged_on=clock.today(), file=a_copy(), late_with_leave=True
    )
    waiting = Deadline.objects.get(case=notice.pk, kind="appeal_answer")
    assert waiting.due_on == date(2025, 4, 1), "two working days, as where no entry stands"


def test_it_holds_up_a_failure_and_an_appeal_recorded_beside_it(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("appeal_told")
    with pytest.raises(NotAllowedNow, match="confirm or decline"):
        scene._appeal(notice)
    travel.shift(timedelta(days=80))
    with pytest.raises(NotAllowedNow, match="confirm or decline"):
        scene.do(notice, enforcing.record_failure, reason="Late.")


def test_declined_the_employer_reads_why_and_may_tell_again(scene: Scene) -> None:
    notice = scene.notice("appeal_told")
    with pytest.raises(ValidationError, match="Give a reason"):
        scene.do(notice, services.decline_appeal, reason=" ")
    scene.do(notice, services.decline_appeal, reason="The tribunal has none.")
    claim = AppealClaim.objects.get()
    assert (claim.standing, claim.reason) == ("Declined", "The tribunal has none.")
    assert Message.objects.filter(template="compliance/appeal_declined").exists()
    with pytest.raises(NotAllowedNow, match="No appeal waits"):
        scene.do(notice, services.confirm_appeal)
    scene._tell_appeal(notice)
    with pytest.raises(NotAllowedNow, match="already"):
        scene._tell_appeal(notice)


@pytest.mark.parametrize(("days", "leave", "told"), [(21, False, True), (22, False, False), (22, True, True)])
def test_a_late_one_needs_the_tribunals_leave(
    scene: Scene, travel: time_machine.Traveller, days: int, leave: bool, told: bool
) -> None:
    notice = scene.notice("served")
    travel.shift(timedelta(days=days))
    given = {"lodged_on": clock.today(), "file": a_copy(), "late_with_leave": leave}
    if told:
        scene.answer(notice, services.tell_of_appeal, **given)
    else:
        with pytest.raises(ValidationError, match="leave"):
            scene.answer(notice, services.tell_of_appeal, **given)
    assert AppealClaim.objects.exists() is told


@pytest.mark.parametrize("state", ["under_appeal", "withdrawn", "cancelled"])
def test_none_is_told_of_a_notice_that_has_one_or_does_not_stand(scene: Scene, state: str) -> None:
    with pytest.raises(NotAllowedNow):
        scene._tell_appeal(scene.notice(state))


def test_one_told_after_compliance_returns_to_it_when_affirmed(scene: Scene) -> None:
    notice = scene.notice("evidence_accepted")
    scene._tell_appeal(notice)
    scene.do(notice, services.confirm_appeal)
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    assert notice.case.status == "complied"


@pytest.mark.parametrize("who", ["reporter", "stranger", "manager"])
def test_only_the_employers_leads_tell(scene: Scene, who: str) -> None:
    notice = scene.notice("served")
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    by = {"reporter": scene.reporter, "stranger": stranger, "manager": scene.manager}[who]
    with pytest.raises(NotPermitted):
        scene.do(notice, services.tell_of_appeal, by, lodged_on=clock.today(), file=a_copy())


def test_nonsense_is_refused(scene: Scene) -> None:
    notice = scene.notice("served")
    today = clock.today()
    for given, field in (
        ({"lodged_on": today + timedelta(days=1)}, "lodged_on"),
        ({"lodged_on": today - timedelta(days=1)}, "lodged_on"),
        ({"lodged_on": today, "case_number": "x" * 41}, "case_number"),
    ):
        with pytest.raises(ValidationError) as refused:
            scene.answer(notice, services.tell_of_appeal, file=a_copy(), **given)
        assert list(refused.value.message_dict) == [field]
    with pytest.raises(IdentifiersFound):
        scene.answer(notice, services.tell_of_appeal, lodged_on=today, file=a_copy(b"About 943 476 5919."))
    assert not AppealClaim.objects.exists()
    assert not notice.case.attachments.exists()


def test_the_tribunal_suspends_a_prohibition_until_it_decides(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.suspended()
    appeal = notice.appeals.get()
    assert appeal.suspends_on(clock.today())
    assert not appeal.suspends_on(clock.today() - timedelta(days=1))
    assert appeal.suspends_on(date(2030, 1, 1))
    assert Message.objects.filter(template="enforcement/suspended").exists()
    travel.shift(timedelta(days=30))
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    appeal.refresh_from_db()
    assert not appeal.suspends_on(clock.today())
    assert appeal.suspends_on(clock.today() - timedelta(days=1))


def test_a_suspension_with_a_last_day_ends_on_it(scene: Scene) -> None:
    notice = scene.suspended()
    last = clock.today() + timedelta(days=10)
    scene.do(notice, enforcing.record_suspension, suspended_from=clock.today(), suspended_until=last)
    appeal = notice.appeals.get()
    assert appeal.suspends_on(last)
    assert not appeal.suspends_on(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("state", "kind"), [("under_appeal", "improvement"), ("served", "prohibition_deferred")]
)
def test_nothing_else_is_suspended_by_direction(scene: Scene, state: str, kind: str) -> None:
    notice = scene.notice(state, notice_type=kind)
    with pytest.raises(NotAllowedNow):
        scene._suspend(notice)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(-1, None, "suspended_from"), (0, -1, "suspended_until"), (4000, None, "suspended_from")],
)
def test_nonsense_in_a_suspension_is_refused(scene: Scene, first: int, last: int | None, field: str) -> None:
    notice = scene.notice("under_appeal", notice_type="prohibition_deferred")
    until = None if last is None else clock.today() + timedelta(days=last)
    with pytest.raises(ValidationError) as refused:
        scene.do(
            notice,
            enforcing.record_suspension,
            suspended_from=clock.today() + timedelta(days=first),
            suspended_until=until,
        )
    assert list(refused.value.message_dict) == [field]


def test_the_database_itself_refuses_a_suspension_before_the_appeal(scene: Scene) -> None:
    notice = scene.notice("under_appeal", notice_type="prohibition_deferred")
    with pytest.raises(IntegrityError), transaction.atomic():
        notice.appeals.update(suspended_from=clock.today() - timedelta(days=1))


def test_an_appeal_that_is_given_up_leaves_the_notice_as_it_stood(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = scene.notice("under_appeal")
    former = notice.compliance_on
    assert former is not None
    travel.shift(timedelta(days=9))
    with pytest.raises(ValidationError, match="Affirmed with changes"):
        scene.do(
            notice,
            enforcing.dispose_appeal,
            outcome="dropped",
            on=clock.today(),
            required_action="Something else.",
        )
    scene.do(notice, enforcing.dispose_appeal, outcome="dropped", on=clock.today())
    assert notice.case.status == "served"
    assert notice.compliance_on == former + timedelta(days=9)
    told = Message.objects.filter(template="enforcement/appeal_decided")
    assert all("You withdrew it" in each.body for each in told)
    assert told.exists()
