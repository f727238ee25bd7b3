"""Every route of the queue against every role: who reads cases sees the lists, and only they."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from regulator.accounts.models import User
from regulator.accounts.policies import policy_of
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.casework.models import Case, SavedView
from tests.desk.test_access import desk_routes

SignIn = Callable[[Role], Client]
QUEUE = "/desk/casework/case/"
READ, EXPORT = "casework.read", "casework.export"
OK, GONE, BAD, NOT_SO = (
    HTTPStatus.OK,
    HTTPStatus.FOUND,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.METHOD_NOT_ALLOWED,
)
ROUTES = [
    # name, its address, the permission, and what those who hold it are answered to a GET and to an empty POST
    ("casework_case_changelist", "", READ, OK, NOT_SO),
    ("casework_case_kind", "kind/trial/", READ, OK, NOT_SO),
    ("casework_case_export", "export/csv/", EXPORT, NOT_SO, OK),
    ("casework_case_kind_export", "kind/trial/export/ods/", EXPORT, NOT_SO, OK),
    ("casework_case_save", "save/", READ, OK, BAD),
    ("casework_case_kind_save", "kind/trial/save/", READ, OK, BAD),
    ("casework_case_views", "views/", READ, OK, NOT_SO),
    ("casework_view_rename", "views/{view}/rename/", READ, OK, BAD),
    ("casework_view_default", "views/{view}/default/", READ, NOT_SO, GONE),
    ("casework_view_delete", "views/{view}/delete/", READ, OK, GONE),
    ("casework_case_together", "together/assign/?case={case}.1", READ, None, None),
]


def test_the_table_names_every_route_of_the_queue() -> None:
    desk = next(each for each in get_resolver().url_patterns if str(each.pattern) == "desk/")
    found = {
        str(route.name): policy_of(route.callback)
        for route in desk_routes([desk])
        if str(route.name).startswith(("casework_case_", "casework_view_"))
    }
    of_one = ("change", "timeline", "do", "file", "past", "referral", "referral_text")
    others = {f"casework_case_{name}" for name in (*of_one, "bundles", "bundle", "bundle_download")}
    assert set(found) == {name for name, *_ in ROUTES} | others
    for name, _, permission, *_ in ROUTES:
        policy = found[name]
        assert policy is not None
        assert policy.roles == roles_with(permission), name


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_where_it_should(
    signed_in: SignIn, people: dict[Role, User], case: Case, role: Role
) -> None:
    person = signed_in(role)
    for name, address, permission, seen, sent in ROUTES:
        view = SavedView.objects.create(owner=people[role], name=name)
        where = QUEUE + address.format(view=view.pk, case=case.pk)
        got, posted = person.get(where).status_code, person.post(where).status_code
        if role in roles_with(permission) and role not in EMPLOYER_ROLES:
            if seen is not None:
                assert (got, posted) == (seen, sent), name
            else:
                allowed = OK if role in roles_with("casework.assign") else HTTPStatus.FORBIDDEN
                assert got == allowed, name
        else:
            assert (got, posted) == (403, 403), name


def test_a_visitor_is_sent_to_sign_in(client: Client, case: Case) -> None:
    view = SavedView.objects.create(owner=User.objects.create_user("x@example.invalid"), name="x")
    for name, address, *_ in ROUTES:
        where = QUEUE + address.format(view=view.pk, case=case.pk)
        for answer in (client.get(where), client.post(where)):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith(reverse("account_login")), name


def test_what_changes_something_needs_its_token(
    signed_in: SignIn, people: dict[Role, User], case: Case
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(Role.CASE_OFFICER).cookies
    view = SavedView.objects.create(owner=people[Role.CASE_OFFICER], name="Mine")
    for address in (
        "export/csv/",
        "save/",
        f"views/{view.pk}/rename/",
        f"views/{view.pk}/default/",
        f"views/{view.pk}/delete/",
        "together/assign/",
    ):
        assert strict.post(QUEUE + address, {"case": f"{case.pk}.1"}).status_code == 403, address
    assert SavedView.objects.get().is_default is False
