"""Who gets where: every route of an employer's notifications, on pages and API, for each kind of person.

The table is held against the URLconf, so that a new route fails here until it says how to be asked for.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from notifications import api_urls, queries, services, urls
from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role, roles_with
from regulator.casework.models import Case, InformationRequest
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from tests.factories import Cast, EmployerFactory, UserFactory, member, notification_in, person
from tests.notifications.pages import browser, text
from tests.notifications.test_actions import ACTION

pytestmark = pytest.mark.usefixtures("reference")

JSON: Final = "application/json"


@dataclass(frozen=True)
class Route:
    """How a route is asked for: the state that its case must be in, and whether it belongs to one."""

    path: str
    state: str = ""
    bound: bool = True


ROUTES: Final = {
    "notifications:home": Route("/notifications/", bound=False),
    "notifications:start": Route("/notifications/new/", bound=False),
    "notifications:draft": Route("/notifications/draft/{pk}/", "draft"),
    "notifications:check": Route("/notifications/draft/{pk}/check/", "draft"),
    "notifications:kind": Route("/notifications/draft/{pk}/kind/", "draft"),
    "notifications:discard": Route("/notifications/draft/{pk}/discard/", "draft"),
    "notifications:edit": Route("/notifications/draft/{pk}/people/", "draft"),
    "notifications:submitted": Route("/notifications/{reference}/submitted/", "submitted"),
    "notifications:detail": Route("/notifications/{reference}/", "submitted"),
    "notifications:receipt": Route("/notifications/{reference}/receipt.pdf", "submitted"),
    "notifications:sign-off": Route("/notifications/draft/{pk}/sign-off/", "draft"),
    "notifications:sign-off-cancel": Route("/notifications/draft/{pk}/sign-off/{sign_off}/cancel/", "draft"),
    "notifications:sign-off-rule": Route("/notifications/sign-off-rule/{employer}/", "draft"),
    "notifications:report": Route("/notifications/{reference}/report/", "awaiting_report"),
    "notifications:report_check": Route("/notifications/{reference}/report/check/", "awaiting_report"),
    "notifications:report_section": Route("/notifications/{reference}/report/doses/", "awaiting_report"),
    "notifications:action_add": Route("/notifications/{reference}/actions/new/", "awaiting_report"),
    "notifications:action": Route("/notifications/{reference}/actions/{action}/", "awaiting_report"),
    "notifications:action_change": Route(
        "/notifications/{reference}/actions/{action}/move/", "awaiting_report"
    ),
    "notifications:answer": Route("/notifications/{reference}/requests/{request}/", "further_information"),
    "notifications:withdraw": Route("/notifications/{reference}/withdraw/", "submitted"),
    "notifications:more_time": Route("/notifications/{reference}/more-time/", "awaiting_report"),
    "notifications:amend": Route("/notifications/{reference}/amend/", "submitted"),
    "notifications:amend_drop": Route("/notifications/{reference}/amend/drop/", "submitted"),
    "notifications:amend_section": Route("/notifications/{reference}/amend/people/", "submitted"),
    "notifications:version": Route("/notifications/{reference}/versions/1/", "amended"),
    "notifications:attach": Route("/notifications/{reference}/attach/", "submitted"),
    "notifications:attachment": Route("/notifications/{reference}/attachments/{attachment}/", "submitted"),
    "notifications:attach_to_draft": Route("/notifications/draft/{pk}/attach/", "draft"),
    "notifications:draft_attachment": Route("/notifications/draft/{pk}/files/{attachment}/", "draft"),
    "notifications:remove_attachment": Route("/notifications/draft/{pk}/files/{attachment}/remove/", "draft"),
    "api-notification-list": Route("/api/v1/notifications/", bound=False),
    "api-notification-detail": Route("/api/v1/notifications/{pk}/", "draft"),
    "api-notification-submit": Route("/api/v1/notifications/{pk}/submit/", "draft"),
    "api-notification-follow": Route("/api/v1/notifications/{pk}/follow/", "submitted"),
    "api-notification-attachments": Route("/api/v1/notifications/{pk}/attachments/", "submitted"),
    "api-notification-withdraw": Route("/api/v1/notifications/{pk}/withdraw/", "submitted"),
    "api-notification-more-time": Route("/api/v1/notifications/{pk}/more-time/", "awaiting_report"),
    "api-notification-answer": Route(
        "/api/v1/notifications/{pk}/questions/{request}/answer/", "further_information"
    ),
}
FOR_EVERYBODY: Final = {"api-criteria-check"}
POST_ONLY: Final[dict[str, dict[str, str]]] = {
    "api-notification-submit": {},
    "api-notification-answer": {"answer": "The protocol was changed."},
    "api-notification-more-time": {"reason": "Illness.", "asked_until": "2026-09-01"},
    "api-notification-withdraw": {"reason": "No exposure."},
}
"""What is sent to each, besides the version."""
PAGES: Final = sorted(name for name in ROUTES if name.startswith("notifications:"))
API: Final = sorted(set(ROUTES) - set(PAGES))
EVERY: Final = sorted(ROUTES)
FOR_READERS: Final = "notifications:receipt"
"""What staff who read cases may open, too."""
FOR_LEADS: Final = "notifications:sign-off-rule"
BOUND: Final = sorted(name for name, route in ROUTES.items() if route.bound)


def named(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry.url_patterns, prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def ask(client: Client, name: str, cast: Cast) -> Any:
    route = ROUTES[name]
    words: dict[str, Any] = {}
    if route.bound:
        case = notification_in(route.state, cast=cast).case
        request = InformationRequest.objects.filter(case=case).first()
        words = {"pk": case.pk, "reference": case.reference, "request": request.pk if request else 0}
        words["attachment"] = a_clean_file(case, cast) if "{attachment}" in route.path else 0
        words["action"] = an_action(case.pk, cast) if "{action}" in route.path else 0
        words["sign_off"] = asked_about(case.pk, cast) if name == "notifications:sign-off-cancel" else 0
    words["employer"] = cast.employer.key
    path = route.path.format(**words)
    if name not in POST_ONLY:
        return client.get(path)
    version = Case.objects.values_list("version", flat=True).get(pk=words["pk"])
    return client.post(path, {"version": version, **POST_ONLY[name]}, content_type=JSON)


def a_clean_file(case: Case, cast: Cast) -> int:
    kept = attach(case=case, upload=SimpleUploadedFile("a.txt", b"x"), by=cast.reporter)
    scan_pending()
    return kept.pk


def an_action(pk: int, cast: Cast) -> int:
    notification = queries.whole().get(pk=pk)
    made = services.add_action(
        notification=notification, by=cast.reporter, version=notification.case.version, action=ACTION
    )
    return made.pk


def asked_about(pk: int, cast: Cast) -> int:
    draft = queries.draft(pk, cast.reporter)
    asked = services.ask_for_sign_off(
        notification=draft, by=cast.reporter, role="mpe", email="mpe@example.invalid"
    )
    return asked.pk


def test_every_route_stands_in_the_table() -> None:
    found = {*named(urls.urlpatterns, "notifications:"), *named(api_urls.urlpatterns)}
    assert found == {*ROUTES, *FOR_EVERYBODY}
    resolver = get_resolver()
    known = {str(key) for key in resolver.reverse_dict} | set(resolver.namespace_dict)
    assert {"notifications", *API} <= known


def test_a_visitor_is_sent_to_sign_in_and_back() -> None:
    cast = Cast()
    for name in PAGES:
        answer = ask(browser(), name, cast)
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/account/login/?next=/notifications/"), name


def test_a_program_without_a_key_is_refused() -> None:
    cast = Cast()
    for name in API:
        answer = ask(browser(), name, cast)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), name


def statuses(client: Client, cast: Cast, names: list[str]) -> dict[str, int]:
    return {name: ask(client, name, cast).status_code for name in names}


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_another_employers_case_does_not_exist(role: Role) -> None:
    stranger = browser(member(EmployerFactory.create(), role))
    expected = dict.fromkeys(BOUND, 404)
    if role != Role.EMPLOYER_LEAD:
        expected[FOR_LEADS] = 403
    assert statuses(stranger, Cast(), BOUND) == expected


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_staff_use_the_desk_not_the_employers_pages(role: Role) -> None:
    cast = Cast()
    expected = dict.fromkeys(EVERY, 403)
    if role in roles_with("casework.read"):
        expected[FOR_READERS] = 200
    assert statuses(browser(person(role, cast.employer)), cast, EVERY) == expected


def test_who_acts_for_no_employer_gets_nowhere() -> None:
    assert statuses(browser(UserFactory.create()), Cast(), EVERY) == dict.fromkeys(EVERY, 403)


@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_the_employers_own_people_get_in(role: Role) -> None:
    cast = Cast()
    expected = dict.fromkeys(EVERY, 200)
    if role != Role.EMPLOYER_LEAD:
        expected[FOR_LEADS] = 403
    assert statuses(browser(person(role, cast.employer)), cast, EVERY) == expected


def test_whose_membership_has_ended_gets_nowhere() -> None:
    cast = Cast()
    former = member(cast.employer)
    former.memberships.update(ended_at=former.memberships.get().since)
    assert statuses(browser(former), cast, EVERY) == dict.fromkeys(EVERY, 403)


def _foreign_posts(cast: Cast) -> dict[str, str]:
    draft, sent = (
        notification_in("draft", cast=cast).pk,
        notification_in("submitted", cast=cast).case.reference,
    )
    return {
        "save": f"/notifications/draft/{draft}/people/",
        "submit": f"/notifications/draft/{draft}/check/",
        "discard": f"/notifications/draft/{draft}/discard/",
        "withdraw": f"/notifications/{sent}/withdraw/",
        "report": f"/notifications/{sent}/report/check/",
        "report_section": f"/notifications/{sent}/report/doses/",
        "action": f"/notifications/{sent}/actions/new/",
        "more_time": f"/notifications/{sent}/more-time/",
        "amend": f"/notifications/{sent}/amend/",
        "amend_section": f"/notifications/{sent}/amend/people/",
        "amend_drop": f"/notifications/{sent}/amend/drop/",
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [(lambda: member(EmployerFactory.create()), 404), (lambda: person(Role.INSPECTOR, Cast().employer), 403)],
    ids=["stranger", "staff"],
)
def test_nobody_else_writes(who: Callable[[], Any], status: int) -> None:
    client = browser(who())
    for path in _foreign_posts(Cast()).values():
        assert client.post(path, {"version": "1", "declaration": "true", "reason": "x"}).status_code == status


def test_the_page_of_a_strangers_case_says_nothing_about_it() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    stranger = browser(member(EmployerFactory.create()))
    there = text(stranger.get(f"/notifications/{sent.case.reference}/"))
    nowhere = text(stranger.get("/notifications/IRN-2026-99999-X/"))
    assert there == nowhere
