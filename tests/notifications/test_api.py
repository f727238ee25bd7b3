"""The notifications API: who gets in, what it writes, and how it refuses nonsense."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from notifications.models import Notification
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.organisations.models import ApiKey, Membership
from regulator.organisations.services import create_api_key, revoke_api_key
from tests.factories import Cast, EmployerFactory, SiteFactory, member, notification_in, person

pytestmark = pytest.mark.usefixtures("reference")

LIST = "/api/v1/notifications/"
DRAFT: dict[str, Any] = {
    "modality": "diagnostic_imaging",
    "sub_modality": "ct",
    "occurred_on": "2026-02-25",
    "discovered_on": "2026-02-26",
    "criterion_code": "1",
    "event_kind": "accidental",
    "exposed_group": "adult",
    "number_exposed": 1,
    "procedure": "Chest",
    "narrative": "The operator exposed a patient who had no referral.",
    "immediate_actions": "The exposure was stopped.",
    "individual_told": True,
    "contact_role": "Radiation protection supervisor",
    "complementary_codes": ["equipment"],
    "duty_holders_involved": ["operator"],
    "reporter_cause": "di-referrer-wrong-patient",
    "imaging": {"actual_effective_dose_msv": "7.5"},
}


def signed_in(user: User | None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


def url(notification: Notification, then: str = "") -> str:
    return f"{LIST}{notification.pk}/{then}"


def test_a_system_drafts_changes_and_submits_a_notification() -> None:
    cast = Cast()
    site = SiteFactory.create(employer=cast.employer)
    client = signed_in(cast.reporter)
    made = client.post(LIST, {"modality": "radiotherapy", "site": site.key}, format="json")
    assert (made.status_code, made.data["status"], made.data["reference"]) == (201, "draft", None)
    one = f"{LIST}{made.data['id']}/"
    changed = client.patch(one, {**DRAFT, "version": made.data["version"]}, format="json")
    assert (changed.status_code, changed.data["site"]) == (200, site.key)
    assert changed.data["imaging"]["actual_effective_dose_msv"] == "7.500000"
    sent = client.post(f"{one}submit/", {"version": changed.data["version"]}, format="json")
    assert (sent.status_code, sent.data["status"]) == (200, "submitted")
    assert sent.data["reference"].startswith("IRN-2026-")
    clocks = {clock["kind"]: (clock["due_on"], clock["met_on"]) for clock in sent.data["deadlines"]}
    assert clocks == {"notify": ("2026-03-12", "2026-03-02"), "report": ("2026-05-21", None)}
    assert client.get(LIST).data["results"] == [sent.data]


REQUESTS: list[tuple[str, Callable[[APIClient, Notification], Any]]] = [
    ("list", lambda client, draft: client.get(LIST)),
    ("create", lambda client, draft: client.post(LIST, DRAFT, format="json")),
    ("retrieve", lambda client, draft: client.get(url(draft))),
    (
        "change",
        lambda client, draft: client.patch(url(draft), {"version": 1, "anatomy": "Chest"}, format="json"),
    ),
    ("submit", lambda client, draft: client.post(url(draft, "submit/"), {"version": 1}, format="json")),
]


@pytest.mark.parametrize(("name", "ask"), REQUESTS, ids=[name for name, _ in REQUESTS])
@pytest.mark.parametrize("role", [None, *Role])
def test_only_an_employers_people_get_in(
    role: Role | None, name: str, ask: Callable[[APIClient, Notification], Any]
) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    answer = ask(signed_in(person(role, cast.employer) if role else None), draft)
    if role in {Role.EMPLOYER_REPORTER, Role.EMPLOYER_LEAD}:
        assert answer.status_code in {200, 201}
    else:
        assert answer.status_code == (403 if role else 401)
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("name", "ask"), REQUESTS, ids=[name for name, _ in REQUESTS])
def test_another_employers_notification_does_not_exist(
    name: str, ask: Callable[[APIClient, Notification], Any]
) -> None:
    draft = notification_in("draft")
    answer = ask(signed_in(member(EmployerFactory.create())), draft)
    if name == "list":
        assert (answer.status_code, answer.data["results"]) == (200, [])
    elif name == "create":
        assert answer.status_code == 201
    else:
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"discovered_on": "tomorrow"}, "discovered_on"),
        ({"discovered_on": "2099-01-01"}, "discovered_on"),
        ({"discovered_on": ["2026-01-01"]}, "discovered_on"),
        ({"number_exposed": "many"}, "number_exposed"),
        ({"number_exposed": -1}, "number_exposed"),
        ({"number_exposed": 10**30}, "number_exposed"),
        ({"modality": "magic"}, "modality"),
        ({"modality": None}, "modality"),
        ({"basis": ""}, "basis"),
        ({"narrative": {"a": 1}}, "narrative"),
        ({"narrative": "a\x00b"}, "narrative"),
        ({"procedure": "x" * 201}, "procedure"),
        ({"individual_told": "perhaps"}, "individual_told"),
        ({"complementary_codes": "equipment"}, "complementary_codes"),
        ({"complementary_codes": ["nonsense"]}, "complementary_codes"),
        ({"duty_holders_involved": [None]}, "duty_holders_involved.0"),
        ({"duty_holders_involved": ["operator", "operator"]}, "duty_holders_involved"),
        ({"reporter_cause": "no-such-cause"}, "reporter_cause"),
        ({"reporter_cause": 7}, "reporter_cause"),
        ({"site": "elsewhere"}, "site"),
        ({"imaging": []}, "imaging.non_field_errors"),
        ({"imaging": {"actual_effective_dose_msv": "NaN"}}, "imaging.actual_effective_dose_msv"),
        ({"imaging": {"actual_effective_dose_msv": "-1"}}, "imaging.actual_effective_dose_msv"),
        ({"imaging": {"actual_effective_dose_msv": "1e400"}}, "imaging.actual_effective_dose_msv"),
        ({"imaging": {"colour": "blue"}}, "imaging.colour"),
        ({"radiotherapy": {"fractions_prescribed": 99999}}, "radiotherapy.fractions_prescribed"),
        ({"employer": "somebody-else"}, "employer"),
        ({"employer": 7}, "employer"),
        ({"patient_name": "nobody"}, "patient_name"),
        ({"status": "closed"}, "status"),
        ([], "non_field_errors"),
        ("text", "non_field_errors"),
    ],
)
def test_nonsense_is_refused_with_the_field_named(payload: Any, field: str) -> None:
    answer = signed_in(Cast().reporter).post(LIST, payload, format="json")
    assert answer.status_code == 400
    assert set(answer.data["errors"]) == {field}
    assert all(answer.data["errors"][field])
    assert not Notification.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"", b'{"version": NaN}'])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    draft_of = Cast()
    draft = notification_in("draft", cast=draft_of)
    client = Client()
    client.force_login(draft_of.reporter)
    answer = client.post(url(draft, "submit/"), body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", ["0/", "999999999999999999/", "abc/", "-1/", "99999999999999999999/"])
def test_a_number_that_is_nobodys_is_not_found(path: str) -> None:
    assert signed_in(Cast().reporter).get(LIST + path).status_code == 404


def test_a_stale_version_is_a_conflict_and_names_the_current_one() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    answer = signed_in(cast.reporter).patch(url(draft), {"version": 9, "anatomy": "Chest"}, format="json")
    assert (answer.status_code, answer.data["version"]) == (409, 1)


def test_changes_without_a_version_are_refused() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    answer = signed_in(cast.reporter).patch(url(draft), {"anatomy": "Chest"}, format="json")
    assert (answer.status_code, set(answer.data["errors"])) == (400, {"version"})


def test_submitting_an_incomplete_draft_names_every_field_and_twice_is_a_conflict() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, imaging=None, narrative="")
    client = signed_in(cast.reporter)
    answer = client.post(url(draft, "submit/"), {"version": 1}, format="json")
    assert (answer.status_code, set(answer.data["errors"])) == (
        400,
        {"narrative", "imaging.actual_effective_dose_msv"},
    )
    sent = notification_in("submitted", cast=cast)
    assert client.post(url(sent, "submit/"), {"version": 2}, format="json").status_code == 409


def test_who_acts_for_several_employers_says_for_which() -> None:
    cast = Cast()
    other = EmployerFactory.create()
    Membership.objects.create(user=cast.reporter, employer=other, role=Role.EMPLOYER_REPORTER)
    client = signed_in(cast.reporter)
    assert client.post(LIST, DRAFT, format="json").status_code == 400
    made = client.post(LIST, {**DRAFT, "employer": other.key}, format="json")
    assert (made.status_code, made.data["employer"]) == (201, other.key)


def test_the_list_takes_as_many_queries_for_one_as_for_many(django_assert_num_queries: Any) -> None:
    cast = Cast()
    for _ in range(4):
        notification_in("submitted", cast=cast)
    with django_assert_num_queries(3):
        assert len(signed_in(cast.reporter).get(LIST).data["results"]) == 4


def test_a_session_needs_the_csrf_token_to_write() -> None:
    cast = Cast()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.reporter)
    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {}, content_type="application/json").status_code == 403


class TestKeys:
    """Signing in with an API key."""

    def key(self, cast: Cast, scope: ApiKey.Scope) -> tuple[ApiKey, APIClient]:
        membership = Membership.objects.get(user=cast.reporter, employer=cast.employer)
        made, secret = create_api_key(
            membership=membership, label="Incident system", scope=scope, by=Scheduled("test")
        )
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return made, client

    def test_a_key_acts_for_its_employer_alone(self) -> None:
        cast = Cast()
        other = EmployerFactory.create()
        Membership.objects.create(user=cast.reporter, employer=other, role=Role.EMPLOYER_LEAD)
        foreign = notification_in("draft", cast=Cast(other))
        _, client = self.key(cast, ApiKey.Scope.WRITE)
        made = client.post(LIST, DRAFT, format="json")
        assert (made.status_code, made.data["employer"]) == (201, cast.employer.key)
        assert client.get(url(foreign)).status_code == 404
        assert len(client.get(LIST).data["results"]) == 1

    def test_a_reading_key_reads_only(self) -> None:
        _, client = self.key(Cast(), ApiKey.Scope.READ)
        assert client.get(LIST).status_code == 200
        assert client.post(LIST, DRAFT, format="json").status_code == 403

    def test_a_key_dies_with_its_revocation_its_membership_and_its_person(self) -> None:
        cast = Cast()
        made, client = self.key(cast, ApiKey.Scope.READ)
        revoke_api_key(key=made, by=Scheduled("test"))
        assert client.get(LIST).status_code == 401
        _, client = self.key(cast, ApiKey.Scope.READ)
        User.objects.filter(pk=cast.reporter.pk).update(is_active=False)
        assert client.get(LIST).status_code == 401
        User.objects.filter(pk=cast.reporter.pk).update(is_active=True)
        assert client.get(LIST).status_code == 200
        Membership.objects.update(ended_at=made.created_at)
        assert client.get(LIST).status_code == 401

    @pytest.mark.parametrize("header", ["Bearer", "Bearer nonsense", "Bearer a b", "bearer \xe9"])
    def test_a_malformed_key_is_refused(self, header: str) -> None:
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=header)
        answer = client.get(LIST)
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
