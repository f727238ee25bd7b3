"""Letters go to those who may see what they tell of: a reporter hears of no inspection and of no notice."""

from datetime import timedelta

import pytest
import time_machine

from enforcement.gate import services as gate
from enforcement.letters import addressees
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.casework.recipients import staff_for
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import remind
from regulator.organisations.models import Membership
from regulator.organisations.queries import contacts
from regulator.outbox.models import Message
from tests.casework.closing import interest_of
from tests.enforcement.scene import Scene

pytestmark = pytest.mark.django_db


def written_to(case: Case) -> set[str]:
    return set(Message.objects.filter(case=case).values_list("to", flat=True))


def after_the_last_reminder(travel: time_machine.Traveller, case: Case) -> None:
    """Far past every due date, with every reminder sent."""
    assert Deadline.objects.filter(case=case).exists()
    travel.move_to(clock.now() + timedelta(days=400))
    remind()


def test_a_reporter_gets_no_letter_about_a_notice(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    after_the_last_reminder(travel, notice.case)
    told = written_to(notice.case)
    assert {scene.lead.email, scene.employer.chief_executive_email} <= told
    assert scene.reporter.email not in told
    assert Message.objects.filter(to=scene.lead.email, template="deadline-reminder").exists()


def test_a_reporter_gets_no_letter_about_an_inspection(scene: Scene, travel: time_machine.Traveller) -> None:
    inspection = scene.inspection("on_site")
    scene.find(inspection, Finding.Kind.BREACH)
    scene.feed_back(inspection)
    after_the_last_reminder(travel, inspection.case)
    told = written_to(inspection.case)
    assert scene.lead.email in told
    assert scene.reporter.email not in told
    assert Message.objects.filter(to=scene.lead.email, template="deadline-reminder").exists()


def test_a_notice_of_an_employer_without_a_lead_goes_to_the_chief_executives_office(scene: Scene) -> None:
    Membership.objects.filter(user=scene.lead).update(ended_at=clock.now())
    notice = scene.notice("served")
    assert written_to(notice.case) == {scene.employer.chief_executive_email}
    assert addressees(scene.employer) == [scene.employer.chief_executive_email]


def test_reporter_and_lead_both_hear_of_a_notification(scene: Scene) -> None:
    follow = KINDS.get("notification").follow
    assert contacts(scene.employer, permission=follow) == [scene.lead.email, scene.reporter.email]


def test_no_permission_that_employers_people_do_not_hold_reaches_them(scene: Scene) -> None:
    assert contacts(scene.employer, permission="casework.read") == []
    with pytest.raises(LookupError):
        contacts(scene.employer, permission="enforcement.folow")


def test_whoever_declared_an_interest_is_not_asked_to_decide(scene: Scene) -> None:
    """Their declaration keeps them from it; where all have one, all are told, so that it is not unseen."""
    second = scene.second
    interest_of(second, scene.employer)
    notice = scene.notice("served")
    told = {"claimed_on": clock.today(), "text": "It tells how the shielding is made."}
    scene.do(notice, gate.claim_trade_secret, scene.lead, **told)
    letters = Message.objects.filter(template="gate/claimed").values_list("to", flat=True)
    assert scene.manager.email in letters
    assert second.email not in letters
    may_publish = {each.pk for each in staff_for(notice.case, permission="enforcement.publish")}
    assert second.pk not in may_publish
    assert second in staff_for(notice.case, permission="casework.read")
    for each in User.objects.filter(pk__in=may_publish):
        interest_of(each, scene.employer)
    assert second in staff_for(notice.case, permission="enforcement.publish")
