"""Breaking the glass: for hours, with a reason, told to those who answer for the case; and every look
recorded."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.casework.errors import NotAllowedNow, NotPermitted
from regulator.casework.models import Access, Case, Event, RestrictedView
from regulator.casework.services import (
    IdentifiersFound,
    add_note,
    assign,
    break_glass,
    lift,
    name_people,
    record_view,
)
from regulator.casework.visibility import may_see
from regulator.organisations.models import Employer
from regulator.organisations.policies import InterestDeclared
from regulator.outbox.models import Message
from tests.casework.closing import broken_by, closed_to, interest_of

pytestmark = pytest.mark.django_db
MakeUser = Callable[..., User]
NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def lead(case: Case, make_user: MakeUser) -> User:
    officer = make_user(Role.CASE_OFFICER, name="Lead")
    assign(case=case, assignee=officer, by=officer, version=case.version)
    return officer


@pytest.fixture
def closed(case: Case, lead: User) -> Case:
    return closed_to(case, lead, by=lead)


def sees(person: User, case: Case) -> bool:
    """By list and in hand: the one rule, asked in both ways."""
    found = Case.objects.for_user(person).filter(pk=case.pk).exists()
    assert may_see(Case.objects.get(pk=case.pk), person) is found
    return found


def test_the_glass_opens_the_case_for_the_hours_that_are_set_and_not_a_second_longer(
    closed: Case, make_user: MakeUser, travel: time_machine.Traveller, settings: Settings
) -> None:
    settings.BREAK_GLASS_HOURS = 4
    stranger = make_user(Role.INSPECTOR)
    assert not sees(stranger, closed)
    access = broken_by(stranger, closed)
    assert access.until == NINE + timedelta(hours=4)
    assert sees(stranger, closed)
    travel.move_to(NINE + timedelta(hours=4, microseconds=-1))
    assert sees(stranger, closed)
    travel.move_to(NINE + timedelta(hours=4))
    assert not sees(stranger, closed)
    with pytest.raises(NotPermitted):
        add_note(case=Case.objects.get(pk=closed.pk), text="Too late.", by=stranger)


@pytest.mark.parametrize(
    "night", [datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]
)
def test_hours_are_hours_also_in_the_nights_in_which_the_clocks_change(
    closed: Case, make_user: MakeUser, travel: time_machine.Traveller, settings: Settings, night: datetime
) -> None:
    settings.BREAK_GLASS_HOURS = 8
    stranger = make_user(Role.INSPECTOR)
    travel.move_to(night)
    broken_by(stranger, closed)
    travel.move_to(night + timedelta(hours=7, minutes=59))
    assert sees(stranger, closed)
    travel.move_to(night + timedelta(hours=8))
    assert not sees(stranger, closed)


def test_the_lead_and_the_managers_are_told_at_once_and_nobody_is_told_why(
    closed: Case, lead: User, make_user: MakeUser
) -> None:
    managers = [make_user(Role.ENFORCEMENT_MANAGER, name=f"manager {n}") for n in range(2)]
    stranger = make_user(Role.INSPECTOR, name="Stranger")
    reason = "The lead is away and the hospital rang."
    broken_by(stranger, closed, reason)
    letters = Message.objects.filter(template="casework_glass_broken")
    assert {each.to for each in letters} == {lead.email, *(each.email for each in managers)}
    letter = letters[0]
    assert str(closed.reference) in letter.subject
    assert "Stranger broke the glass" in letter.body
    assert "3 March 2026, 17:00" in letter.body
    assert "/desk/casework/weekreview/2026-03-02/" in letter.body
    for secret in (reason, closed.summary, closed.employer.name):
        assert secret not in letter.body
    event = Event.objects.get(type="casework.glass_broken")
    assert (event.actor, event.typed.text) == (stranger, reason)
    assert event.payload["until"] == "2026-03-03T17:00:00+00:00"


def test_breaking_it_twice_opens_one_pane_and_again_later_another(
    closed: Case, make_user: MakeUser, travel: time_machine.Traveller
) -> None:
    stranger = make_user(Role.INSPECTOR)
    first = broken_by(stranger, closed)
    assert broken_by(stranger, closed) == first
    travel.shift(timedelta(hours=8))
    assert broken_by(stranger, closed) != first
    assert Event.objects.filter(type="casework.glass_broken").count() == 2
    assert Message.objects.filter(template="casework_glass_broken").count() == 2


def test_whoever_is_named_breaks_nothing(closed: Case, lead: User) -> None:
    assert broken_by(lead, closed).right == Access.Right.NAMED
    assert not Event.objects.filter(type="casework.glass_broken").exists()


@pytest.mark.parametrize("role", list(Role))
def test_whoever_reads_cases_may_break_it_and_nobody_else(
    closed: Case, make_user: MakeUser, employer: Employer, role: Role
) -> None:
    person = make_user(role, employer=employer if role in EMPLOYER_ROLES else None)
    if role in roles_with("casework.read"):
        assert broken_by(person, closed).right == Access.Right.GLASS
        return
    with pytest.raises(NotPermitted):
        broken_by(person, closed)
    assert not Access.objects.filter(right="glass").exists()


def test_an_interest_somebody_gone_and_an_open_case_break_no_glass(
    closed: Case, lead: User, make_user: MakeUser, employer: Employer
) -> None:
    interested, gone = make_user(Role.INSPECTOR), make_user(Role.INSPECTOR, is_active=False)
    interest_of(interested, employer)
    with pytest.raises(InterestDeclared):
        broken_by(interested, closed)
    with pytest.raises(NotPermitted):
        broken_by(gone, closed)
    lift(case=closed, by=lead, version=closed.version, reason="Over.")
    with pytest.raises(NotAllowedNow, match="found in the queue"):
        broken_by(make_user(Role.ANALYST), closed)


def test_an_interest_declared_behind_the_broken_glass_closes_it(
    closed: Case, make_user: MakeUser, employer: Employer
) -> None:
    stranger = make_user(Role.INSPECTOR)
    broken_by(stranger, closed)
    interest_of(stranger, employer)
    assert not sees(stranger, closed)


def test_a_draft_is_opened_by_no_glass(make_case: Callable[..., Case], make_user: MakeUser) -> None:
    with pytest.raises(NotPermitted):
        broken_by(make_user(Role.INSPECTOR), make_case(opened=False))


@pytest.mark.parametrize("reason", ["", " \t"])
def test_a_reason_is_needed_and_names_nobody(closed: Case, make_user: MakeUser, reason: str) -> None:
    stranger = make_user(Role.INSPECTOR)
    with pytest.raises(ValidationError):
        broken_by(stranger, closed, reason)
    with pytest.raises(IdentifiersFound):
        broken_by(stranger, closed, "Mr Patel rang.")
    break_glass(case=closed, by=stranger, reason="Mr Patel rang.", identifies_nobody="An invented name.")


def test_a_look_is_recorded_with_its_right_and_only_on_a_restricted_case(
    closed: Case, lead: User, make_user: MakeUser, make_case: Callable[..., Case]
) -> None:
    stranger = make_user(Role.INSPECTOR)
    assert record_view(case=make_case(), by=stranger, what="page", path="/") is None
    with pytest.raises(NotPermitted):
        record_view(case=closed, by=stranger, what="page", path="/")
    pane = broken_by(stranger, closed)
    record_view(case=closed, by=stranger, what="casework_case_file", path="/files/7/" + "x" * 400)
    record_view(case=closed, by=lead, what="casework_case_change", path="/case/")
    by_glass, by_name = RestrictedView.objects.order_by("pk")
    assert (by_glass.person, by_glass.access, by_glass.viewed_at) == (stranger, pane, clock.now())
    assert by_glass.path.startswith("/files/7/x")
    assert by_name.access.right == Access.Right.NAMED
    name_people(case=closed, by=lead, version=closed.version, reason="Joins.", people=[lead, stranger])
    opening = record_view(case=closed, by=stranger, what="page", path="/")
    assert opening is not None
    assert opening.access.right == Access.Right.NAMED
    assert len(opening.standing) == 3


def test_the_database_refuses_to_alter_or_remove_a_look(closed: Case, lead: User) -> None:
    record_view(case=closed, by=lead, what="page", path="/")
    looks = RestrictedView.objects.all()
    for deed in (lambda: looks.update(path="/elsewhere/"), looks.delete, lambda: looks.get().save()):
        with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
            deed()
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(DatabaseError, match="only ever appended"), transaction.atomic():
                cursor.execute("TRUNCATE casework_restrictedview")
    assert looks.count() == 1
