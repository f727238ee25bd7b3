"""Who gets where: every route of employers' pages and API, for each kind of person, as the URLconf has them.

``addresses`` finds the routes. A page for everybody, for leads alone or for staff has to be named here.
"""

from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client

from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role, roles_with
from regulator.casework.models import Attachment, Case, Event
from regulator.organisations.models import ActivityReturn, Membership
from tests.factories import Cast, EmployerFactory, UserFactory, member, notification_in, person
from tests.notifications.addresses import BY_NAME, ROUTES, Route, Scene
from tests.notifications.pages import browser, text

pytestmark = pytest.mark.usefixtures("reference", "empty_cache")

FOR_EVERYBODY: Final = {
    *("api-criteria-check", "criteria:answer", "criteria:questions", "criteria:start"),
    *("sign_off:code", "sign_off:done", "sign_off:read", "sign_off:start", "invitation:open"),
    "diary_feed",
    *("guidance:changes", "guidance:feed", "guidance:list", "guidance:topic", "guidance:version"),
    *("feedback:give", "feedback:thanks", "digest:stop"),
    *("learning:list", "learning:one", "learning:feed"),
}
FOR_READERS: Final = {
    *("notifications:receipt", "correspondence:letter"),
    *("papers:document", "papers:leaflet"),
}
"""What staff who read cases may open, too."""
FOR_LEADS: Final = {"notifications:sign-off-rule"} | {
    route.name
    for route in ROUTES
    if route.name.startswith(
        (
            "organisations:",
            "inspections:",
            "correspondence:",
            "plans:",
            "questionnaires:",
            "papers:",
            "notices:",
        )
    )
} - {
    *(
        "organisations:home",
        "organisations:sites",
        "organisations:activity",
        "organisations:activity_sources",
    ),
    *("organisations:activity_template", "organisations:activity_download"),
}
"""What an employer's leads may open and its reporters may not."""
CLOSED: Final = [route for route in ROUTES if not route.policy.public]
BOUND: Final = [route for route in ROUTES if route.bound]
METHODS: Final = ("get", "post", "put", "patch", "delete")
FORMS: Final = ("get", "post")
"""What a browser sends. Who may open a page is settled before it is looked at how it was asked for, so the
other methods are tried on every page by one kind of person; those of the API, whose actions have each a
policy, by everybody.
"""
JSON: Final = "application/json"


def ask(client: Client, method: str, route: Route, address: str) -> Any:
    sent: dict[str, Any] = {"version": "1", "declaration": "true", "reason": "x", "demanded": "yes"}
    if method == "post" and not route.of_api:
        return client.post(address, sent)
    if method in ("post", "put", "patch"):
        return getattr(client, method)(address, {"version": 1}, content_type=JSON)
    return getattr(client, method)(address)


def fingerprint() -> tuple[Any, ...]:
    """What would change if anybody wrote anything."""
    return (
        sorted(Case.objects.values_list("pk", "version", "status")),
        *(table.objects.count() for table in (Event, Attachment, Membership, ActivityReturn)),
    )


def refusals(
    client: Client, scene: Scene, routes: list[Route], methods: tuple[str, ...] = METHODS
) -> dict[str, int]:
    """What each method of each route answers, of a page those in ``methods``. One that the route has for
    nobody is left out."""
    addresses = {route: scene.address(route) for route in routes}
    before = fingerprint()
    found = {}
    for route, address in addresses.items():
        for method in METHODS if route.of_api else methods:
            answer = ask(client, method, route, address)
            if answer.status_code == 405:
                assert method.upper() not in answer["Allow"], f"{method} {address}"
            else:
                found[f"{method} {route.name}"] = answer.status_code
        assert f"get {route.name}" in found or f"post {route.name}" in found, address
    assert fingerprint() == before
    return found


