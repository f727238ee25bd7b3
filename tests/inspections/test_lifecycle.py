"""Who may do what to an inspection, and when."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from inspections import services
from inspections.lifecycle import LIFECYCLE
from inspections.models import Finding, Inspection
from inspections.plans.services import accept_plan
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.services.identifiers import IdentifiersFound
from regulator.deadlines.models import Deadline
from regulator.outbox.models import Message
from tests.enforcement.scene import INSPECTION_PATHS, Scene, provisions
from tests.factories import Cast, EmployerFactory, notification_in, person, staff
from tests.inspections.letters import Kind
from tests.reference import ship_reference

DEEDS: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "visit": (services.visit, "evidence_requested", {"visited_on": None}),
    "draft_feedback": (services.draft_feedback, "on_site", {}),
    "accept_plan": (accept_plan, "plan_submitted", {}),
    "close": (services.close, "action_plan", {}),
    "stand_down": (services.stand_down, "announced", {"reason": "The unit closed."}),
    "stand_down_unseen": (services.stand_down, "planned", {"reason": "The unit closed."}),
}


def _arguments(given: dict[str, Any]) -> dict[str, Any]:
    return {name: clock.today() if value is None else value for name, value in given.items()}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", DEEDS)
def test_only_an_inspector_takes_an_inspection_on(scene: Scene, name: str, role: Role) -> None:
    deed, state, given = DEEDS[name]
    inspection = scene.inspection(state)
    by, before = person(role, scene.employer), inspection.case.status
    if role is Role.INSPECTOR:
        scene.inspect(inspection, deed, by, **_arguments(given))
        assert inspection.case.status == LIFECYCLE.transitions[name].target
    else:
        with pytest.raises(NotPermitted):
            scene.inspect(inspection, deed, by, **_arguments(given))
        assert Case.objects.get(pk=inspection.pk).status == before


@pytest.mark.parametrize("state", INSPECTION_PATHS)
@pytest.mark.parametrize("name", [name for name in DEEDS if name != "stand_down_unseen"])
def test_a_deed_out_of_turn_is_refused(scene: Scene, name: str, state: str) -> None:
    deed, _, given = DEEDS[name]
    inspection = scene.inspection(state)
    sources = {
        source
        for transition in LIFECYCLE.transitions.values()
        if transition.name == name or (name == "stand_down" and transition.name == "stand_down_unseen")
        for source in transition.sources
    }
    again = name == "draft_feedback" and state != "on_site"
    waits = name != "accept_plan"  # without a plan there is none to accept
    if state in sources and not again and waits:
        scene.inspect(inspection, deed, **_arguments(given))
    else:
        with pytest.raises(NotAllowedNow):
            scene.inspect(inspection, deed, **_arguments(given))
        assert Case.objects.get(pk=inspection.pk).status == state


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
    dropped, stood_down = scene.inspection(), scene.inspection("evidence_requested")
    for each in (dropped, stood_down):
        scene.inspect(each, services.stand_down, reason="No inspector.")
    seen = set(Case.objects.for_user(scene.lead))
    assert seen == {announced.case, unannounced.case, stood_down.case}
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
        services.visit(
            inspection=inspection,
            by=scene.inspector,
            version=inspection.case.version - 1,
            visited_on=clock.today(),
        )


def test_feedback_is_due_twenty_working_days_after_the_visit_and_the_plan_four_weeks_after_it_is_final(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = scene.inspection("on_site")
    clock_of = Deadline.objects.get(case=inspection.case, kind="feedback")
    assert clock_of.due_on.isoformat() == "2025-03-31"
    scene.find(inspection)
    travel.move_to("2025-03-10 09:00+00:00")
    scene.inspect(inspection, services.draft_feedback)
    clock_of.refresh_from_db()
    assert clock_of.is_open, "a draft that lies at CQC is no feedback"
    scene.send(inspection, Kind.FEEDBACK)
    clock_of.refresh_from_db()
    assert clock_of.met_on == clock.today()
    assert Deadline.objects.get(case=inspection.case, kind="accuracy").due_on.isoformat() == "2025-03-24"
    draft = Message.objects.filter(template="inspections/draft_feedback").first()
    assert draft is not None
    assert "regulation 6(5)(b)" in draft.body
    assert "Monday 24 March 2025" in draft.body
    travel.move_to("2025-03-25 09:00+00:00")
    scene.send(inspection, Kind.REPORT)
    assert Deadline.objects.get(case=inspection.case, kind="action_plan").due_on.isoformat() == "2025-04-22"
    letter = Message.objects.filter(template="inspections/feedback").first()
    assert letter is not None
    assert "regulation 6(5)(b)" in letter.body
    assert "Tuesday 22 April 2025" in letter.body


def test_the_employer_has_its_time_to_comment_unless_a_reason_says_why_not(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    inspection = scene.inspection("factual_accuracy")
    for reason in ("", "  "):
        with pytest.raises(ValidationError, match="may comment until 17 March 2025") as refused:
            scene.send(inspection, Kind.REPORT, reason=reason)
        assert list(refused.value.message_dict) == ["reason"]
    travel.move_to("2025-03-17 22:00+00:00")  # its last day
    with pytest.raises(ValidationError, match="may comment"):
        scene.send(inspection, Kind.REPORT)
    travel.move_to("2025-03-18 09:00+00:00")
    scene.send(inspection, Kind.REPORT)
    assert not Deadline.objects.open().filter(case=inspection.case).exists()


def test_why_comments_were_not_waited_for_stays_on_record_and_names_nobody(scene: Scene) -> None:
    inspection = scene.inspection("factual_accuracy")
    with pytest.raises(IdentifiersFound):
        scene.send(inspection, Kind.REPORT, reason="Mrs Smithson agreed.")
    scene.send(inspection, Kind.REPORT, reason=" They agreed by telephone. ")
    event = Event.objects.get(case=inspection.case, type="inspections.finalised")
    assert event.typed.text == "They agreed by telephone."


def test_without_recommendation_or_breach_feedback_goes_straight_to_closed(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    scene.find(inspection, Finding.Kind.GOOD_PRACTICE)
    scene.feed_back(inspection)
    assert not Deadline.objects.filter(case=inspection.case, kind="action_plan").exists()
    scene.inspect(inspection, services.close)
    assert inspection.case.closed_at is not None


@pytest.mark.parametrize("kind", [Finding.Kind.RECOMMENDATION, Finding.Kind.BREACH])
def test_a_finding_that_needs_an_answer_keeps_it_open(scene: Scene, kind: str) -> None:
    inspection = scene.inspection("on_site")
    scene.find(inspection, kind)
    scene.feed_back(inspection)
    with pytest.raises(NotAllowedNow, match="action plan"):
        scene.inspect(inspection, services.close)
    scene.submit_plan(inspection)
    scene.inspect(inspection, accept_plan)
    scene.find(inspection, kind)
    with pytest.raises(NotAllowedNow, match="not been fed back"):
        scene.inspect(inspection, services.close)
    scene.feed_back(inspection)
    with pytest.raises(NotAllowedNow, match="action plan"):
        scene.inspect(inspection, services.close)
    scene.submit_plan(inspection)
    scene.inspect(inspection, accept_plan)
    scene.inspect(inspection, services.close)
    left = Deadline.objects.open().filter(case=inspection.case)
    assert {each.kind for each in left} == {"plan_action"}, "what the employer still has to do"


def test_what_is_found_after_the_draft_waits_for_the_next_one(scene: Scene) -> None:
    inspection = scene.inspection("on_site")
    first = scene.find(inspection)
    scene.inspect(inspection, services.draft_feedback)
    scene.send(inspection, Kind.FEEDBACK)
    late = scene.find(inspection)
    scene.send(inspection, Kind.REPORT, reason="They agreed.")
    first.refresh_from_db()
    late.refresh_from_db()
    assert (first.final_on, late.fed_back_on, late.final_on) == (clock.today(), None, None)
    letters = Message.objects.filter(template="inspections/feedback", case=inspection.case)
    assert letters.get().body.count("No review was on record.") == 1
    scene.feed_back(inspection)
    late.refresh_from_db()
    assert late.final_on == clock.today()


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
    inspection = scene.inspection("on_site")
    good = {"kind": "breach", "text": "Nothing on record.", "provisions": provisions("7")}
    with pytest.raises(ValidationError) as refused:
        scene.inspect(inspection, services.record_finding, **(good | change))
    assert list(refused.value.message_dict) == [field]


def test_a_provision_must_have_been_in_force_on_the_day_of_the_visit(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    travel.move_to("2024-09-30 12:00+00:00")
    inspection = scene.inspection("on_site")
    later = provisions("6A", on=clock.today() + timedelta(days=1))
    with pytest.raises(ValidationError, match="1 October 2024"):
        scene.inspect(
            inspection, services.record_finding, kind="breach", provisions=later, text="No co-operation."
        )


def test_standing_down_needs_a_reason(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="reason"):
        scene.inspect(scene.inspection("announced"), services.stand_down, reason=" ")


@pytest.mark.parametrize("state", ["planned", "announced", "evidence_requested"])
def test_only_an_employer_that_knew_of_it_is_told_that_it_does_not_take_place(
    scene: Scene, state: str
) -> None:
    inspection = scene.inspection(state)
    scene.inspect(inspection, services.stand_down, reason="The inspector has left the building.")
    told = Message.objects.filter(template="inspections/stood_down", case=inspection.case)
    assert set(told.values_list("to", flat=True)) == (set() if state == "planned" else {scene.lead.email})
    assert not any("inspector has left" in each.body for each in told), "why is CQC's own"
    assert not Deadline.objects.open().filter(case=inspection.case).exists()


def test_documents_are_asked_for_at_once_in_one_letter_with_one_clock(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    scene.ask_for_documents(inspection, "Training records", " Training   records ", "", "DRLs", days=5)
    asked = inspection.case.information_requests.order_by("pk")
    assert [each.question for each in asked] == ["Training records", "DRLs"]
    [letter] = Message.objects.filter(template="inspections/evidence", to=scene.lead.email)
    assert "1. Training records" in letter.body
    assert "2. DRLs" in letter.body
    assert "Saturday 8 March 2025" in letter.body
    scene.ask_for_documents(inspection, "The leaflet for carers", days=2)
    [clock_of] = Deadline.objects.filter(case=inspection.case, kind="evidence")
    assert clock_of.due_on == clock.today() + timedelta(days=2), "the first that is still owed"
    assert inspection.case.status == "evidence_requested"


@pytest.mark.parametrize(
    ("documents", "days", "field"),
    [
        ([], 2, "documents"),
        (["", "  "], 2, "documents"),
        (["x" * 301], 2, "documents"),
        ([f"Record {n}" for n in range(41)], 2, "documents"),
        (["Training records"], -1, "due_on"),
        (["Training records"], 366 * 6, "due_on"),
    ],
)
def test_a_request_for_documents_says_which_and_by_a_day_that_can_be_kept(
    scene: Scene, documents: list[str], days: int, field: str
) -> None:
    inspection = scene.inspection("announced")
    with pytest.raises(ValidationError) as refused:
        scene.send(
            inspection,
            Kind.EVIDENCE_REQUEST,
            documents=documents,
            due_on=clock.today() + timedelta(days=days),
        )
    assert list(refused.value.message_dict) == [field]
    assert Case.objects.get(pk=inspection.pk).status == "announced"
    assert not inspection.case.information_requests.exists()


def test_a_document_that_names_a_patient_is_not_asked_for_by_name(scene: Scene) -> None:
    inspection = scene.inspection("announced")
    with pytest.raises(IdentifiersFound) as refused:
        scene.ask_for_documents(inspection, "The record of Mrs Smithson")
    assert list(refused.value.message_dict) == ["documents"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"trigger": "themed"}, "theme"),
        ({"trigger": "themed", "theme": "   "}, "theme"),
        ({"trigger": "themed", "theme": "x" * 121}, "theme"),
        ({"trigger": "planned", "theme": "Paediatric imaging"}, "theme"),
        ({"trigger": "follow_up"}, "arose_from"),
    ],
)
def test_a_themed_inspection_and_no_other_has_a_theme_and_a_follow_up_follows_one(
    scene: Scene, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        scene.inspection(**change)
    assert list(refused.value.message_dict) == [field]
    made = scene.inspection(trigger="themed", theme=" Paediatric imaging ")
    assert (made.theme, made.case.summary) == ("Paediatric imaging", "Themed inspection")


@pytest.mark.parametrize("change", [{"theme": "x"}, {"trigger": "themed"}, {"trigger": "follow_up"}])
def test_the_database_holds_that_too(scene: Scene, change: dict[str, Any]) -> None:
    made = scene.inspection()
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=made.pk).update(**change)
