"""Who enters the desk, and which of its tables each role may see and change."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from regulator import clock
from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.models import User
from regulator.accounts.policies import PUBLIC, policy_of
from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import Employer, Membership

SignIn = Callable[[Role], Client]
READERS = STAFF_ROLES - {Role.ADMINISTRATOR}
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

TABLES = {
    "organisations_employer": (STAFF_ROLES, ADMINISTRATOR),
    "organisations_membership": (STAFF_ROLES, ADMINISTRATOR),
    "organisations_invitation": (STAFF_ROLES, frozenset()),
    "organisations_activityreturn": (STAFF_ROLES, ADMINISTRATOR),
    "legislation_provision": (STAFF_ROLES, ADMINISTRATOR),
}
"""Each table with the admin's own pages: who may read it, who may add and change. People are
``tests.people``."""


def desk_routes(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from desk_routes(entry.url_patterns)
        else:
            yield entry


def test_every_route_of_the_desk_states_a_policy_and_only_sign_in_is_public() -> None:
    desk = next(each for each in get_resolver().url_patterns if str(each.pattern) == "desk/")
    routes = list(desk_routes([desk]))
    assert len(routes) > 30
    assert [route for route in routes if policy_of(route.callback) is None] == []
    assert [route.name for route in routes if policy_of(route.callback) == PUBLIC] == ["login"]


@pytest.mark.parametrize("address", ["/desk/", "/desk/casework/case/", "/desk/accounts/user/"])
def test_a_visitor_is_sent_to_sign_in(client: Client, db: None, address: str) -> None:
    last, status = client.get(address, follow=True).redirect_chain[-1]
    assert status == 302
    assert last == f"{reverse('account_login')}?next={address}"


def test_signing_in_and_out_is_the_portals_own(client: Client, officer: Client) -> None:
    assert client.get("/desk/login/?next=/desk/")["Location"] == f"{reverse('account_login')}?next=/desk/"
    assert officer.get("/desk/logout/")["Location"] == reverse("account_logout")
    assert officer.get("/desk/password_change/")["Location"] == reverse("account_change_password")


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_an_employers_people_do_not_enter(signed_in: SignIn, case: Case, role: Role) -> None:
    person = signed_in(role)
    inside = reverse("admin:casework_case_change", args=[case.pk])
    for address in ("/desk/", "/desk/casework/case/", inside, f"{inside}do/note/", "/desk/accounts/user/"):
        assert person.get(address).status_code == 403
        assert person.post(address).status_code == 403


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_enter_and_those_who_read_cases_see_the_queue(
    signed_in: SignIn, case: Case, role: Role
) -> None:
    person = signed_in(role)
    allowed = 200 if role in READERS else 403
    assert person.get("/desk/").status_code == 200
    assert person.get("/desk/casework/case/").status_code == allowed
    assert person.get(reverse("admin:casework_case_change", args=[case.pk])).status_code == allowed
    for absent in ("add/", f"{case.pk}/change/", f"{case.pk}/delete/", f"{case.pk}/history/"):
        assert person.get(f"/desk/casework/case/{absent}").status_code in (403, 404)


@pytest.fixture
def rows(people: dict[Role, User], employer: Employer) -> dict[str, int]:
    """One row's key in each table."""
    provision = Provision.objects.create(
        instrument="IR(ME)R 2017", reference="6(5)(b)", heading="Trial", own_words="Trial",
        in_force_from="2018-02-06", verified="no", position=1,
    )  # fmt: skip
    activity = employer.activity_returns.create(
        modality="radiotherapy", period_start="2023-04-01", period_end="2024-03-31", quantity=1,
        unit="episodes", source="Trial", completeness="complete",
    )  # fmt: skip
    invitation = employer.invitations.create(
        email="invited@example.invalid", name="Invited", role=Role.EMPLOYER_LEAD,
        invited_by=people[Role.EMPLOYER_LEAD], expires_at=clock.now(), digest="0" * 64,
    )  # fmt: skip
    return {
        "organisations_employer": employer.pk,
        "organisations_membership": Membership.objects.filter(employer=employer).first().pk,  # type: ignore[union-attr]
        "organisations_invitation": invitation.pk,
        "organisations_activityreturn": activity.pk,
        "legislation_provision": provision.pk,
    }


def test_the_table_of_tables_is_whole() -> None:
    registered = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}
    assert set(TABLES) | {"casework_case"} <= registered
    assert all(isinstance(each, DeskModelAdmin) for each in admin.site._registry.values())


def test_a_librarys_own_admin_is_not_taken() -> None:
    admin.site.register(Group, ModelAdmin)
    admin.site.unregister(Group)
    assert not admin.site.is_registered(Group)


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
@pytest.mark.parametrize("table", sorted(TABLES))
def test_each_role_sees_and_changes_what_it_should(
    signed_in: SignIn, rows: dict[str, int], role: Role, table: str
) -> None:
    person = signed_in(role)
    readers, keepers = TABLES[table]
    see, keep = (200 if role in group else 403 for group in (readers, keepers))
    key = [rows[table]]
    assert person.get(reverse(f"admin:{table}_changelist")).status_code == see
    assert person.get(reverse(f"admin:{table}_change", args=key)).status_code == see
    assert person.get(reverse(f"admin:{table}_history", args=key)).status_code == see
    assert person.get(reverse(f"admin:{table}_add")).status_code == keep
    assert person.post(reverse(f"admin:{table}_add"), {}).status_code == keep
    for method in (person.get, person.post):
        assert method(reverse(f"admin:{table}_delete", args=key)).status_code == 403
    if role not in keepers:
        assert person.post(reverse(f"admin:{table}_change", args=key), {"name": "x"}).status_code == 403


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize(
    "query",
    [
        "p=abc",
        "e=1",
        "foo=bar",
        "pk__exact=x",
        "role__exact=%00",
        "is_active__exact=x",
        "type__exact=x",
        "employer=" + "9" * 40,
        "id__in=a,b",
        "q=" + "a+" * 5000,
        "q=%00",
        "role__foo=1",
    ],
)
def test_no_address_breaks_a_list(signed_in: SignIn, rows: dict[str, int], table: str, query: str) -> None:
    answer = signed_in(Role.ADMINISTRATOR).get(f"{reverse(f'admin:{table}_changelist')}?{query}", follow=True)
    assert answer.status_code == 200


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("key", ["abc", "0", "9" * 40, "%00"])
def test_a_row_that_does_not_exist_breaks_nothing(signed_in: SignIn, table: str, key: str) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    base = reverse(f"admin:{table}_changelist")
    for page in ("change", "history", "delete"):
        assert administrator.get(f"{base}{key}/{page}/").status_code in (302, 403, 404)


def test_a_change_of_an_employer_is_on_its_history(signed_in: SignIn, employer: Employer) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    typed = {
        "key": employer.key, "name": "Renamed Trust", "type": employer.type,
        "sites-TOTAL_FORMS": "0", "sites-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert (
        administrator.post(
            reverse("admin:organisations_employer_change", args=[employer.pk]), typed
        ).status_code
        == 302
    )
    shown = administrator.get(
        reverse("admin:organisations_employer_history", args=[employer.pk])
    ).content.decode()
    assert "Trial Trust → Renamed Trust" in shown
    assert "by Administrator" in shown
