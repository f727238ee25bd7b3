"""Another day for a visit: before it takes place, told to an employer that knew, never a day gone by."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from inspections import services
from inspections.correspondence.models import Correspondence
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.casework.wording import as_text
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.letters import approved, prepared

Kind = Correspondence.Kind


def _replan(scene: Scene, inspection: Inspection, by: Any = None, **changes: Any) -> None:
    values: dict[str, Any] = {"planned_on": clock.today() + timedelta(days=30), "reason": "A strike."}
    scene.inspect(inspection, services.replan, by, **(values | changes))


@pytest.mark.parametrize("state", ["planned", "announced", "evidence_requested"])
def test_only_an_employer_that_knew_of_the_visit_is_told_of_the_new_day(scene: Scene, state: str) -> None:
    inspection = scene.inspection(state)
    former, day = inspection.planned_on, clock.today() + timedelta(days=30)
    _replan(scene, inspection, reason="The inspector is ill.")
    inspection.refresh_from_db()
    assert (inspection.planned_on, inspection.case.status) == (day, state)
    told = Message.objects.filter(template="inspections/replanned", case=inspection.case)
    assert set(told.values_list("to", flat=True)) == (set() if state == "planned" else {scene.lead.email})
    for each in told:
        said = " ".join(each.body.split())
        assert f"{former:%A} {as_text(former)} is now planned for {day:%A} {as_text(day)}." in said
        assert "ill" not in each.body.split(), "why is CQC's own"
    event = Event.objects.get(case=inspection.case, type="inspections.replanned")
    assert event.payload["from"] == former.isoformat()
    assert event.payload["planned_on"] == day.isoformat()


def test_twice_is_told_twice(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    first = inspection.planned_on
    for day in (first + timedelta(days=9), first, first + timedelta(days=9)):
        _replan(scene, inspection, planned_on=day)
    assert Message.objects.filter(template="inspections/replanned").count() == 3


@pytest.mark.parametrize("state", ["on_site", "feedback_drafted", "final"])
def test_what_took_place_has_no_other_day(scene: Scene, state: str) -> None:
    inspection = scene.inspection(state)
    with pytest.raises(NotAllowedNow, match="before the visit"):
        _replan(scene, inspection)


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        (-1, "A strike.", "planned_on"),
        (0, "A strike.", "planned_on"),
        (40_000, "A strike.", "planned_on"),
        (5, " \n", "reason"),
    ],
)
def test_a_day_gone_by_out_of_reach_or_the_same_and_no_reason_are_refused(
    scene: Scene, days: int, reason: str, field: str
) -> None:
    inspection = scene.inspection()
    with pytest.raises(ValidationError) as refused:
        _replan(scene, inspection, planned_on=clock.today() + timedelta(days=days), reason=reason)
    assert list(refused.value.message_dict) == [field]
    assert not Event.objects.filter(type="inspections.replanned").exists()


def test_nobody_else_replans(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    for person in (scene.lead, scene.reporter, staff(Role.CASE_OFFICER), staff(Role.ANALYST)):
        with pytest.raises(NotPermitted):
            _replan(scene, inspection, person)


def test_a_stale_page_replans_nothing(scene: Scene) -> None:
    inspection = scene.inspection("planned")
    stale = inspection.case.version
    _replan(scene, inspection)
    with pytest.raises(StaleVersion):
        services.replan(
            inspection=inspection,
            by=scene.inspector,
            version=stale,
            planned_on=clock.today() + timedelta(days=3),
            reason="Again.",
        )


def test_a_visit_whose_day_went_by_is_not_announced_until_it_has_another(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = scene.inspection()
    waiting = prepared(inspection, Kind.ANNOUNCEMENT, by=scene.inspector)
    travel.shift(timedelta(days=1))
    with pytest.raises(NotAllowedNow, match="plan another day first"):
        approved(waiting, by=scene.manager)
    with pytest.raises(NotAllowedNow, match="plan another day first"):
        prepared(inspection, Kind.ANNOUNCEMENT, by=scene.inspector)
    assert not Message.objects.filter(template="inspections/announcement").exists()
    _replan(scene, inspection)
    scene.send(inspection, Kind.ANNOUNCEMENT)
    assert Message.objects.filter(template="inspections/announcement").exists()
