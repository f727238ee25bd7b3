"""Corrective actions over HTTP: listed, planned, done, moved, cancelled, and refused in words."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.models import CorrectiveAction, Notification
from regulator import clock
from regulator.deadlines.models import Deadline
from tests.factories import Cast, notification_in
from tests.notifications.programs import ACTION, problem, program, stored, url
from tests.notifications.test_actions import ACTION as PLANNED

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def awaited(cast: Cast) -> Notification:
    return notification_in("awaiting_report", cast=cast)


def test_a_system_plans_moves_and_finishes_actions_with_the_version_of_each_answer(
    cast: Cast, awaited: Notification
) -> None:
    client = program(cast.reporter)
    version = client.get(url(awaited)).json()["version"]
    made = client.post(url(awaited, "actions/"), {**ACTION, "version": version}, format="json")
    assert made.status_code == 201, made.content
    action = made.json()
    assert {name: action[name] for name in ACTION} == ACTION
    assert (action["standing"], action["done_on"], action["cancelled_at"]) == ("open", None, None)
    one = f"actions/{action['id']}/"
    moved = client.post(
        url(awaited, f"{one}move/"),
        {"version": action["version"], "planned_for": "2026-05-01", "reason": "Late parts."},
        format="json",
    )
    assert (moved.status_code, moved.json()["planned_for"]) == (200, "2026-05-01")
    done = client.post(
        url(awaited, f"{one}done/"),
        {"version": moved.json()["version"], "done_on": "2026-03-02"},
        format="json",
    )
    assert (done.status_code, done.json()["standing"]) == (200, "done")
    other = client.post(
        url(awaited, "actions/"), {**ACTION, "version": done.json()["version"]}, format="json"
    ).json()
    gone = client.post(
        url(awaited, f"actions/{other['id']}/cancel/"),
        {"version": other["version"], "reason": "The room closes."},
        format="json",
    )
    assert (gone.json()["standing"], gone.json()["cancelled_reason"]) == ("cancelled", "The room closes.")
    listed = client.get(url(awaited, "actions/")).json()
    assert {each["id"]: each["standing"] for each in listed} == {
        action["id"]: "done",
        other["id"]: "cancelled",
    }
    current = client.get(url(awaited)).json()["version"]
    assert {each["version"] for each in listed} == {gone.json()["version"]} == {current}
    assert not Deadline.objects.filter(kind="action", met_on=None, ended_at=None).exists()


def test_an_overdue_action_says_so(cast: Cast, awaited: Notification) -> None:
    services.add_action(
        notification=awaited,
        by=cast.reporter,
        version=awaited.case.version,
        action=replace(PLANNED, planned_for=clock.today()),
    )
    client = program(cast.reporter)
    with time_machine.travel("2026-03-03T12:00:00Z", tick=False):
        assert client.get(url(awaited, "actions/")).json()[0]["standing"] == "overdue"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 100_001}, "what"),
        ({"strength": "wishful"}, "strength"),
        ({"strength": None}, "strength"),
        ({"owner_role": "x" * 101}, "owner_role"),
        ({"owner_role": "a\x00b"}, "owner_role"),
        ({"effect_check": ""}, "effect_check"),
        ({"planned_for": "2026-03-01"}, "planned_for"),
        ({"planned_for": "9999-12-31"}, "planned_for"),
        ({"planned_for": "tomorrow"}, "planned_for"),
        ({"planned_for": 20260401}, "planned_for"),
        ({"planned_for": "2026-02-31"}, "planned_for"),
        ({"done_on": "2026-03-01"}, "done_on"),
    ],
)
def test_nonsense_is_refused_with_the_field_named(
    changes: dict[str, Any], field: str, cast: Cast, awaited: Notification
) -> None:
    client, before = program(cast.reporter), stored()
    body = {**ACTION, "version": awaited.case.version, **changes}
    answer = client.post(url(awaited, "actions/"), body, format="json")
    assert set(problem(answer, 400)["errors"]) == {field}
    assert stored() == before


def test_every_field_that_is_missing_is_named(cast: Cast, awaited: Notification) -> None:
    answer = program(cast.reporter).post(url(awaited, "actions/"), {}, format="json")
    assert set(problem(answer, 400)["errors"]) == {*ACTION, "version"}


@pytest.mark.parametrize("done_on", ["2026-03-03", "2020-01-01", "0001-01-01", "", None])
def test_done_tomorrow_or_before_the_incident_is_refused(
    done_on: str | None, cast: Cast, awaited: Notification
) -> None:
    client = program(cast.reporter)
    action = client.post(
        url(awaited, "actions/"), {**ACTION, "version": awaited.case.version}, format="json"
    ).json()
    before = stored()
    body = {"version": action["version"], "done_on": done_on}
    answer = client.post(url(awaited, f"actions/{action['id']}/done/"), body, format="json")
    assert set(problem(answer, 400)["errors"]) == {"done_on"}
    assert stored() == before


@pytest.mark.parametrize("deed", ["done", "move", "cancel"])
def test_an_action_of_another_case_is_not_found(deed: str, cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    action = client.post(
        url(awaited, "actions/"), {**ACTION, "version": awaited.case.version}, format="json"
    ).json()
    other = notification_in("awaiting_report", cast=cast)
    before = stored()
    for number in (action["id"], 0, 999_999_999_999_999_999):
        path = url(other, f"actions/{number}/{deed}/")
        problem(client.post(path, {"version": other.case.version}, format="json"), 404)
    assert stored() == before


@pytest.mark.parametrize("state", ["draft", "withdrawn", "not_notifiable", "closed"])
def test_a_case_that_cqc_does_not_hold_takes_no_action(state: str, cast: Cast) -> None:
    made = notification_in(state, cast=cast)
    body = {**ACTION, "version": made.case.version}
    problem(program(cast.reporter).post(url(made, "actions/"), body, format="json"), 409)
    assert not CorrectiveAction.objects.exists()


def test_the_list_takes_as_many_queries_for_many_as_for_one(cast: Cast, awaited: Notification) -> None:
    client = program(cast.reporter)
    client.get(url(awaited, "actions/"))  # the hourly note of the key's use
    counts = []
    for more in (1, 20):
        for _ in range(more):
            services.add_action(
                notification=awaited,
                by=cast.reporter,
                version=awaited.case.version,
                action=PLANNED,
            )
        with CaptureQueriesContext(connection) as captured:
            client.get(url(awaited, "actions/"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 5
