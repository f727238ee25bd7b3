"""Who keeps CQC's people, and what is refused: one's own role, the last administrator, cases left behind."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import PortalSession, User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow, NotPermitted, StaleVersion
from regulator.casework.models import Case, Event
from regulator.organisations.models import ApiKey
from regulator.organisations.services import create_api_key
from regulator.organisations.services import invite as invite_to_employer
from regulator.outbox.models import Message
from regulator.people import services
from regulator.people.models import StaffInvitation
from regulator.people.queries import history_of, in_words
from regulator.people.services import HandingOver
from tests.casework.closing import closed_to, interest_of
from tests.factories import EmployerFactory, UserFactory, member, notification_in, staff
from tests.people.second_step import App
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
WHY = "Moves to the inspection team."
NOBODY = HandingOver(rest=None, rest_is_said=True)


@pytest.fixture
def administrator() -> User:
    cache.clear()
    return staff(Role.ADMINISTRATOR)


def events() -> list[str]:
    return list(Event.objects.filter(type__startswith="people.").values_list("type", flat=True))


Deed = Callable[[User, User, int], object]
DEEDS: dict[str, Deed] = {
    "role": lambda person, by, version: services.give_role(
        person=person, role=Role.ANALYST, reason=WHY, by=by, version=version
    ),
    "details": lambda person, by, version: services.change_details(
        person=person, name="Renamed", email=person.email, reason=WHY, by=by, version=version
    ),
    "hand over": lambda person, by, version: services.hand_over_cases(
        person=person, to=NOBODY, reason=WHY, by=by, version=version
    ),
    "deactivate": lambda person, by, version: services.deactivate(
        person=person, to=NOBODY, reason=WHY, by=by, version=version
    ),
    "reactivate": lambda person, by, version: services.reactivate(
        person=person, reason=WHY, by=by, version=version
    ),
    "reset": lambda person, by, version: services.reset_factors(
        person=person, reason=WHY, by=by, version=version
    ),
    "sessions": lambda person, by, version: services.end_sessions(
        person=person, reason=WHY, by=by, version=version
    ),
}


@pytest.mark.parametrize("name", sorted(DEEDS))
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR}))
def test_nobody_but_administrators_keeps_people(name: str, role: Role) -> None:
    by = member(EmployerFactory.create(), role) if role.startswith("employer") else staff(role)
    with pytest.raises(NotPermitted):
        DEEDS[name](staff(), by, 1)
    assert events() == []


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_a_deed_on_what_somebody_else_changed_since_is_refused(administrator: User, name: str) -> None:
    person = staff()
    DEEDS["role"](person, administrator, 1)
    with pytest.raises(StaleVersion):
        DEEDS[name](person, administrator, 1)


@pytest.mark.parametrize("name", sorted(set(DEEDS) - {"details"}))
def test_nobody_does_it_to_themselves(administrator: User, name: str) -> None:
    staff(Role.ADMINISTRATOR)
    with pytest.raises(NotAllowedNow, match="Another administrator"):
        DEEDS[name](administrator, administrator, 1)


def test_who_lost_the_role_since_the_page_was_read_does_nothing(administrator: User) -> None:
    User.objects.filter(pk=administrator.pk).update(role=Role.ANALYST)
    with pytest.raises(NotPermitted):
        DEEDS["role"](staff(), administrator, 1)


def test_a_role_is_given_with_who_when_and_why(administrator: User) -> None:
    person = staff(Role.INSPECTOR)
    services.give_role(person=person, role=Role.ANALYST, reason=f" {WHY} ", by=administrator, version=1)
    services.give_role(person=person, role=None, reason="Left CQC.", by=administrator, version=2)
    rows = in_words(history_of(person))
    assert [(row.moved, row.reason, row.who) for row in rows] == [
        ("from analyst to no role", "Left CQC.", administrator.name),
        ("from inspector to analyst", WHY, administrator.name),
    ]
    assert (person.role, person.version) == ("", 3)
    assert WHY not in str(list(Event.objects.values_list("payload", flat=True)))
    assert first_broken_link() is None


def test_the_same_role_again_is_no_change(administrator: User) -> None:
    person = staff(Role.INSPECTOR)
    services.give_role(person=person, role=Role.INSPECTOR, reason=WHY, by=administrator, version=1)
    assert User.objects.get(pk=person.pk).version == 1
    assert events() == []


@pytest.mark.parametrize("reason", ["", "   ", "Asked by Dr Anna Smith", "Call 07700 900123", "a@b.example"])
def test_a_reason_is_needed_and_names_nobody(administrator: User, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        services.give_role(person=staff(), role=Role.ANALYST, reason=reason, by=administrator, version=1)
    assert list(refused.value.error_dict) == ["reason"]
    assert events() == []


def test_no_staff_role_for_who_acts_for_an_employer_and_none_of_an_employers(administrator: User) -> None:
    person = member(EmployerFactory.create())
    with pytest.raises(ValidationError, match="End that first"):
        services.give_role(person=person, role=Role.INSPECTOR, reason=WHY, by=administrator, version=1)
    with pytest.raises(ValidationError, match="staff"):
        services.give_role(person=staff(), role=Role.EMPLOYER_LEAD, reason=WHY, by=administrator, version=1)
    person.memberships.update(ended_at=clock.now())
    services.give_role(person=person, role=Role.INSPECTOR, reason=WHY, by=administrator, version=1)
    assert person.role == Role.INSPECTOR


def test_the_last_administrator_stays(administrator: User, settings: LazySettings) -> None:
    """Counted are those who may sign in: neither a closed sign-in nor, in earnest, an invented person."""
    command = Scheduled("test")
    for changes in ({"is_active": False}, {"is_demonstration": True}):
        settings.DEMONSTRATION = False
        other = staff(Role.ADMINISTRATOR)
        User.objects.filter(pk=other.pk).update(**changes)
        with pytest.raises(NotAllowedNow, match="only administrator"):
            services.give_role(person=administrator, role=None, reason=WHY, by=command, version=None)
        with pytest.raises(NotAllowedNow, match="only administrator"):
            services.deactivate(person=administrator, to=NOBODY, reason=WHY, by=command, version=None)
    settings.DEMONSTRATION = True
    services.give_role(person=administrator, role=None, reason=WHY, by=command, version=None)
    assert administrator.role == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["role", "deactivate"])
def test_two_administrators_who_demote_each_other_at_once_leave_one(name: str) -> None:
    cache.clear()
    first, second = staff(Role.ADMINISTRATOR), staff(Role.ADMINISTRATOR)
    together = threading.Barrier(2)
    refused: list[type[Exception]] = []

    def demote(person: User, by: User) -> None:
        together.wait()
        try:
            DEEDS[name](person, by, 1)
        except (NotPermitted, NotAllowedNow) as no:
            refused.append(type(no))
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    assert left.count() == 1
    assert refused == [NotPermitted]
    assert first_broken_link() is None


def test_name_and_address_are_changed_and_both_addresses_are_told(administrator: User) -> None:
    person = staff()
    before = person.email
    services.change_details(
        person=person,
        name=" New  Name ",
        email="New@Example.invalid",
        reason=WHY,
        by=administrator,
        version=1,
    )
    person.refresh_from_db()
    assert (person.name, person.email, person.version) == ("New Name", "new@example.invalid", 2)
    assert set(Message.objects.values_list("to", flat=True)) == {before, "new@example.invalid"}
    payload = Event.objects.get(type="people.details_changed").payload
    assert payload["changed"] == ["name", "email"]
    assert "example.invalid" not in str(payload)


@pytest.mark.parametrize(
    ("name", "email", "field"),
    [("", "a@example.invalid", "name"), ("x" * 201, "a@example.invalid", "name"), ("A", "nonsense", "email")],
)
def test_nonsense_changes_nobody(administrator: User, name: str, email: str, field: str) -> None:
    person = staff()
    with pytest.raises(ValidationError) as refused:
        services.change_details(
            person=person, name=name, email=email, reason=WHY, by=administrator, version=1
        )
    assert field in refused.value.error_dict
    assert User.objects.get(pk=person.pk).version == 1


def test_an_address_of_somebody_else_is_refused(administrator: User) -> None:
    with pytest.raises(ValidationError) as refused:
        services.change_details(
            person=staff(),
            name="A",
            email=administrator.email.upper(),
            reason=WHY,
            by=administrator,
            version=1,
        )
    assert "already" in str(refused.value.error_dict["email"])


class Leaver:
    """An officer with two open cases and a closed one, signed in on two devices."""

    def __init__(self) -> None:
        ship_reference()
        self.person = staff()
        self.cases: list[Case] = [notification_in("submitted").case for _ in range(2)]
        closed = notification_in("withdrawn").case
        keys = [case.pk for case in (*self.cases, closed)]
        Case.objects.filter(pk__in=keys).update(assignee=self.person)
        for _ in range(2):
            Client().force_login(self.person)

    def assignees(self) -> list[User | None]:
        return [Case.objects.get(pk=case.pk).assignee for case in self.cases]


@pytest.fixture
def leaver(administrator: User) -> Leaver:
    return Leaver()


def leave(leaver: Leaver, by: User, to: HandingOver) -> User:
    version = User.objects.get(pk=leaver.person.pk).version
    return services.deactivate(person=leaver.person, to=to, reason=WHY, by=by, version=version)


def test_a_leavers_cases_go_where_it_is_said_and_nothing_is_left_open(
    leaver: Leaver, administrator: User
) -> None:
    heir, other = staff(Role.INSPECTOR), staff()
    leave(leaver, administrator, HandingOver({leaver.cases[0].pk: heir}, rest=other, rest_is_said=True))
    assert leaver.assignees() == [heir, other]
    assert not PortalSession.objects.filter(user=leaver.person).exists()
    payload = Event.objects.get(type="people.deactivated").payload
    assert (payload["cases"], payload["sessions"]) == (2, 2)
    assigned = Event.objects.filter(type="casework.assigned", actor=administrator)
    assert {event.payload["to"] for event in assigned} == {heir.pk, other.pk}
    assert leaver.person.assigned_cases.get().closed_at is not None


def test_nobody_is_said_on_purpose_and_silence_is_refused(leaver: Leaver, administrator: User) -> None:
    heir = staff()
    for silent in (HandingOver(), HandingOver({leaver.cases[0].pk: heir})):
        with pytest.raises(ValidationError, match="Say to whom"):
            leave(leaver, administrator, silent)
    assert User.objects.get(pk=leaver.person.pk).is_active
    assert leaver.assignees() == [leaver.person, leaver.person]
    leave(leaver, administrator, NOBODY)
    assert leaver.assignees() == [None, None]


def test_a_case_that_came_since_the_page_was_read_is_not_forgotten(
    leaver: Leaver, administrator: User
) -> None:
    named = HandingOver({case.pk: None for case in leaver.cases})
    late = notification_in("submitted").case
    Case.objects.filter(pk=late.pk).update(assignee=leaver.person)
    with pytest.raises(ValidationError, match="the open case goes"):
        leave(leaver, administrator, named)


@pytest.mark.parametrize("who", ["the leaver", "an analyst", "one who is locked out"])
def test_cases_go_to_nobody_who_cannot_work_them(leaver: Leaver, administrator: User, who: str) -> None:
    heir = {
        "the leaver": leaver.person,
        "an analyst": staff(Role.ANALYST),
        "one who is locked out": UserFactory.create(role=Role.INSPECTOR, is_active=False),
    }[who]
    with pytest.raises(ValidationError) as refused:
        leave(leaver, administrator, HandingOver(rest=heir, rest_is_said=True))
    assert list(refused.value.error_dict) == ["rest"]
    assert leaver.assignees() == [leaver.person, leaver.person]


def test_no_case_goes_to_who_has_an_interest_or_is_not_named_on_it(
    leaver: Leaver, administrator: User
) -> None:
    """As where a case is assigned; and each is told by its reference, since an administrator reads none."""
    heir, manager = staff(Role.INSPECTOR), staff(Role.ENFORCEMENT_MANAGER)
    interest_of(heir, leaver.cases[0].employer)
    closed = Case.objects.get(pk=leaver.cases[1].pk)
    closed_to(closed, leaver.person, manager, by=manager)
    with pytest.raises(ValidationError) as refused:
        leave(leaver, administrator, HandingOver(rest=heir, rest_is_said=True))
    said = refused.value.message_dict["rest"]
    assert [each.partition(":")[0] for each in said] == [str(case) for case in leaver.cases]
    assert "has declared an interest in this employer" in said[0]
    assert "is not named on this restricted case" in said[1]
    assert leaver.assignees() == [leaver.person, leaver.person]
    assert User.objects.get(pk=leaver.person.pk).is_active
    leave(leaver, administrator, HandingOver({closed.pk: manager}, rest=staff(), rest_is_said=True))
    assert leaver.assignees()[1] == manager
    assert first_broken_link() is None


def test_who_no_longer_works_on_cases_hands_them_over_first(leaver: Leaver, administrator: User) -> None:
    for role in (Role.ANALYST, None):
        with pytest.raises(NotAllowedNow, match="2 open cases"):
            services.give_role(person=leaver.person, role=role, reason=WHY, by=administrator, version=1)
    services.give_role(person=leaver.person, role=Role.INSPECTOR, reason=WHY, by=administrator, version=1)
    services.hand_over_cases(person=leaver.person, to=NOBODY, reason=WHY, by=administrator, version=2)
    services.give_role(person=leaver.person, role=Role.ANALYST, reason=WHY, by=administrator, version=3)
    with pytest.raises(NotAllowedNow, match="No open case"):
        services.hand_over_cases(person=leaver.person, to=NOBODY, reason=WHY, by=administrator, version=4)


def test_a_closed_sign_in_opens_nothing_and_can_be_opened_again(leaver: Leaver, administrator: User) -> None:
    client = Client()
    client.force_login(leaver.person)
    leave(leaver, administrator, NOBODY)
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    with pytest.raises(NotAllowedNow, match="already"):
        leave(leaver, administrator, NOBODY)
    services.reactivate(person=leaver.person, reason=WHY, by=administrator, version=2)
    assert client.get("/desk/")["Location"].startswith("/account/login/")
    client.force_login(User.objects.get(pk=leaver.person.pk))
    assert client.get("/desk/").status_code == 200
    with pytest.raises(NotAllowedNow):
        services.reactivate(person=leaver.person, reason=WHY, by=administrator, version=3)


def test_the_keys_and_open_invitations_of_an_employers_person_end_for_good(administrator: User) -> None:
    employer = EmployerFactory.create()
    lead = member(employer, Role.EMPLOYER_LEAD)
    key, secret = create_api_key(
        membership=lead.memberships.get(), label="System", scope=ApiKey.Scope.READ, by=Scheduled("test")
    )
    asked = invite_to_employer(
        employer=employer, name="Back", email="way.back@example.invalid", role=Role.EMPLOYER_LEAD, by=lead
    )
    services.deactivate(person=lead, to=HandingOver(), reason=WHY, by=administrator, version=1)
    asked.refresh_from_db()
    assert asked.state == "Cancelled"
    payload = Event.objects.get(type="people.deactivated").payload
    assert (payload["keys"], payload["invitations"]) == (1, 1)
    services.reactivate(person=lead, reason=WHY, by=administrator, version=2)
    assert ApiKey.objects.usable(secret) is None
    key.refresh_from_db()
    assert key.state == "Revoked"


def test_what_an_administrator_sent_ends_with_their_sign_in(administrator: User) -> None:
    other = staff(Role.ADMINISTRATOR)
    asked = services.invite(
        name="New", email="new@example.invalid", role=Role.INSPECTOR, reason=WHY, by=other
    )
    services.deactivate(person=other, to=HandingOver(), reason=WHY, by=administrator, version=1)
    asked.refresh_from_db()
    assert asked.state == "Cancelled"


def test_a_reset_takes_every_factor_and_session_and_is_told(administrator: User) -> None:
    person = staff()
    with pytest.raises(NotAllowedNow, match="no second step"):
        DEEDS["reset"](person, administrator, 1)
    App.of(person)
    Client().force_login(person)
    assert DEEDS["reset"](person, administrator, 1) == 1
    assert not PortalSession.objects.filter(user=person).exists()
    assert "took away the second step" in Message.objects.get(to=person.email).body
    row = in_words(history_of(person))[0]
    assert (row.label, row.reason) == ("Second step taken away by an administrator", WHY)


def test_sessions_are_ended_with_a_reason(administrator: User) -> None:
    person = staff()
    with pytest.raises(NotAllowedNow, match="nowhere"):
        DEEDS["sessions"](person, administrator, 1)
    Client().force_login(person)
    Client().force_login(administrator)
    assert DEEDS["sessions"](person, administrator, 1) == 1
    assert PortalSession.objects.get().user == administrator


def test_the_command_line_invites_and_resets(administrator: User) -> None:
    call_command("invite_staff", "First@example.invalid", "First", stdout=Sink())
    asked = StaffInvitation.objects.get()
    assert (asked.email, asked.role, asked.invited_by) == ("first@example.invalid", "administrator", None)
    App.of(administrator)
    call_command("reset_second_step", administrator.email.upper(), stdout=Sink())
    assert events() == ["people.invited", "people.factors_reset"]
    for wrong in (("invite_staff", administrator.email, "Again"), ("invite_staff", "nonsense", "Name")):
        with pytest.raises(CommandError):
            call_command(*wrong)
    for email in (administrator.email, "nobody@example.invalid"):
        with pytest.raises(CommandError):
            call_command("reset_second_step", email)


class Sink:
    def write(self, *said: Any) -> None:
        """What a command prints is not looked at here."""
