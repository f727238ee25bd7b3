"""Who may do what to an inspection, and when."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from inspections import services
from inspections.lifecycle import LIFECYCLE
from inspections.models import Finding, Inspection
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene, provisions
from tests.factories import Cast, EmployerFactory, notification_in, person, staff
from tests.reference import ship_reference

DEEDS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "announce": (services.announce, "planned", {}),
    "visit": (services.visit, "announced", {"visited_on": None}),
    "issue_feedback": (services.issue_feedback, "visited", {}),
    "accept_plan": (services.accept_plan, "feedback_issued", {}),
    "close": (services.close, "plan_received", {}),
    "cancel": (services.cancel, "announced", {"reason": "The unit closed."}),
    "drop": (services.cancel, "planned", {"reason": "The unit closed."}),
}


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    return {name: clock.today() if value is None else value for name, value in given.items()}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", DEEDS)
def test_only_an_inspector_takes_an_inspection_on(scene: Scene, name: str, role: Role) -> None:
    deed, state, given = DEEDS[name]
    inspection = scene.inspection(state)
    by = person(role, scene.employer)
    if role is Role.INSPECTOR:
        scene.inspect(inspection, deed, by, **_arguments(given))
        assert inspection.case.status == LIFECYCLE.transitions[name].target
    else:
        with pytest.raises(NotPermitted):
            scene.inspect(inspection, deed, by, **_arguments(given))
        assert Case.objects.get(pk=inspection.pk).status == state


@pytest.mark.parametrize("state", ["planned", "announced", "visited", "feedback_issued", "plan_received"])
@pytest.mark.parametrize("name", [name for name in DEEDS if name != "drop"])
def test_a_deed_out_of_turn_is_refused(scene: Scene, name: str, state: str) -> None:
    deed, _, given = DEEDS[name]
    inspection = scene.inspection(state)
    sources = {
        source
        for transition in LIFECYCLE.transitions.values()
        if transition.name == name or (name == "cancel" and transition.name == "drop")
        for source in transition.sources
    }
    again = name == "issue_feedback" and state != "visited"
    if state in sources and not again:
        scene.inspect(inspection, deed, **_arguments(given))
    else:
        with pytest.raises(NotAllowedNow):
            scene.inspect(inspection, deed, **_arguments(given))


@pytest.mark.parametrize(
    ("role", "opens"),
    [(role, role in (Role.CASE_OFFICER, Role.INSPECTOR)) for role in Role],
)
def test_who_opens_an_inspection(scene: Scene, role: Role, opens: bool) -> None:
    by = person(role, scene.employer)
    if opens:
        assert str(scene.inspection(by=by).case.reference).startswith("IRI-2025-00001-")
    else:
        with pytest.raises(NotPermitted):
            scene.inspection(by=by)


def test_an_inspection_cannot_arise_from_another_employers_case(scene: Scene) -> None:
    other = scene.inspection(employer=EmployerFactory.create(), site=None).case
    with pytest.raises(ValidationError, match="another employer"):
        scene.inspection(arose_from=other)
    mine = scene.inspection().case
    assert scene.inspection(arose_from=mine, trigger="reactive").arose_from == mine


def test_nonsense_is_refused_by_field(scene: Scene) -> None:
    with pytest.raises(ValidationError) as refused:
        scene.inspection(trigger="whim")
    assert "trigger" in refused.value.message_dict
    with pytest.raises(ValidationError):
        scene.inspection(lead=staff(Role.ANALYST))
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"planned_on": date.min}, "planned_on"),
        ({"planned_on": date(2025, 3, 2)}, "planned_on"),
        ({"planned_on": date.max}, "planned_on"),
        ({"modality": "crystals"}, "modality"),
        ({"modality": ""}, "modality"),
    ],
)
def test_an_impossible_plan_is_refused_by_field(scene: Scene, change: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        scene.inspection(**change)
    assert list(refused.value.message_dict) == [field]
    assert not Inspection.objects.exists()


def test_an_inspection_does_not_arise_from_a_draft_that_staff_cannot_see(scene: Scene) -> None:
    ship_reference()
    draft = notification_in("draft", cast=Cast(scene.employer)).case
    with pytest.raises(ValidationError, match="no such case"):
        scene.inspection(arose_from=draft, trigger="reactive")


@pytest.mark.parametrize("day", [date.min, date(2025, 3, 2)])
def test_a_visit_is_not_before_the_inspection_was_opened(scene: Scene, day: date) -> None:
    inspection = scene.inspection()
    with pytest.raises(ValidationError, match="before the inspection was opened"):
        scene.inspect(inspection, services.visit, visited_on=day)


def test_the_employer_sees_it_once_announced_or_visited(scene: Scene) -> None:
    planned, announced = scene.inspection(), scene.inspection("announced")
    unannounced = scene.inspection()
    scene.inspect(unannounced, services.visit, visited_on=clock.today())
    dropped = scene.inspection()
    scene.inspect(dropped, services.cancel, reason="No inspector.")
    seen = set(Case.objects.for_user(scene.lead))
    assert seen == {announced.case, unannounced.case}
    assert not {planned.case, dropped.case} & seen
    assert not Case.objects.for_user(scene.reporter).exists()


def test_an_announcement_goes_to_the_employers_people(scene: Scene) -> None:
    scene.inspection("announced")
    told = Message.objects.filter(template="inspections/announcement")
    assert set(told.values_list("to", flat=True)) == {scene.lead.email}
    assert "Monday 3 March 2025" in told[0].body


def test_a_visit_cannot_be_in_the_future_or_before_the_announcement(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    for days in (1, -1):
        with pytest.raises(ValidationError, match="visit"):
            scene.inspect(inspection, services.visit, visited_on=clock.today() + timedelta(days=days))
    assert Case.objects.get(pk=inspection.pk).status == "announced"


def test_a_stale_version_is_refused(scene: Scene) -> None:
    inspection = scene.inspection()
    with pytest.raises(StaleVersion):
        services.announce(inspection=inspection, by=scene.inspector, version=inspection.case.version - 1)


def test_feedback_is_due_twenty_working_days_after_the_visit(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = scene.inspection("visited")
    clock_of = Deadline.objects.get(case=inspection.case, kind="feedback")
    assert clock_of.due_on.isoformat() == "2025-03-31"
    scene.find(inspection)
    travel.move_to("2025-03-10 09:00+00:00")
    scene.inspect(inspection, services.issue_feedback)
    clock_of.refresh_from_db()
    assert clock_of.met_on == clock.today()
    assert Deadline.objects.get(case=inspection.case, kind="action_plan").due_on.isoformat() == "2025-04-07"
    letter = Message.objects.filter(template="inspections/feedback").first()
    assert letter is not None
    assert "regulation 6(5)(b)" in letter.body
    assert "Monday 7 April 2025" in letter.body


def test_without_recommendation_or_breach_feedback_goes_straight_to_closed(scene: Scene) -> None:
    inspection = scene.inspection("visited")
    scene.find(inspection, Finding.Kind.GOOD_PRACTICE)
    scene.inspect(inspection, services.issue_feedback)
    assert not Deadline.objects.filter(case=inspection.case, kind="action_plan").exists()
    scene.inspect(inspection, services.close)
    assert inspection.case.closed_at is not None


@pytest.mark.parametrize("kind", [Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH])
def test_a_finding_that_needs_an_answer_keeps_it_open(scene: Scene, kind: str) -> None:
    inspection = scene.inspection("visited")
    scene.find(inspection, kind)
    scene.inspect(inspection, services.issue_feedback)
    with pytest.raises(NotAllowedNow, match="action plan"):
        scene.inspect(inspection, services.close)
    scene.inspect(inspection, services.accept_plan)
    scene.find(inspection, kind)
    with pytest.raises(NotAllowedNow, match="not been fed back"):
        scene.inspect(inspection, services.close)
    scene.inspect(inspection, services.issue_feedback)
    with pytest.raises(NotAllowedNow, match="action plan"):
        scene.inspect(inspection, services.close)
    scene.inspect(inspection, services.accept_plan)
    scene.inspect(inspection, services.close)
    assert not Deadline.objects.open().filter(case=inspection.case).exists()


def test_findings_are_recorded_after_the_visit_by_inspectors(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    with pytest.raises(NotAllowedNow, match="after the visit"):
        scene.find(inspection)
    scene.inspect(inspection, services.visit, visited_on=clock.today())
    for role in set(Role) - {Role.INSPECTOR}:
        with pytest.raises(NotPermitted):
            scene.inspect(
                inspection,
                services.record_finding,
                person(role, scene.employer),
                kind="breach",
                provisions=[],
                text="x",
            )
    assert scene.find(inspection).recorded_by == scene.inspector


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "rumour"}, "kind"),
        ({"text": "  "}, "text"),
        ({"provisions": []}, "provisions"),
    ],
)
def test_a_finding_says_what_and_against_which_provision(
    scene: Scene, change: dict[str, Any], field: str
) -> None:
    inspection = scene.inspection("visited")
    good = {"kind": "breach", "text": "Nothing on record.", "provisions": provisions("7")}
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.record_finding, **(good | change))
    assert list(refused.value.message_dict) == [field]


def test_a_provision_must_have_been_in_force_on_the_day_of_the_visit(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    travel.move_to("2024-09-30 12:00+00:00")
    inspection = scene.inspection("visited")
    later = provisions("6A", on=clock.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="1 October 2024"):
        scene.inspect(
            inspection, services.record_finding, kind="breach", provisions=later, text="No co-operation."
        )


def test_cancelling_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="reason"):
        scene.inspect(scene.inspection("announced"), services.cancel, reason=" ")
