"""Not before a day and a time of London: held, released once, and never past the law's day unasked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.gate.tasks import RELEASE_ENTRIES, release_entries
from enforcement.register.models import Change
from enforcement.tasks import propose_publication
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Event
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Employer
from tests.enforcement.gate.stage import entry_of, open_of, proposed
from tests.enforcement.scene import Scene

Travel = time_machine.Traveller


def _embargoed(scene: Scene, travel: Travel, **given: Any) -> tuple[Any, datetime]:
    notice = proposed(scene, travel)
    until = clock.now() + timedelta(days=3, hours=1)
    scene.do(notice, gate.prepare_entry, scene.inspector, **{"embargo_until": until} | given)
    scene.do(notice, gate.approve_entry)
    return notice, until


def test_approved_it_waits_and_is_released_once_on_its_day(scene: Scene, travel: Travel) -> None:
    notice, until = _embargoed(scene, travel)
    assert (open_of(notice).state, entry_of(notice)) == ("approved", None)
    publish = Deadline.objects.get(case=notice.case, kind="publish")
    assert publish.is_open
    travel.move_to(until - timedelta(seconds=1))
    assert release_entries() == 0
    travel.move_to(until)
    assert [release_entries(), release_entries()] == [1, 0]
    assert entry_of(notice) is not None
    publish.refresh_from_db()
    assert (publish.met_on, Change.objects.count()) == (clock.today(), 1)
    published = Event.objects.get(case=notice.pk, type="enforcement.published")
    assert published.actor is None
    assert first_broken_link() is None


def test_a_task_redelivered_with_what_it_read_before_releases_nothing_twice(
    scene: Scene, travel: Travel
) -> None:
    notice, until = _embargoed(scene, travel)
    read_before = Proposal.objects.select_related("notice__case").get(state="approved")
    travel.move_to(until)
    assert release_entries() == 1
    assert gate.release_entry(proposal=read_before, by=Scheduled(RELEASE_ENTRIES)) is False
    assert Change.objects.count() == 1
    with pytest.raises(NotPermitted):
        gate.release_entry(proposal=read_before, by=scene.second)
    assert entry_of(notice) is not None


def test_an_embargo_past_the_clock_needs_a_reason(scene: Scene, travel: Travel) -> None:
    notice = proposed(scene, travel)
    due = Deadline.objects.get(case=notice.case, kind="publish").due_on
    last = datetime(due.year, due.month, due.day, 22, 59, tzinfo=UTC)  # 23:59 in London's summer
    scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=last)
    late = last + timedelta(minutes=2)
    with pytest.raises(ValidationError) as refused:
        scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=late)
    assert list(refused.value.message_dict) == ["embargo_why"]
    assert "7 April 2025" in str(refused.value)
    scene.do(notice, gate.prepare_entry, scene.inspector, embargo_until=late, embargo_why="A court asked.")
    assert open_of(notice).embargo_why == "A court asked."


@pytest.mark.parametrize("hours", [-1, 0, 24 * 400])
def test_an_embargo_lies_ahead_and_within_a_year(scene: Scene, travel: Travel, hours: int) -> None:
    notice = proposed(scene, travel)
    with pytest.raises(ValidationError, match="within a year"):
        scene.do(notice, gate.prepare_entry, embargo_until=clock.now() + timedelta(hours=hours))
    with pytest.raises(ValidationError, match="Give the day"):
        scene.do(notice, gate.prepare_entry, embargo_why="A court asked.")


def test_facts_that_changed_under_embargo_make_the_approval_void(scene: Scene, travel: Travel) -> None:
    notice, until = _embargoed(scene, travel)
    Employer.objects.filter(pk=scene.employer.pk).update(name="Another name (invented)")
    travel.move_to(until)
    assert [release_entries(), release_entries()] == [0, 0]
    assert entry_of(notice) is None
    assert (open_of(notice).is_waiting, open_of(notice).approved_by) == (True, None)


def test_an_appeal_under_embargo_keeps_it_from_the_public(scene: Scene, travel: Travel) -> None:
    notice, until = _embargoed(scene, travel)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    travel.move_to(until)
    assert release_entries() == 0
    assert entry_of(notice) is None


def test_under_embargo_it_can_be_given_back(scene: Scene, travel: Travel) -> None:
    notice, until = _embargoed(scene, travel)
    scene.do(notice, gate.return_entry, reason="The report is late.")
    travel.move_to(until)
    assert (release_entries(), entry_of(notice)) == (0, None)


@pytest.mark.parametrize(
    ("served", "eve", "day"),
    [
        # The clocks go forward on 30 March 2025 and back on 26 October: midnight in London moves in UTC.
        ("2025-03-10T09:00+00:00", "2025-03-31T22:59:59+00:00", "2025-03-31T23:00:00+00:00"),
        ("2025-10-06T09:00+00:00", "2025-10-27T23:59:59+00:00", "2025-10-28T00:00:00+00:00"),
        ("2025-06-02T09:00+00:00", "2025-06-23T22:59:59+00:00", "2025-06-23T23:00:00+00:00"),
        ("2025-12-01T09:00+00:00", "2025-12-22T23:59:59+00:00", "2025-12-23T00:00:00+00:00"),
    ],
)
def test_the_law_allows_it_from_midnight_in_london(
    scene: Scene, travel: Travel, served: str, eve: str, day: str
) -> None:
    travel.move_to(datetime.fromisoformat(served))
    notice = scene.notice("served")
    travel.move_to(datetime.fromisoformat(eve))
    assert propose_publication() == 0
    with pytest.raises(NotAllowedNow, match="Nothing is published"):
        scene.do(notice, gate.prepare_entry)
    travel.move_to(datetime.fromisoformat(day))
    assert propose_publication() == 1
    notice.case.refresh_from_db()
    scene.publish(notice)
    assert entry_of(notice) is not None
