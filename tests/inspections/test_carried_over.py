"""Inspections of the first lifecycle: what they are now, and that their past is still told."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from inspections import services
from inspections.lifecycle import FORMER_STATES, LIFECYCLE
from inspections.models import Finding, Inspection
from inspections.plans.services import accept_plan
from regulator import clock
from regulator.casework import triggers
from regulator.casework.chain import digest
from regulator.casework.evidence.past import ONLY_CHAIN
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Case, Event, EventText, SavedView
from tests.enforcement.scene import Scene

MIGRATION = import_module("inspections.migrations.0004_lifecycle")
FORMER = {new: old for old, new in FORMER_STATES.items()}


def make_former(inspection: Inspection) -> None:
    """Let the events and rows be as the first lifecycle wrote them: no draft, nothing final."""
    triggers.drop(connection)
    unknown = Event.objects.filter(type__in=("inspections.feedback_drafted", "inspections.finalised"))
    EventText.objects.filter(event__in=unknown).delete()
    unknown.delete()
    for event in Event.objects.filter(case=inspection.case):
        moved = {name: FORMER.get(value, value) for name, value in _states(event).items()}
        if event.type == "inspections.feedback_issued":
            moved = {"from": "visited", "to": "feedback_issued"}
        if event.type == "inspections.stood_down":
            event.type = "inspections.cancelled" if moved["to"] == "cancelled" else "inspections.dropped"
        event.payload = event.payload | moved
        event.payload.pop("theme_sha256", None)
        event.hash = digest(event)
        event.save()
    triggers.install(connection)
    status = Case.objects.get(pk=inspection.pk).status
    Case.objects.filter(pk=inspection.pk).update(status=FORMER.get(status, status))
    Inspection.objects.filter(pk=inspection.pk).update(final_on=None)
    Finding.objects.filter(inspection=inspection).update(final_on=None)


def _states(event: Event) -> dict[str, Any]:
    return {name: event.payload[name] for name in ("from", "to") if name in event.payload}


def test_every_former_state_is_one_of_today_and_the_migration_says_the_same() -> None:
    assert MIGRATION.STATES == FORMER_STATES
    assert set(FORMER_STATES.values()) <= set(LIFECYCLE.states)
    assert not set(FORMER_STATES) & set(LIFECYCLE.states)


@pytest.mark.parametrize("state", ["on_site", "final", "action_plan", "stood_down", "stood_down_unseen"])
def test_a_row_and_its_past_are_carried_over(
    scene: Scene, travel: time_machine.Traveller, state: str
) -> None:
    inspection, seen = _lived(scene, travel, state)
    make_former(inspection)
    MIGRATION.forwards(apps, None)
    case = Case.objects.get(pk=inspection.pk)
    assert case.status == state
    now = case_as_at(case, clock.now())
    assert {name: part for name, part in now.items() if name not in ONLY_CHAIN} == case_at_present(case)
    for moment, status in seen:
        assert case_as_at(case, moment)["case"]["status"] == status


def _lived(scene: Scene, travel: time_machine.Traveller, state: str) -> tuple[Inspection, list[Any]]:
    """An inspection brought to ``state`` on one day, and where it stood before."""
    inspection = scene.inspection("planned" if state == "stood_down_unseen" else "announced")
    seen = [(clock.now(), inspection.case.status)]
    travel.shift(timedelta(hours=1))
    if state in ("stood_down", "stood_down_unseen"):
        scene.inspect(inspection, services.stand_down, reason="The unit closed.")
        return inspection, seen
    scene.inspect(inspection, services.visit, visited_on=clock.today())
    scene.find(inspection)
    seen.append((clock.now(), "on_site"))
    travel.shift(timedelta(hours=1))
    if state != "on_site":
        scene.feed_back(inspection)
        seen.append((clock.now(), "final"))
        travel.shift(timedelta(hours=1))
    if state == "action_plan":
        scene.submit_plan(inspection)
        scene.inspect(inspection, accept_plan)
        seen.append((clock.now(), "action_plan"))
    return inspection, seen


def test_what_happens_after_it_was_carried_over_is_told_on(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection, _ = _lived(scene, travel, "final")
    make_former(inspection)
    MIGRATION.forwards(apps, None)
    inspection = Inspection.objects.select_related("case__employer").get(pk=inspection.pk)
    scene.submit_plan(inspection)
    scene.inspect(inspection, accept_plan)
    travel.shift(timedelta(days=1))
    scene.find(inspection)
    scene.feed_back(inspection)
    case = Case.objects.get(pk=inspection.pk)
    told = case_as_at(case, clock.now())
    assert {name: part for name, part in told.items() if name not in ONLY_CHAIN} == case_at_present(case)
    assert told["inspection"]["plan_received_on"] is None


def test_what_had_been_fed_back_is_final_and_can_be_closed(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection, _ = _lived(scene, travel, "action_plan")
    make_former(inspection)
    MIGRATION.forwards(apps, None)
    inspection = Inspection.objects.select_related("case__employer").get(pk=inspection.pk)
    assert inspection.final_on == inspection.feedback_issued_on
    scene.inspect(inspection, services.close)
    assert inspection.case.status == "closed"


def test_saved_views_ask_for_the_new_states(scene: Scene) -> None:
    asked = [
        ("inspection", {"status": "inspection:visited", "o": "due"}, "inspection:on_site"),
        ("", {"status": "inspection:dropped"}, "inspection:stood_down_unseen"),
        ("", {"status": "notice:cancelled"}, "notice:cancelled"),
        ("inspection", {"assignee": "me"}, None),
    ]
    for number, (kind, wanted, _) in enumerate(asked):
        SavedView.objects.create(owner=scene.inspector, name=str(number), kind=kind, asked=wanted)
    MIGRATION.forwards(apps, None)
    kept = [view.asked.get("status") for view in SavedView.objects.order_by("pk")]
    assert kept == [status for *_, status in asked]
    MIGRATION.backwards(apps, None)
    again = [view.asked for view in SavedView.objects.order_by("pk")]
    assert again == [wanted for _, wanted, _ in asked]


def test_going_back_leaves_no_state_that_the_first_lifecycle_did_not_know(scene: Scene) -> None:
    for state in ("evidence_requested", "feedback_drafted", "factual_accuracy", "final"):
        scene.inspection(state)
    MIGRATION.backwards(apps, None)
    left = set(Case.objects.filter(kind="inspection").values_list("status", flat=True))
    assert left == {"announced", "visited", "feedback_issued"}
