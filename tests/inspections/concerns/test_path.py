"""A concern from the telephone to its end, with its clocks, and what nobody may do with it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connections, transaction

from inspections.concerns import services
from inspections.concerns.lifecycle import DECIDE
from inspections.concerns.models import Concern
from inspections.concerns.services.inspecting import quotes
from inspections.models import Inspection
from regulator import clock
from regulator.accounts.queries import staff_with
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Case, Event
from regulator.casework.services import IdentifiersFound, assign, refer, request_information
from regulator.casework.services.referring import Packet
from regulator.deadlines.models import Deadline
from regulator.deadlines.tasks import escalate, remind
from regulator.organisations.policies import NotPermitted
from regulator.outbox.models import Message
from regulator.people.services import give_role
from tests.casework.closing import closed_to, interest_of
from tests.enforcement.scene import Scene
from tests.factories import SiteFactory, member, staff
from tests.inspections.concerns.making import TEXT, concern_in, days_ago, do, inspect, record
from tests.reference import ship_provisions

Outcome, Harm = Concern.Outcome, Concern.Harm
NOBODY_ELSE = (Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.EMPLOYER_LEAD, Role.EMPLOYER_REPORTER)


def running(concern: Concern, kind: str) -> Deadline:
    return Deadline.objects.get(case=concern.pk, kind=kind)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER])
def test_it_is_recorded_with_a_reference_and_a_clock_and_nobody_is_written_to(
    scene: Scene, role: Role
) -> None:
    concern = record(scene.employer, staff(role), site=scene.site, received_on=days_ago(5))
    case = concern.case
    assert str(case.reference).startswith("IRC-2025-")
    assert (case.status, case.summary, case.site) == (
        "received",
        "Concern about nuclear medicine",
        scene.site,
    )
    assert (concern.received_on, concern.recorded_on) == (days_ago(5), clock.today())
    assert running(concern, "concern_assessment").due_on == clock.today() + timedelta(days=2)
    assert not Message.objects.exists()
    [event] = Event.objects.filter(type="concerns.recorded")
    assert TEXT not in str(event.payload)


def test_an_immediate_one_is_told_to_the_managers_has_its_clock_and_escalates(
    scene: Scene, travel: Any
) -> None:
    concern = concern_in("received", scene)
    do(concern, services.assess_concern, scene.inspector, harm=Harm.IMMEDIATE)
    assert concern.case.risk == Case.Risk.HIGH
    assert running(concern, "concern_assessment").met_on == clock.today()
    letter = Message.objects.get()
    assert (letter.to, letter.template) == (scene.manager.email, "concerns/immediate")
    assert scene.employer.name in letter.body
    assert TEXT not in letter.body + letter.subject
    assert "istle" not in letter.body + letter.subject
    acting = running(concern, "concern_action")
    assert acting.due_on == clock.today() + timedelta(days=1)
    travel.shift(timedelta(days=3))
    escalate()
    told = Message.objects.filter(template="deadline-overdue")
    assert {each.case_id for each in told} == {concern.pk}
    do(concern, services.assess_concern, scene.inspector, harm=Harm.NONE)
    acting.refresh_from_db()
    assert acting.ended_at is not None
    assert (concern.case.risk, concern.harm) == (Case.Risk.LOW, "none")
    assert first_broken_link() is None


def test_assessed_again_as_immediate_it_writes_no_second_letter_and_keeps_its_day(
    scene: Scene, travel: Any
) -> None:
    concern = concern_in("immediate", scene)
    due_on = running(concern, "concern_action").due_on
    travel.shift(timedelta(hours=5))
    do(concern, services.assess_concern, scene.inspector, harm=Harm.IMMEDIATE, reason="Still so.")
    assert Message.objects.count() == 1
    assert running(concern, "concern_action").due_on == due_on


def test_the_letter_on_a_restricted_one_names_no_employer(scene: Scene) -> None:
    concern = concern_in("received", scene)
    closed_to(concern.case, scene.manager, scene.inspector, by=scene.manager)
    Message.objects.all().delete()
    do(concern, services.assess_concern, scene.inspector, harm=Harm.IMMEDIATE)
    letter = Message.objects.get()
    assert letter.to == scene.manager.email
    assert scene.employer.name not in letter.body + letter.subject


def test_what_followed_must_have_followed(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    for outcome, why in ((Outcome.INSPECTED, "No inspection arose"), (Outcome.REFERRED, "No referral")):
        with pytest.raises(ValidationError, match=why):
            do(concern, services.close_concern, scene.inspector, outcome=outcome)
    inspection = inspect(concern, scene.inspector)
    assert (inspection.trigger, inspection.arose_from) == ("reactive", concern.case)
    assert running(concern, "concern_assessment").met_on
    do(concern, services.close_concern, scene.inspector, outcome=Outcome.INSPECTED)
    assert concern.case.closed_at is not None
    assert (concern.outcome, concern.case.status) == ("inspected", "closed")
    with pytest.raises(NotAllowedNow, match="over"):
        inspect(concern, scene.inspector)


def test_passed_on_is_what_a_standing_referral_says(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    sent = Packet(
        body="mhra",
        gateway="device",
        sent_on=clock.today(),
        how="email",
        sent_by=scene.inspector,
        summary="What it is about.",
    )
    case = concern.case
    refer(case=case, by=scene.inspector, version=case.version, packet=sent)
    do(concern, services.close_concern, scene.inspector, outcome=Outcome.REFERRED)
    assert concern.outcome == "referred"


def test_acting_on_an_immediate_one_meets_its_clock(scene: Scene) -> None:
    concern = concern_in("immediate", scene)
    inspect(concern, scene.inspector)
    assert running(concern, "concern_action").met_on == clock.today()
    other = concern_in("immediate", scene, received_on=days_ago(1))
    do(other, services.close_concern, scene.inspector, outcome=Outcome.ASKED)
    assert running(other, "concern_action").met_on == clock.today()


@pytest.mark.parametrize("state", ["closed", "in_error"])
def test_taken_up_again_it_waits_for_its_assessment_anew(scene: Scene, travel: Any, state: str) -> None:
    concern = concern_in(state, scene)
    assert not Deadline.objects.open().filter(case=concern.pk).exists()
    travel.shift(timedelta(days=30))
    do(concern, services.reopen_concern, scene.inspector)
    assert (concern.case.status, concern.case.closed_at, concern.case.risk) == ("received", None, 0)
    assert (concern.harm, concern.outcome, concern.assessed_by) == ("", "", None)
    assert running(concern, "concern_assessment").start_on == clock.today()
    assert Event.objects.filter(case=concern.pk, type="concerns.recorded").count() == 1


@pytest.mark.parametrize("role", [None, Role.ADMINISTRATOR, Role.ANALYST])
def test_taken_up_again_it_is_nobodys_where_its_holder_works_on_cases_no_more(
    scene: Scene, travel: Any, role: Role | None
) -> None:
    former = staff(Role.INSPECTOR)
    concern = record(scene.employer, scene.inspector)
    assign(case=concern.case, assignee=former, by=scene.manager, version=concern.case.version)
    do(concern, services.assess_concern, scene.inspector, harm=Harm.POSSIBLE)
    do(concern, services.close_concern, scene.inspector, outcome=Outcome.NO_ACTION)
    give_role(
        person=former,
        role=role,
        reason="Left the team.",
        by=staff(Role.ADMINISTRATOR),
        version=former.version,
    )
    concern = Concern.objects.select_related("case").get(pk=concern.pk)
    do(concern, services.reopen_concern, scene.inspector)
    assert Case.objects.get(pk=concern.pk).assignee is None
    assigned = Event.objects.filter(case=concern.pk, type="casework.assigned").last()
    assert assigned is not None
    assert (assigned.payload, assigned.actor) == ({"from": former.pk, "to": None}, scene.inspector)
    travel.shift(timedelta(days=10))
    assert escalate() == 1
    told = {letter.to for letter in Message.objects.filter(template="deadline-overdue")}
    assert told == {user.email for user in staff_with("casework.assign")}
    assert first_broken_link() is None


def test_taken_up_again_it_stays_with_whoever_may_hold_it(scene: Scene) -> None:
    concern = record(scene.employer, scene.inspector)
    assign(case=concern.case, assignee=scene.inspector, by=scene.manager, version=concern.case.version)
    do(concern, services.mark_in_error, scene.inspector)
    do(concern, services.reopen_concern, scene.inspector)
    assert Case.objects.get(pk=concern.pk).assignee == scene.inspector
    do(concern, services.mark_in_error, scene.inspector)
    interest_of(scene.inspector, scene.employer)
    do(concern, services.reopen_concern, scene.manager)
    assert Case.objects.get(pk=concern.pk).assignee is None


def test_one_from_which_an_inspection_arose_was_no_error(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    inspect(concern, scene.inspector)
    with pytest.raises(NotAllowedNow, match="inspection arose"):
        do(concern, services.mark_in_error, scene.inspector)
    assert concern.case.status == "assessed"


@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_nobody_else_records_decides_or_inspects(scene: Scene, role: Role) -> None:
    stranger = member(scene.employer, role) if role.startswith("employer") else staff(role)
    with pytest.raises(NotPermitted):
        record(scene.employer, stranger)
    concern = concern_in("assessed", scene)
    before = Event.objects.count()
    for deed, arguments in deeds():
        with pytest.raises(NotPermitted):
            do(concern, deed, stranger, **arguments)
    with pytest.raises(NotPermitted):
        inspect(concern, stranger)
    assert Event.objects.count() == before


def deeds() -> list[tuple[Any, dict[str, str]]]:
    return [
        (services.assess_concern, {"harm": "possible"}),
        (services.close_concern, {"outcome": "no_action"}),
        (services.mark_in_error, {}),
    ]


@pytest.mark.parametrize("why", ["not named", "interest"])
def test_no_deed_gets_past_a_restriction_or_an_interest(scene: Scene, why: str) -> None:
    stranger, concern = staff(Role.INSPECTOR), concern_in("assessed", scene)
    if why == "interest":
        interest_of(stranger, scene.employer)
        with pytest.raises(NotPermitted, match="declared an interest"):
            record(scene.employer, stranger)
    else:
        closed_to(concern.case, scene.manager, scene.inspector, by=scene.manager)
    before = Event.objects.count()
    for deed, arguments in deeds():
        with pytest.raises(NotPermitted):
            do(concern, deed, stranger, **arguments)
    with pytest.raises(NotPermitted):
        inspect(concern, stranger)
    assert Event.objects.count() == before
    assert not Inspection.objects.exists()


def test_a_restriction_goes_down_to_the_inspection(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    closed_to(concern.case, scene.manager, scene.inspector, by=scene.manager)
    inspection = inspect(concern, scene.inspector)
    assert Case.objects.get(pk=inspection.pk).is_restricted


def test_a_stale_page_does_nothing(scene: Scene) -> None:
    concern = concern_in("received", scene)
    stale = Concern.objects.select_related("case__employer").get(pk=concern.pk)
    do(concern, services.assess_concern, scene.inspector, harm=Harm.POSSIBLE)
    before = Event.objects.count()
    for deed, arguments in deeds():
        with pytest.raises(StaleVersion):
            do(stale, deed, scene.inspector, **arguments)
    with pytest.raises(StaleVersion):
        inspect(stale, scene.inspector)
    assert Event.objects.count() == before
    assert not Inspection.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": "a friend"}, "source"),
        ({"way": "pigeon"}, "way"),
        ({"modality": "alchemy"}, "modality"),
        ({"text": "  \n "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"received_on": days_ago(-1)}, "received_on"),
    ],
)
def test_nonsense_is_refused_beside_its_box(scene: Scene, wrong: dict[str, Any], field: str) -> None:
    if field == "received_on":
        wrong = {"received_on": days_ago(-1)}
    with pytest.raises(ValidationError) as refused:
        record(scene.employer, scene.inspector, **wrong)
    assert list(refused.value.message_dict) == [field]
    assert not Concern.objects.exists()
    assert not Case.objects.filter(kind="concern").exists()


def test_a_site_of_another_employer_and_a_person_are_refused(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="another employer"):
        record(scene.employer, scene.inspector, site=SiteFactory.create())
    with pytest.raises(IdentifiersFound):
        record(scene.employer, scene.inspector, text="Ask Mr Patel, 943 476 5919.")
    assert not Case.objects.filter(kind="concern").exists()
    kept = record(
        scene.employer,
        scene.inspector,
        text="Ask Mr Patel.",
        identifies_nobody="The invented name of a form.",
    )
    assert kept.text == "Ask Mr Patel."


def test_an_unknown_harm_or_outcome_and_no_reason_are_refused(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    with pytest.raises(ValidationError, match="risk of harm"):
        do(concern, services.assess_concern, scene.inspector, harm="dreadful")
    with pytest.raises(ValidationError, match="what followed"):
        do(concern, services.close_concern, scene.inspector, outcome="")
    for deed, arguments in deeds():
        for reason in ("  ", "x" * 5_001):
            with pytest.raises(ValidationError, match=r"Give a reason|characters or fewer"):
                do(concern, deed, scene.inspector, reason=reason, **arguments)


def test_the_scope_does_not_quote_the_concern(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    for scope in (TEXT, "That staff inject BEFORE the dose, calibrator has been checked."):
        with pytest.raises(ValidationError, match="repeats words of the concern"):
            inspect(concern, scene.inspector, scope=scope)
    assert not Inspection.objects.exists()
    assert inspect(concern, scene.inspector, scope="Quality assurance of dose calibrators.").pk


@pytest.mark.parametrize(
    ("text", "of", "answer"),
    [
        ("", "anything", False),
        ("anything", "", False),
        ("one two three four", "zero one two three four five", False),
        ("so one, two: THREE four five!", "zero one two three four five", True),
        ("They reuse syringes daily", "reuse syringes", True),
    ],
)
def test_what_a_quotation_is(text: str, of: str, answer: bool) -> None:
    assert quotes(text, of) is answer


def test_nothing_is_asked_of_the_employer_on_its_page(scene: Scene) -> None:
    concern = concern_in("assessed", scene)
    with pytest.raises(NotAllowedNow, match="must not learn"):
        request_information(case=concern.case, question="Is it so?", due_on=clock.today(), by=scene.inspector)
    assert not Message.objects.exists()


def test_the_database_holds_what_a_concern_is(scene: Scene) -> None:
    concern = concern_in("closed", scene)
    wrong: list[dict[str, Any]] = [
        {"text": ""},
        {"received_on": clock.today() + timedelta(days=1)},
        {"harm_reason": ""},
        {"harm": ""},
        {"assessed_by": None},
        {"outcome": ""},
        {"outcome_reason": ""},
    ]
    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Concern.objects.filter(pk=concern.pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_an_inspection_at_once_one_does() -> None:
    ship_provisions()
    scene = Scene()
    key, barrier = concern_in("assessed", scene).pk, Barrier(2)
    people = [scene.inspector, staff(Role.INSPECTOR)]

    def tried(by: Any) -> str:
        try:
            mine = Concern.objects.select_related("case__employer").get(pk=key)
            barrier.wait(timeout=20)
            inspect(mine, by)
        except StaleVersion:
            return "told"
        finally:
            connections.close_all()
        return "opened"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(future.result(timeout=60) for future in [pool.submit(tried, by) for by in people])
    assert outcomes == ["opened", "told"]
    assert Inspection.objects.filter(arose_from=key).count() == 1
    assert first_broken_link() is None


def test_whoever_decides_is_reminded_of_it_and_nobody_at_the_employer(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    concern = record(scene.employer, scene.inspector)
    due = running(concern, "concern_assessment").due_on
    travel.move_to(due)
    assert remind() == 1
    told = set(Message.objects.filter(case=concern.case).values_list("to", flat=True))
    assert told
    assert told == {user.email for user in staff_with(DECIDE)}
    assert not told & {scene.lead.email, scene.reporter.email}
    assert remind() == 0
