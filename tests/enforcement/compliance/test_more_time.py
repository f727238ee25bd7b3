"""More time to comply: asked for before the date and once at a time, given or refused with reasons."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.deadlines.reminders import escalate, remind
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import EmployerFactory, member


def test_giving_more_time_grants_what_was_asked(scene: Scene) -> None:
    notice = scene.notice("time_asked")
    asked = ExtensionRequest.objects.get()
    letters = Message.objects.filter(template="compliance/filed")
    assert {each.to for each in letters} == {scene.manager.email, scene.reviewer.email}
    assert all(each.body.count("asks for more time") == 1 for each in letters)
    scene.do(notice, enforcing.extend_compliance, compliance_on=asked.asked_until, reason="Fair.")
    asked.refresh_from_db()
    assert (asked.decision, asked.granted_until) == ("granted", asked.asked_until)
    assert notice.compliance_on == asked.asked_until
    answer = Deadline.objects.get(case=notice.pk, kind="more_time_answer")
    assert answer.met_on == clock.today()


def test_refused_the_date_stands_and_the_employer_may_ask_again(scene: Scene) -> None:
    notice = scene.notice("time_asked")
    before = notice.compliance_on
    scene.do(notice, services.refuse_more_time, reason="The risk is too high.")
    asked = ExtensionRequest.objects.get()
    assert (asked.decision, asked.decision_reason) == ("refused", "The risk is too high.")
    assert notice.compliance_on == before
    assert Message.objects.filter(template="compliance/more_time_refused").exists()
    scene._ask_time(notice)
    assert ExtensionRequest.objects.filter(decision="").count() == 1


def test_a_second_request_waits_for_the_first(scene: Scene) -> None:
    notice = scene.notice("time_asked")
    with pytest.raises(NotAllowedNow, match="already"):
        scene._ask_time(notice)


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_it_is_asked_for_before_the_date_has_gone_by(
    scene: Scene, travel: time_machine.Traveller, days: int, allowed: bool
) -> None:
    notice = scene.notice("served")
    assert notice.compliance_on is not None
    travel.shift(notice.compliance_on - clock.today() + timedelta(days=days))
    if not allowed:
        with pytest.raises(NotAllowedNow, match="has gone by"):
            scene._ask_time(notice)
        return
    scene._ask_time(notice)
    travel.shift(timedelta(days=1))
    with pytest.raises(NotAllowedNow, match="give it or refuse it first"):
        scene.do(notice, enforcing.record_failure, reason="Late.")
    scene.do(notice, services.refuse_more_time, reason="No.")
    scene.do(notice, enforcing.record_failure, reason="Late.")
    assert notice.case.status == "not_complied"


@pytest.mark.parametrize("state", ["under_appeal", "complied", "withdrawn", "not_complied"])
def test_none_is_asked_for_where_no_date_runs(scene: Scene, state: str) -> None:
    notice = scene.notice(state)
    with pytest.raises(NotAllowedNow):
        scene._ask_time(notice)


def test_an_immediate_prohibition_states_no_date(scene: Scene) -> None:
    notice = scene.notice("served", notice_type="prohibition_immediate", compliance_days=None)
    with pytest.raises(NotAllowedNow, match="states no date"):
        scene._ask_time(notice)


def test_a_request_falls_away_with_an_appeal_and_with_compliance(scene: Scene) -> None:
    appealed, complied = scene.notice("time_asked"), scene.notice("time_asked")
    scene._appeal(appealed)
    scene._comply(complied)
    assert set(ExtensionRequest.objects.values_list("decision", flat=True)) == {"lapsed"}
    assert not Deadline.objects.open().filter(kind="more_time_answer").exists()


@pytest.mark.parametrize("who", ["reporter", "stranger", "inspector"])
def test_only_the_employers_leads_ask(scene: Scene, who: str) -> None:
    notice: Notice = scene.notice("served")
    stranger = member(EmployerFactory.create(), Role.EMPLOYER_LEAD)
    by = {"reporter": scene.reporter, "stranger": stranger, "inspector": scene.inspector}[who]
    until = clock.today() + timedelta(days=90)
    with pytest.raises(NotPermitted):
        scene.do(notice, services.ask_more_time, by, asked_until=until, reason="x")


def test_nonsense_is_refused_beside_its_field(scene: Scene) -> None:
    notice = scene.notice("served")
    assert notice.compliance_on is not None
    for until, reason, field in (
        (notice.compliance_on, "x", "asked_until"),
        (clock.today() + timedelta(days=400), "x", "asked_until"),
        (notice.compliance_on + timedelta(days=1), " ", "reason"),
    ):
        with pytest.raises(ValidationError) as refused:
            scene.answer(notice, services.ask_more_time, asked_until=until, reason=reason)
        assert list(refused.value.message_dict) == [field]
    later = notice.compliance_on + timedelta(days=1)
    with pytest.raises(IdentifiersFound):
        scene.answer(notice, services.ask_more_time, asked_until=later, reason="It was 943 476 5919.")
    with pytest.raises(NotAllowedNow, match="No request"):
        scene.do(notice, services.refuse_more_time, reason="x")
    assert not ExtensionRequest.objects.exists()


def test_whoever_leads_it_is_chased_for_an_answer(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("time_asked")
    answer = Deadline.objects.get(case=notice.pk, kind="more_time_answer")
    travel.shift(answer.due_on - clock.today() - timedelta(days=1))
    remind()
    assert Message.objects.filter(template="deadline-reminder", to=scene.manager.email).count() == 1
    travel.shift(timedelta(days=3))
    escalate()
    answer.refresh_from_db()
    assert answer.escalated_at is not None
