"""A deferred prohibition that the tribunal suspends: the day on which it takes effect stands, no clock runs
to a day that falls into the suspension, and the employer is told."""

from datetime import timedelta

import time_machine

from enforcement import services
from enforcement.models import Notice
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.scene import Scene
from tests.notifications.pages import browser, text

Travel = time_machine.Traveller


def _runs(notice: Notice) -> bool:
    return Deadline.objects.open().filter(case=notice.pk, kind="comply").exists()


def test_no_clock_runs_to_a_day_within_the_suspension_and_the_day_stands(
    scene: Scene, travel: Travel
) -> None:
    notice = scene.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    day = notice.compliance_on
    assert day is not None
    assert _runs(notice), "an appeal alone suspends no prohibition (HSWA 1974 s24(3))"
    scene.do(notice, services.record_suspension, suspended_from=clock.today())
    assert not _runs(notice)
    (told,) = Message.objects.filter(template="enforcement/suspended", to=scene.lead.email)
    assert f"takes effect on {day:%A} {day.day} {day:%B %Y}" in " ".join(told.body.split())
    means = "keeps it from binding until the appeal is disposed of"
    assert means in opened(scene, notice)
    assert means in text(browser(scene.manager).get(f"/desk/casework/case/{notice.pk}/"))
    travel.shift(timedelta(days=60))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    notice.refresh_from_db()
    assert notice.compliance_on == day
    assert not _runs(notice), "it binds at once: there is nothing to wait for"
    assert first_broken_link() is None


def test_a_clock_runs_on_to_a_day_beyond_the_suspension(scene: Scene) -> None:
    notice = scene.suspended()
    assert not _runs(notice)
    last = clock.today() + timedelta(days=10)
    scene.do(notice, services.record_suspension, suspended_from=clock.today(), suspended_until=last)
    assert _runs(notice), "recorded again with an end before its day"
    running = Deadline.objects.open().get(case=notice.pk, kind="comply")
    assert running.due_on == notice.compliance_on


def test_a_clock_runs_again_once_the_appeal_is_decided_before_its_day(scene: Scene, travel: Travel) -> None:
    notice = scene.suspended()
    travel.shift(timedelta(days=5))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    assert Deadline.objects.open().get(case=notice.pk, kind="comply").due_on == notice.compliance_on


def test_an_immediate_prohibition_has_no_such_clock(scene: Scene) -> None:
    notice = scene.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_IMMEDIATE)
    scene.do(notice, services.record_suspension, suspended_from=clock.today())
    assert not _runs(notice)
    (told,) = Message.objects.filter(template="enforcement/suspended", to=scene.lead.email)
    assert "takes effect on" not in told.body
