"""The case as at a date on the desk and at the command line: to whom, of which days, at which cost."""

import json
import random
from datetime import datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.evidence.rebuilding import case_as_at, case_at_present
from regulator.casework.models import Case, RestrictedView
from regulator.casework.services import add_note, assign, restrict
from tests.enforcement.scene import MORNING, Scene
from tests.evidence.lives import LifeOfANotification, walk
from tests.factories import person, staff


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("case_as_at", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def life(scene: Scene, travel: time_machine.Traveller) -> LifeOfANotification:
    """A notification of 3 March, triaged on the 5th, and changed later on."""
    life = LifeOfANotification(scene, random.Random(5), travel)
    life.risk = Case.Risk.MEDIUM
    life.submit()
    travel.move_to(MORNING + timedelta(days=2))
    life.triage()
    travel.move_to(MORNING + timedelta(days=9))
    life.report()
    life.note()
    travel.move_to(MORNING + timedelta(days=20))
    return life


def signed_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page(case: Case, on: str = "") -> str:
    return f"/desk/casework/case/{case.pk}/as-at/" + (f"?on={on}" if on else "")


def test_the_command_prints_the_snapshot_that_was_taken_then(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    life = LifeOfANotification(scene, random.Random(3), travel)
    seen = walk(lambda: life.case, life.whole(6), travel)
    moment, was, _ = seen[-2]
    said = json.loads(printed(str(life.case.reference), moment.isoformat(), "--json"))
    assert {name: said[name] for name in was} == json.loads(json.dumps(was))
    assert said["last_event"]["hash"]


def test_a_day_means_its_end(life: LifeOfANotification) -> None:
    reference = str(life.case.reference)
    before = json.loads(printed(reference, "2025-03-04", "--json"))
    after = json.loads(printed(reference, "2025-03-05", "--json"))
    assert (before["case"]["status"], before["case"]["assignee"]) == ("submitted", None)
    assert (after["case"]["status"], after["case"]["assignee"]) == ("awaiting_report", life.officer.pk)
    assert before["notification"]["told"]["procedure"] == "Chest"
    text = printed(reference.lower(), "2025-03-05")
    assert "Status: Awaiting report" in text
    assert f"Assignee: {life.officer}" in text


def test_the_end_of_a_day_is_londons(life: LifeOfANotification, travel: time_machine.Traveller) -> None:
    """Half past eleven in the evening UTC is the next day there in summer."""
    travel.move_to(datetime.fromisoformat("2025-06-10T23:30:00+00:00"))
    life.note()
    travel.move_to(datetime.fromisoformat("2025-06-20T12:00:00+00:00"))
    reference = str(life.case.reference)
    assert len(json.loads(printed(reference, "2025-06-10", "--json"))["notes"]) == 2
    assert len(json.loads(printed(reference, "2025-06-11", "--json"))["notes"]) == 3


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        ("2025-03-01", "did not exist then: it was begun on 3 March 2025"),
        ("2025-03-24", "That day has not come yet."),
        ("2025-03-23T10:00", "That moment has not come yet."),
        ("0001-01-01", "did not exist then"),
        ("0001-01-01T00:00+14:00", "did not exist then"),
        ("9999-12-31", "That day has not come yet."),
        ("9999-12-31T23:59-14:00", "That moment has not come yet."),
        ("2025-02-30", "neither a day"),
        ("yesterday", "neither a day"),
        ("", "neither a day"),
    ],
)
def test_a_day_that_cannot_be_told_of_is_refused_in_plain_words(
    life: LifeOfANotification, on: str, refusal: str
) -> None:
    with pytest.raises(CommandError, match=refusal):
        printed(str(life.case.reference), on)


@pytest.mark.parametrize("reference", ["IRN-2025-00042-K", "nonsense", ""])
def test_an_unknown_reference_is_refused_in_plain_words(life: LifeOfANotification, reference: str) -> None:
    with pytest.raises(CommandError, match="There is no case with the reference"):
        printed(reference, "2025-03-05")


def test_the_page_shows_the_day_and_not_today(life: LifeOfANotification) -> None:
    client = signed_in(life.officer)
    asked = client.get(page(life.case))
    assert asked.status_code == 200
    assert b"The case as at a date" in client.get(f"/desk/casework/case/{life.case.pk}/").content
    then = client.get(page(life.case, "2025-03-05")).content.decode()
    assert "Awaiting report" in then
    assert "Rang back" not in then
    assert "The operator exposed a patient who had no referral." in then
    assert "Rang back" in client.get(page(life.case, "2025-03-23")).content.decode()


@pytest.mark.parametrize("on", ["2025-03-01", "2025-03-24", "nonsense", "2025-02-30", "9" * 5000, "%00"])
def test_a_day_that_makes_no_sense_is_refused_beside_its_box(life: LifeOfANotification, on: str) -> None:
    answer = signed_in(life.officer).get(page(life.case, on))
    assert answer.status_code == 400
    assert answer.context["form"].errors["on"]


@pytest.mark.parametrize("role", Role)
def test_whoever_reads_cases_reads_their_past_and_nobody_else(life: LifeOfANotification, role: Role) -> None:
    answer = signed_in(person(role, life.scene.employer)).get(page(life.case, "2025-03-05"))
    denied = role in EMPLOYER_ROLES or role == Role.ADMINISTRATOR
    assert answer.status_code == (403 if denied else 200)


def test_a_draft_has_no_past_for_cqc(scene: Scene, travel: time_machine.Traveller) -> None:
    life = LifeOfANotification(scene, random.Random(5), travel)
    assert signed_in(life.officer).get(page(life.case, "2025-03-03")).status_code == 404


def test_each_look_at_the_past_of_a_restricted_case_is_recorded(life: LifeOfANotification) -> None:
    case = life.case
    restrict(case=case, by=life.manager, version=case.version, reason="Told.", people=[life.officer])
    assert signed_in(life.other).get(page(case, "2025-03-05")).status_code == 404
    assert signed_in(life.officer).get(page(case, "2025-03-05")).status_code == 200
    look = RestrictedView.objects.get()
    assert (look.person, look.what) == (life.officer, "casework_case_past")


def test_the_page_costs_the_same_at_any_size(life: LifeOfANotification) -> None:
    client = signed_in(life.officer)
    client.get(page(life.case))
    costs = []
    for more in (1, 40):
        for _ in range(more):
            add_note(case=life.case, text="Rang back.", by=staff())
            life.attach()
            case = life.case
            to = life.other if case.assignee_id == life.officer.pk else life.officer
            assign(case=case, assignee=to, by=life.officer, version=case.version)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page(life.case, clock.today().isoformat())).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= 30


def test_reading_the_past_changes_nothing(life: LifeOfANotification) -> None:
    case = life.case
    before = case_at_present(case)
    signed_in(life.officer).get(page(case, "2025-03-05"))
    assert case_at_present(life.case) == before
    assert case_as_at(case, clock.now())["case"] == before["case"]
