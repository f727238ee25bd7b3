"""After a failure: referral to prosecution and its outcome, compliance that came late, and an inspection that
looks again."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services as enforcing
from enforcement.compliance import services
from enforcement.compliance.desk.facts import to_refer
from enforcement.compliance.models import Prosecution
from enforcement.models import Notice
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.desk import facts_for
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Case
from regulator.casework.services import IdentifiersFound, refer
from regulator.casework.services.linking import are_linked
from regulator.casework.services.referring import Packet
from regulator.outbox.models import Message
from tests.casework.closing import closed_to
from tests.enforcement.scene import Scene
from tests.factories import staff


def packet(scene: Scene) -> Packet:
    return Packet(
        body="hse",
        gateway="other",
        gateway_text="An agreement on joint prosecutions.",
        sent_on=clock.today(),
        how="email",
        sent_by=scene.manager,
        summary="The notice and the evidence of the failure.",
    )


def test_a_failed_notice_is_referred_with_its_packet_and_the_outcome_is_kept(scene: Scene) -> None:
    notice = scene.notice("not_complied")
    sent = refer(case=notice.case, by=scene.manager, version=notice.case.version, packet=packet(scene))
    made = scene.do(notice, services.refer_for_prosecution, reason="It goes on.", referral=sent)
    assert (made.referral, made.referred_by, made.standing) == (
        sent,
        scene.manager,
        "Referred, not decided yet",
    )
    with pytest.raises(NotAllowedNow, match="already"):
        scene._refer(notice)
    found = scene.do(
        notice,
        services.record_prosecution,
        outcome="not_prosecuted",
        on=clock.today(),
        reason="Not in the public interest.",
    )
    assert (found.outcome, found.why) == ("not_prosecuted", "Not in the public interest.")
    scene._refer(notice)
    assert Prosecution.objects.count() == 2, "what comes to light later can be referred anew"


def test_complied_late_is_an_outcome_once_it_is_on_record(scene: Scene) -> None:
    notice = scene.notice("prosecution")
    late = {"outcome": "complied_late", "on": clock.today(), "reason": "All was put right."}
    with pytest.raises(ValidationError, match="Record compliance first"):
        scene.do(notice, services.record_prosecution, **late)
    scene._write_evidence(notice)
    scene._submit_evidence(notice)
    scene._accept_evidence(notice)
    assert notice.case.status == "complied"
    scene.do(notice, services.record_prosecution, **late)
    assert Prosecution.objects.get().standing == "Not prosecuted: complied with late"


@pytest.mark.parametrize(
    ("kind", "failed", "after", "refused"),
    [
        ("improvement", True, 45, False),
        ("improvement", False, 45, False),
        ("improvement", False, 42, True),
        ("prohibition_immediate", True, 45, False),
        ("prohibition_immediate", False, 45, True),
        ("prohibition_deferred", True, 45, False),
        ("prohibition_deferred", False, 45, True),
    ],
)
def test_late_compliance_undoes_no_offence(
    scene: Scene, travel: time_machine.Traveller, kind: str, failed: bool, after: int, refused: bool
) -> None:
    """HSWA 1974 s33. What prohibits may be remedied long after it takes effect, and was kept to meanwhile; it
    was contravened where CQC recorded that."""
    days = None if kind == "prohibition_immediate" else 42
    notice = scene.notice("served", notice_type=kind, compliance_days=days)
    travel.shift(timedelta(days=after))
    if failed:
        scene.do(notice, enforcing.record_failure, reason="It went on.")
    scene.do(notice, enforcing.record_compliance, complied_on=clock.today(), how="evidence")
    assert bool(to_refer(notice.case, scene.manager)) is refused
    if refused:
        with pytest.raises(NotAllowedNow, match="Only a notice that was not complied with, or late"):
            scene._refer(notice)
        return
    scene._refer(notice)
    assert _prosecuted(scene, notice).outcome == "prosecuted"


def _appealed_in_time(scene: Scene, travel: time_machine.Traveller) -> Notice:
    """Failed on paper and referred; then CQC learns of an appeal that was lodged within the period."""
    notice = scene.notice("served")
    travel.move_to("2025-04-15T12:00:00+00:00")
    scene.do(notice, enforcing.record_failure, reason="Nothing came.")
    scene._refer(notice)
    travel.move_to("2025-04-16T12:00:00+00:00")
    scene.do(notice, enforcing.record_appeal, lodged_on=date(2025, 3, 20))
    return notice


def _prosecuted(scene: Scene, notice: Notice, outcome: str = "prosecuted") -> Prosecution:
    given = {"outcome": outcome, "on": clock.today(), "reason": "As the lawyers advised."}
    found: Prosecution = scene.do(notice, services.record_prosecution, **given)
    return found


def _on_the_desk(notice: Notice) -> str:
    shown = facts_for(Case.objects.get(pk=notice.pk))
    return str([each.rows for each in shown if each.title == "Prosecution"])


def test_a_failure_that_an_appeal_in_time_undid_is_not_prosecuted(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = _appealed_in_time(scene, travel)
    letters = Message.objects.filter(template="enforcement/appealed", to=scene.lead.email)
    assert "no longer stands, because you appealed within the time for compliance" in letters.get().body
    with pytest.raises(ValidationError, match="An appeal is pending"):
        _prosecuted(scene, notice)
    travel.move_to("2025-06-10T12:00:00+00:00")
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    with pytest.raises(ValidationError, match="failure no longer stands"):
        _prosecuted(scene, notice)
    assert "The failure no longer stands" in _on_the_desk(notice)
    scene._comply(notice)
    for outcome in ("prosecuted", "complied_late"):
        with pytest.raises(ValidationError, match="failure no longer stands"):
            _prosecuted(scene, notice, outcome)
    _prosecuted(scene, notice, "not_prosecuted")
    assert "The failure no longer stands" not in _on_the_desk(notice)


def test_a_second_failure_is_referred_anew_once_the_first_referral_was_ended(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    notice = _appealed_in_time(scene, travel)
    travel.move_to("2025-06-10T12:00:00+00:00")
    scene.do(notice, enforcing.dispose_appeal, outcome="affirmed", on=clock.today())
    travel.move_to("2025-07-06T12:00:00+00:00")
    scene.do(notice, enforcing.record_failure, reason="Nothing came again.")
    with pytest.raises(NotAllowedNow, match="already"):
        scene._refer(notice)
    with pytest.raises(ValidationError, match="an earlier failure"):
        _prosecuted(scene, notice)
    assert "an earlier failure" in _on_the_desk(notice)
    _prosecuted(scene, notice, "not_prosecuted")
    scene._refer(notice)
    assert _prosecuted(scene, notice).standing == "Prosecuted"


def test_complied_and_withdrawn_are_different(scene: Scene) -> None:
    """Only what was complied with after it failed can still be prosecuted; a withdrawn notice is none."""
    for state in ("served", "complied", "withdrawn"):
        with pytest.raises(NotAllowedNow, match="Only a notice that was not complied with"):
            scene._refer(scene.notice(state))


def test_nonsense_is_refused(scene: Scene) -> None:
    notice, other = scene.notice("not_complied"), scene.notice("not_complied")
    foreign = refer(case=other.case, by=scene.manager, version=other.case.version, packet=packet(scene))
    with pytest.raises(ValidationError) as refused:
        scene.do(notice, services.refer_for_prosecution, reason=" ", referral=foreign)
    assert set(refused.value.message_dict) == {"reason", "referral"}
    with pytest.raises(IdentifiersFound):
        scene.do(notice, services.refer_for_prosecution, reason="Of 943 476 5919.")
    with pytest.raises(NotAllowedNow):
        scene.do(notice, services.record_prosecution, outcome="prosecuted", on=clock.today(), reason="x")
    scene._refer(notice)
    with pytest.raises(ValidationError) as refused:
        scene.do(
            notice,
            services.record_prosecution,
            outcome="hanged",
            on=clock.today() + timedelta(days=1),
            reason="",
        )
    assert set(refused.value.message_dict) == {"outcome", "on", "reason"}


def test_an_inspection_looks_again_and_is_linked_with_the_notice(scene: Scene) -> None:
    seen = scene.inspection("on_site")
    finding = scene.find(seen)
    rests = scene.notice("served", inspection=seen, findings=[finding], breach_on=seen.visited_on)
    given: dict[str, Any] = {"planned_on": clock.today(), "reason": "Was it done?", "site": scene.site}
    follow_up = services.open_reinspection(notice=rests, by=scene.inspector, **given)
    assert follow_up.trigger == Inspection.Trigger.FOLLOW_UP
    assert follow_up.arose_from == seen.case
    alone = scene.notice("not_complied")
    focused = services.open_reinspection(notice=alone, by=scene.inspector, **given)
    assert focused.trigger == Inspection.Trigger.FOCUSED
    assert focused.arose_from == alone.case
    for notice, made in ((rests, follow_up), (alone, focused)):
        assert are_linked(notice.case, made.case)


def test_who_may_not_opens_no_inspection_from_a_notice(scene: Scene) -> None:
    notice = scene.notice("served")
    given: dict[str, Any] = {"notice": notice, "planned_on": clock.today(), "reason": "x"}
    for by in (scene.manager, scene.lead):
        with pytest.raises(NotPermitted):
            services.open_reinspection(by=by, **given)
    with pytest.raises(ValidationError, match="Give a reason"):
        services.open_reinspection(by=scene.inspector, **(given | {"reason": " "}))
    closed_to(notice.case, scene.inspector, by=scene.manager)
    with pytest.raises(NotPermitted):
        services.open_reinspection(by=staff(Role.INSPECTOR), **given)
    over = scene.notice("complied")
    with pytest.raises(NotAllowedNow, match="binds"):
        services.open_reinspection(by=scene.inspector, **(given | {"notice": over}))
    assert not Inspection.objects.exists()
