"""People on the desk: who gets in, what a page shows, every deed by its form, and nonsense in each."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator.accounts.models import PortalSession, User
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.models import Case
from regulator.organisations.models import Employer
from regulator.people import services
from regulator.people.deeds import DEEDS
from regulator.people.queries import factors_in_words
from tests.factories import EmployerFactory, member, notification_in, person, staff
from tests.notifications.pages import boxes, browser, text
from tests.people.second_step import App
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
WHY = "Moves to the inspection team."


@pytest.fixture
def administrator() -> User:
    cache.clear()
    return staff(Role.ADMINISTRATOR)


@pytest.fixture
def client(administrator: User) -> Client:
    return browser(administrator)


def at(who: User, name: str = "change") -> str:
    if name in ("change", "history"):
        return reverse(f"admin:accounts_user_{name}", args=[who.pk])
    return reverse("admin:accounts_user_do", args=[who.pk, name])


def asked(administrator: User) -> int:
    return services.invite(
        name="New", email="new@example.invalid", role=Role.ANALYST, reason=WHY, by=administrator
    ).pk


def addresses(administrator: User) -> list[str]:
    """Every page on people."""
    who, invitation = staff(), asked(administrator)
    return [
        reverse("admin:accounts_user_changelist"),
        reverse("admin:accounts_user_add"),
        at(who),
        at(who, "history"),
        *(at(who, deed.name) for deed in DEEDS),
        reverse("admin:people_staffinvitation_changelist"),
        reverse("admin:people_staffinvitation_change", args=[invitation]),
        reverse("admin:people_staffinvitation_do", args=[invitation, "resend"]),
        reverse("admin:people_staffinvitation_do", args=[invitation, "cancel"]),
    ]


@pytest.mark.parametrize("role", sorted(Role))
def test_administrators_alone_get_to_any_of_it(administrator: User, role: Role) -> None:
    client = browser(person(role, EmployerFactory.create()))
    allowed = {200, 409} if role == Role.ADMINISTRATOR else {403}
    for address in addresses(administrator):
        assert client.get(address).status_code in allowed, address
        if role != Role.ADMINISTRATOR:
            assert client.post(address, {"reason": WHY}).status_code == 403
    assert Client().get(addresses_again := reverse("admin:accounts_user_add")).status_code == 302
    assert addresses_again


def test_a_persons_page_shows_how_they_sign_in_and_no_secret_of_it(client: Client) -> None:
    ship_reference()
    who = staff()
    who.set_password("marble kettle orbit")
    who.save()
    app = App.of(who)
    Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
           ).force_login(who)  # fmt: skip
    case = notification_in("submitted").case
    Case.objects.filter(pk=case.pk).update(assignee=who)
    shown = text(client.get(at(who)))
    for said in ("Authenticator app, since", "Case officer", who.email, str(case), case.kind_label):
        assert said in shown
    assert case.summary == "" or case.summary not in shown
    assert who.password not in shown
    assert app.secret not in shown


def test_a_factor_is_as_old_as_in_london() -> None:
    who = staff()
    with time_machine.travel(datetime(2026, 7, 3, 23, 30, tzinfo=UTC), tick=False):
        App.of(who)
    assert factors_in_words(who) == ["Authenticator app, since 4 July 2026"]


def test_a_role_is_given_on_the_page_and_stands_in_the_history(client: Client, administrator: User) -> None:
    who = staff()
    page = client.get(at(who, "role"))
    assert boxes(page)["role"] == ["case_officer"]
    answer = client.post(at(who, "role"), boxes(page) | {"role": "analyst", "reason": WHY}, follow=True)
    shown = text(answer)
    assert f"The role of {who} is now: Analyst." in shown
    assert "from case officer to analyst" in shown
    assert WHY in shown
    assert WHY in text(client.get(at(who, "history")))
    assert User.objects.get(pk=who.pk).role == Role.ANALYST


def test_a_stale_page_is_told_of_both_and_loses_nothing(client: Client, administrator: User) -> None:
    who = staff()
    page = boxes(client.get(at(who, "role")))
    services.give_role(person=who, role=Role.INSPECTOR, reason="First.", by=administrator, version=1)
    answer = client.post(at(who, "role"), page | {"role": "analyst", "reason": WHY})
    shown = text(answer)
    assert answer.status_code == 409
    assert "Someone else changed this person" in shown
    assert "As it stands now" in shown
    assert "from case officer to inspector" in shown
    assert boxes(answer)["reason"] == [WHY]
    assert boxes(answer)["role"] == ["analyst"]
    assert client.post(at(who, "role"), boxes(answer)).status_code == 302
    assert User.objects.get(pk=who.pk).role == Role.ANALYST


def test_a_leaver_is_handed_over_case_by_case(client: Client) -> None:
    ship_reference()
    who, heir = staff(), staff(Role.INSPECTOR)
    cases = [notification_in("submitted").case for _ in range(3)]
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(assignee=who)
    page = client.get(at(who, "deactivate"))
    shown = text(page)
    assert all(str(case) in shown for case in cases)
    silent = client.post(at(who, "deactivate"), boxes(page) | {"reason": WHY})
    assert silent.status_code == 400
    assert "Say to whom the 3 open cases go" in text(silent)
    assert boxes(silent)["reason"] == [WHY]
    typed = boxes(page) | {"reason": WHY, f"case_{cases[0].pk}": heir.pk, "rest": "nobody"}
    assert client.post(at(who, "deactivate"), typed).status_code == 302
    assert [Case.objects.get(pk=case.pk).assignee for case in cases] == [heir, None, None]
    assert not User.objects.get(pk=who.pk).is_active
    assert "Sign-in closed" in text(client.get(at(who)))
    assert client.get(at(who, "deactivate")).status_code == 409


def test_one_open_case_is_one_question(client: Client) -> None:
    ship_reference()
    who = staff()
    case = notification_in("submitted").case
    Case.objects.filter(pk=case.pk).update(assignee=who)
    page = client.get(at(who, "hand-over"))
    assert f"case_{case.pk}" not in text(page)
    typed = boxes(page) | {"reason": WHY, "rest": "nobody"}
    assert "1 open case handed over" in text(client.post(at(who, "hand-over"), typed, follow=True))


def test_who_leaves_with_no_case_is_asked_nothing_more(client: Client) -> None:
    who = staff()
    page = client.get(at(who, "deactivate"))
    assert "rest" not in boxes(page)
    assert client.post(at(who, "deactivate"), boxes(page) | {"reason": WHY}).status_code == 302


def test_the_other_deeds_are_done_on_their_pages(client: Client) -> None:
    who = staff()
    App.of(who)
    browser(who)
    for name, said in (
        ("end-sessions", "signed out of 1 session."),
        ("reset-second-step", "was taken away"),
        ("deactivate", "can no longer sign in"),
        ("reactivate", "may sign in again"),
    ):
        page = client.get(at(who, name))
        assert page.status_code == 200, name
        done = client.post(at(who, name), boxes(page) | {"reason": WHY}, follow=True)
        assert said in text(done), name
    page = client.get(at(who, "details"))
    typed = boxes(page) | {"name": "Renamed", "reason": WHY}
    assert "<h1>Renamed</h1>" in text(client.post(at(who, "details"), typed, follow=True))
    assert not PortalSession.objects.filter(user=who).exists()


def test_administrators_change_their_own_name_but_not_their_role(client: Client, administrator: User) -> None:
    staff(Role.ADMINISTRATOR)
    for name in ("role", "deactivate", "end-sessions", "reset-second-step", "hand-over", "reactivate"):
        assert client.get(at(administrator, name)).status_code == 409
        answer = client.post(at(administrator, name), {"version": 1, "reason": WHY, "role": "analyst"})
        assert answer.status_code == 409, name
    page = client.get(at(administrator, "details"))
    assert client.post(at(administrator, "details"), boxes(page) | {"name": "Renamed", "reason": WHY}
                       ).status_code == 302  # fmt: skip
    me = User.objects.get(pk=administrator.pk)
    assert (me.name, me.role, me.is_active) == ("Renamed", Role.ADMINISTRATOR, True)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("role", {"role": "king"}),
        ("role", {"role": "employer_lead"}),
        ("role", {"role": "\x00"}),
        ("details", {"name": "", "email": "a@example.invalid"}),
        ("details", {"name": "A", "email": "nonsense"}),
        ("hand-over", {"rest": "king"}),
        ("deactivate", {"rest": "king"}),
        ("deactivate", {"rest": ""}),
    ],
)
def test_what_cannot_be_understood_is_told_beside_its_box(
    client: Client, name: str, typed: dict[str, str]
) -> None:
    ship_reference()
    who = staff()
    case = notification_in("submitted").case
    Case.objects.filter(pk=case.pk).update(assignee=who)
    answer = client.post(at(who, name), {"version": "1", "reason": WHY} | typed)
    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    assert User.objects.get(pk=who.pk).version == 1
    assert Case.objects.get(pk=case.pk).assignee == who


@pytest.mark.parametrize("name", [deed.name for deed in DEEDS])
@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"version": "x"},
        {"version": "-1"},
        {"version": "9" * 40},
        {"version": "1", "reason": ""},
        {"version": "1", "reason": "x" * 3000},
        {"version": "1", "reason": "\x00", "role": "\x00", "email": "\x00", "rest": "\x00"},
        {
            "version": "1",
            "reason": "Asked by Dr Anna Smith",
            "role": "analyst",
            "name": "A",
            "email": "a@b.co",
        },
    ],
)
def test_nonsense_is_never_a_failure_and_changes_nobody(
    client: Client, name: str, typed: dict[str, str]
) -> None:
    who = staff()
    App.of(who)
    before = User.objects.filter(pk=who.pk).values().get()
    answer = client.post(at(who, name), typed)
    assert answer.status_code in (400, 409)
    assert User.objects.filter(pk=who.pk).values().get() == before


@pytest.mark.parametrize("key", ["abc", "0", "9" * 40, "%00", "-1"])
def test_who_does_not_exist_breaks_nothing(client: Client, key: str) -> None:
    base = reverse("admin:accounts_user_changelist")
    for page in ("change", "history", "do/role", "do/nonsense"):
        assert client.get(f"{base}{key}/{page}/").status_code == 404
        assert client.post(f"{base}{key}/{page}/").status_code in (404, 405)
    invitations = reverse("admin:people_staffinvitation_changelist")
    for page in ("change", "do/resend", "do/nonsense"):
        assert client.get(f"{invitations}{key}/{page}/").status_code == 404


def test_nothing_is_written_past_the_services(client: Client) -> None:
    who = staff()
    for answer in (
        client.post(at(who), {"role": "administrator"}),
        client.delete(at(who)),
        client.post(reverse("admin:accounts_user_changelist"), {"action": "delete_selected"}),
    ):
        assert answer.status_code == 405
    assert client.get(f"{reverse('admin:accounts_user_changelist')}{who.pk}/delete/").status_code == 404
    assert User.objects.get(pk=who.pk).role == Role.CASE_OFFICER


@pytest.mark.parametrize(
    "query",
    [
        "p=abc",
        "e=1",
        "foo=bar",
        "role__exact=%00",
        "is_active__exact=x",
        "q=" + "a+" * 5000,
        "q=%00",
        "o=99.x",
    ],
)
@pytest.mark.parametrize("table", ["accounts_user", "people_staffinvitation"])
def test_no_address_breaks_a_list(client: Client, table: str, query: str) -> None:
    answer = client.get(f"{reverse(f'admin:{table}_changelist')}?{query}", follow=True)
    assert answer.status_code == 200


def count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_lists_and_pages_take_as_many_queries_at_any_size(client: Client, administrator: User) -> None:
    ship_reference()
    who, employer = member(EmployerFactory.create()), EmployerFactory.create()
    lists = [reverse("admin:accounts_user_changelist"), reverse("admin:people_staffinvitation_changelist")]
    pages = [at(who), at(who, "history"), at(who, "deactivate")]
    grow(who, employer, administrator, 1)
    few = {address: count(client, address) for address in (*lists, *pages)}
    grow(who, employer, administrator, 6)
    assert {address: count(client, address) for address in (*lists, *pages)} == few
    assert all(few[address] <= 8 for address in lists), few
    assert all(few[address] <= 15 for address in pages), few


def grow(who: User, employer: Employer, administrator: User, times: int) -> None:
    for _ in range(times):
        other = staff()
        App.of(other)
        browser(who)
        case = notification_in("submitted").case
        Case.objects.filter(pk=case.pk).update(assignee=who)
        address = f"{other.pk}@example.invalid"
        services.invite(name="New", email=address, role=Role.ANALYST, reason=WHY, by=administrator)
        version = User.objects.get(pk=who.pk).version
        services.change_details(
            person=who, name=f"N {other.pk}", email=who.email, reason=WHY, by=administrator, version=version
        )


def test_employers_roles_are_no_choice(client: Client) -> None:
    shown = text(client.get(at(staff(), "role")))
    assert not any(f'value="{role}"' in shown for role in EMPLOYER_ROLES)