def test_the_pages_for_everybody_for_leads_and_for_staff_are_these() -> None:
    assert {route.name for route in ROUTES if route.policy.public} == FOR_EVERYBODY
    assert {route.name for route in ROUTES if route.policy.roles & STAFF_ROLES} == FOR_READERS
    leads_alone = {
        route.name
        for route in CLOSED
        if Role.EMPLOYER_LEAD in route.policy.roles and Role.EMPLOYER_REPORTER not in route.policy.roles
    }
    assert leads_alone == FOR_LEADS


def test_the_walk_reaches_pages_and_api() -> None:
    assert {"notifications:home", "notifications:edit", "criteria:draft", "api-notification-submit"} <= set(
        BY_NAME
    )
    assert BY_NAME["api-notification-detail"].parts == [("notifications", "id")]
    assert len(BOUND) >= 24


def test_a_visitor_is_sent_to_sign_in_and_a_program_is_told_that_it_has_no_key() -> None:
    scene = Scene()
    for route in CLOSED:
        address = scene.address(route)
        for method in ("get", "post"):
            answer = ask(browser(), method, route, address)
            if route.of_api:
                shape = (answer.status_code, answer["Content-Type"])
                assert shape == (401, "application/problem+json"), address
            else:
                assert answer.status_code == 302, address
                page = address.partition("?")[0]
                assert answer["Location"].startswith(f"/account/login/?next={page}"), address


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_another_employers_case_does_not_exist(role: Role) -> None:
    stranger = browser(member(EmployerFactory.create(), role))
    for asked, status in refusals(stranger, Scene(), BOUND).items():
        lead_only = asked.partition(" ")[2] in FOR_LEADS and role != Role.EMPLOYER_LEAD
        assert status == (403 if lead_only else 404), asked


def test_staff_use_the_desk_not_the_employers_pages() -> None:
    scene = Scene()
    for place, role in enumerate(sorted(STAFF_ROLES)):
        methods = FORMS if place else METHODS
        found = refusals(browser(person(role, scene.cast.employer)), scene, CLOSED, methods)
        for asked, status in found.items():
            reads = asked.partition(" ")[2] in FOR_READERS and role in roles_with("casework.read")
            assert status == (200 if reads else 403), (role, asked)


def test_who_acts_for_no_employer_gets_nowhere() -> None:
    found = refusals(browser(UserFactory.create()), Scene(), CLOSED, FORMS)
    assert found == dict.fromkeys(found, 403)


def test_whose_membership_has_ended_gets_nowhere() -> None:
    scene = Scene()
    former = member(scene.cast.employer)
    former.memberships.update(ended_at=former.memberships.get().since)
    found = refusals(browser(former), scene, CLOSED, FORMS)
    assert found == dict.fromkeys(found, 403)


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_the_employers_own_people_get_in(role: Role) -> None:
    """So the addresses lead somewhere, and a stranger's 404 is not one of a wrong address."""
    scene = Scene()
    client = browser(person(role, scene.cast.employer))
    for route in (*BOUND, BY_NAME["notifications:home"], BY_NAME["notifications:start"]):
        address = scene.address(route)
        answer = ask(client, "get", route, address)
        if answer.status_code == 405:
            with transaction.atomic():
                answer = ask(client, "post", route, address)
                transaction.set_rollback(True)
            assert answer.status_code in (200, 400, 409), address  # found, and told what is wrong with it
            continue
        assert answer.status_code == (200 if role in route.policy.roles else 403), address


def test_a_strangers_list_shows_nothing_of_it() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    stranger = browser(member(EmployerFactory.create()))
    for address in ("/notifications/", "/api/v1/notifications/"):
        shown = text(stranger.get(address))
        assert str(sent.case.reference) not in shown
        assert cast.employer.name not in shown
    assert str(sent.case.reference) in text(browser(cast.reporter).get("/api/v1/notifications/"))


def test_the_page_of_a_strangers_case_says_nothing_about_it() -> None:
    sent = notification_in("submitted")
    stranger = browser(member(EmployerFactory.create()))
    there = text(stranger.get(f"/notifications/{sent.case.reference}/"))
    nowhere = text(stranger.get("/notifications/IRN-2026-99999-X/"))
    assert there == nowhere
