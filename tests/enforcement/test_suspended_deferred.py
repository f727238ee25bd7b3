"""A deferred prohibition that the tribunal suspends: the day on which it takes effect stands, no clock runs
to a day that falls into the suspension, and the employer is told."""

from datetime import date, timedelta

import pytest
import time_machine

from enforcement import services
from enforcement.binding import directed
from enforcement.conditions import not_extendable
from enforcement.deadlines import MORE_TIME_ANSWER
from enforcement.legal_life import suspension_means
from enforcement.models import Notice
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.wording import as_text
from regulator.deadlines.models import Deadline, ExtensionRequest
from regulator.outbox.models import Message
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.scene import Scene
from tests.notifications.pages import browser, text

Travel = time_machine.Traveller


def _said(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _told(scene: Scene, letter: str) -> str:
    """The last letter of its kind to the employer's lead."""
    found = Message.objects.filter(template=f"enforcement/{letter}", to=scene.lead.email)
    return " ".join(found.latest("pk").body.split())


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
    assert f"takes effect at the end of {_said(day)}" in " ".join(told.body.split())
    means = "keeps it from binding until the appeal is disposed of"
    assert means in opened(scene, notice)
    assert means in text(browser(scene.manager).get(f"/desk/casework/case/{notice.pk}/"))
    travel.shift(timedelta(days=60))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    notice.refresh_from_db()
    assert notice.compliance_on == day
    assert not _runs(notice), "it binds at once: there is nothing to wait for"
    decided = _told(scene, "appeal_decided")
    assert f"The suspension has ended; the prohibition binds you from {_said(clock.today())}." in decided
    assert "takes effect" not in decided
    assert "as it was served" not in decided
    refused = "The prohibition took effect; there is no period to extend."
    assert not_extendable(notice.case, scene.manager) == refused
    later = clock.today() + timedelta(days=30)
    with pytest.raises(NotAllowedNow, match="no period to extend"):
        scene.do(notice, services.extend_compliance, compliance_on=later, reason="Fair.")
    assert first_broken_link() is None


def test_what_was_suspended_over_its_day_is_not_late_on_the_day_of_the_decision(
    scene: Scene, travel: Travel
) -> None:
    notice = scene.suspended()
    travel.shift(timedelta(days=60))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    decided = clock.today()
    with pytest.raises(NotAllowedNow, match=f"complied with, until {as_text(decided)}"):
        scene.do(notice, services.record_failure, reason="Nothing came.")
    travel.shift(timedelta(days=1))
    scene.do(notice, services.record_failure, reason="Nothing came.")
    assert f"The date in this notice, {_said(decided)}, went by" in _told(scene, "not_complied")


def test_a_letter_about_a_day_that_went_by_without_a_suspension_says_so(scene: Scene, travel: Travel) -> None:
    notice = scene.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    day = notice.compliance_on
    assert day is not None
    assert not_extendable(notice.case, scene.manager).startswith("The time for compliance")
    travel.shift(timedelta(days=60))
    scene.do(notice, services.dispose_appeal, outcome="dropped", on=clock.today())
    assert f"The prohibition took effect at the end of {_said(day)}: it binds you." in _told(
        scene, "appeal_decided"
    )


@pytest.mark.parametrize(("days", "in_effect"), [(0, False), (1, True)])
def test_a_deferred_prohibition_takes_effect_at_the_end_of_its_day(
    scene: Scene, travel: Travel, days: int, in_effect: bool
) -> None:
    """HSWA 1974 s22(4): at the end of the period that it states, as its PDF says, and not on that day."""
    notice = scene.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    day = notice.compliance_on
    assert day is not None
    assert f"The prohibition takes effect at the end of {_said(day)}." in _told(scene, "notice_served")
    travel.shift(day - clock.today() + timedelta(days=days))
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today())
    decided = _told(scene, "appeal_decided")
    effect = "took effect" if in_effect else "takes effect"
    assert f"The prohibition {effect} at the end of {_said(day)}" in decided
    assert ("it binds you" in decided) is in_effect


def test_the_letter_of_a_suspension_does_not_contradict_itself(scene: Scene, travel: Travel) -> None:
    """A deferred prohibition binds at the end of the suspension only where it took effect before."""
    at_once = "From then on you must keep to the notice"
    notice = scene.suspended()
    assert at_once not in _told(scene, "suspended")
    assert "keeps it from binding until the appeal is disposed of" in _told(scene, "suspended")
    travel.shift(timedelta(days=60))
    scene.do(notice, services.record_suspension, suspended_from=clock.today())
    assert at_once in _told(scene, "suspended")
    assert "takes effect" not in _told(scene, "suspended")


def test_a_suspension_that_never_began_is_told_nowhere(scene: Scene, travel: Travel) -> None:
    notice = scene.notice("under_appeal", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    ahead = clock.today() + timedelta(days=20)
    scene.do(notice, services.record_suspension, suspended_from=ahead)
    assert "keeps it from binding" in opened(scene, notice)
    travel.shift(timedelta(days=5))
    scene.do(notice, services.dispose_appeal, outcome="dropped", on=clock.today())
    notice.refresh_from_db()
    day = notice.compliance_on
    assert day is not None
    page = opened(scene, notice)
    assert "After the suspension" not in page
    assert "suspension from" not in page
    assert suspension_means(day, directed(notice.appeals.get())) == ""
    assert f"The prohibition takes effect at the end of {_said(day)}." in _told(scene, "appeal_decided")


def test_nobody_is_reminded_to_answer_a_request_that_fell_with_its_clock(scene: Scene) -> None:
    notice = scene.notice("time_asked", notice_type=Notice.Type.PROHIBITION_DEFERRED)
    running = Deadline.objects.open().filter(case=notice.pk, kind=MORE_TIME_ANSWER)
    scene.do(notice, services.record_appeal, lodged_on=clock.today())
    assert running.exists(), "the request waits: the appeal alone suspends nothing"
    scene.do(notice, services.record_suspension, suspended_from=clock.today())
    assert not running.exists()
    assert not ExtensionRequest.objects.filter(decision="").exists()


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
    assert "takes effect" not in told.body
