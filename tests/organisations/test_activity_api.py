"""Activity over the API: a key acts for its employer in its person's role; the same rules as on the pages."""

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.organisations.models import ActivityReturn, ApiKey, Completeness, Membership, Modality
from regulator.organisations.returns import years_open
from regulator.organisations.services import create_api_key
from regulator.problems import CONTENT_TYPE
from tests.factories import EmployerFactory, member, person
from tests.organisations.returning import EARLIER, LAST, Returning, data_set, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_may")]
LIST = "/api/v1/activity/"
ONE = "/api/v1/activity/2025-26/radiotherapy/"
SOUND: dict[str, Any] = {"quantity": 1200, "completeness": "complete"}


@pytest.fixture
def house(in_may: time_machine.Traveller) -> Returning:
    return Returning()


def signed_in(user: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


def system(user: User, house: Returning, scope: ApiKey.Scope = ApiKey.Scope.WRITE) -> APIClient:
    """A program with a key of ``user``'s for the house's employer."""
    membership = user.memberships.get(employer=house.employer)
    _, secret = create_api_key(membership=membership, label="Lab", scope=scope, by=house.lead)
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return client


def put(client: APIClient, address: str = ONE, **changes: Any) -> Any:
    return client.put(address, SOUND | changes, format="json")


def test_a_leads_system_files_corrects_and_reads(house: Returning) -> None:
    client = system(house.lead, house)
    made = put(client)
    assert made.status_code == 201
    assert made.json() == {
        "year": "2025/26",
        "modality": "radiotherapy",
        "quantity": 1200,
        "unit": "episodes",
        "completeness": "complete",
        "source": "Employer’s return",
        "own": True,
        "period_start": "2025-04-01",
        "period_end": "2026-03-31",
        "counted_days": 365,
        "version": 1,
        "recorded_at": "2026-05-12T13:00:00+01:00",
    }
    changed = put(client, quantity=1300, version=1)
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert client.get(ONE).json() == changed.json()
    assert client.get(LIST).json() == [changed.json()]
    assert [event.actor for event in Event.objects.filter(type__contains=".activity_")] == [house.lead] * 2


def test_the_same_put_again_changes_nothing_and_answers_alike(house: Returning) -> None:
    client = system(house.lead, house)
    put(client)
    first = put(client, quantity=1300, version=1)
    again = put(client, quantity=1300, version=1)
    assert (again.status_code, again.json()) == (200, first.json())
    assert house.numbers() == {("2025", "radiotherapy"): (1300, "complete", 2)}
    assert Event.objects.filter(type__contains=".activity_").count() == 2


def test_the_list_says_whose_numbers_count(house: Returning) -> None:
    house.file(said(completeness=Completeness.ESTIMATED), said(1000, year=EARLIER))
    data_set(house.employer, 1100)
    data_set(house.employer, 50, period_end=LAST.start, source="One day")
    data_set(EmployerFactory.create(), 7)
    told = system(house.reporter, house, ApiKey.Scope.READ).get(LIST).json()
    assert [(row["year"], row["source"], row["counted_days"]) for row in told] == [
        ("2025/26", "National data set", 364),
        ("2025/26", "Employer’s return", 0),
        (None, "One day", 1),
        ("2024/25", "Employer’s return", 365),
    ]


@pytest.mark.parametrize("role", [None, *Role])
def test_the_employers_people_read_and_its_lead_writes(house: Returning, role: Role | None) -> None:
    house.file(said())
    user = person(role, house.employer) if role else None
    client = signed_in(user) if user else APIClient()
    read = {Role.EMPLOYER_LEAD: 200, Role.EMPLOYER_REPORTER: 200, None: 401}.get(role, 403)
    write = {Role.EMPLOYER_LEAD: 200, None: 401}.get(role, 403)
    assert [client.get(LIST).status_code, client.get(ONE).status_code] == [read, read]
    refused = put(client, quantity=1300, version=1)
    assert refused.status_code == write
    if write != 200:
        assert refused["Content-Type"] == CONTENT_TYPE
        assert house.numbers()["2025", "radiotherapy"][0] == 1200


def test_a_key_that_may_only_read_and_a_key_of_a_reporter_write_nothing(house: Returning) -> None:
    assert put(system(house.lead, house, ApiKey.Scope.READ)).status_code == 403
    assert put(system(house.reporter, house)).status_code == 403
    client = system(house.lead, house)
    member(house.employer, Role.EMPLOYER_LEAD)
    house.lead.memberships.update(role=Role.EMPLOYER_REPORTER)
    assert put(client).status_code == 403
    assert not ActivityReturn.objects.exists()


def test_another_employer_is_not_found_and_a_key_knows_its_own_alone(house: Returning) -> None:
    other = Returning()
    other.file(said(7))
    Membership.objects.create(user=house.lead, employer=other.employer, role=Role.EMPLOYER_LEAD)
    key = system(house.lead, house)
    for address in (LIST, ONE):
        named = f"{address}?employer={other.employer.key}"
        assert key.get(named).status_code == 404
        assert signed_in(house.reporter).get(named).status_code == 404
    assert put(key, f"{ONE}?employer={other.employer.key}").status_code == 404
    assert put(key).status_code == 201
    assert other.numbers() == {("2025", "radiotherapy"): (7, "complete", 1)}


def test_whoever_acts_for_several_employers_names_one(house: Returning) -> None:
    other = Returning()
    Membership.objects.create(user=house.lead, employer=other.employer, role=Role.EMPLOYER_REPORTER)
    client = signed_in(house.lead)
    for answer in (client.get(LIST), put(client)):
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["employer"])
    assert put(client, f"{ONE}?employer={house.employer.key}").status_code == 201
    assert put(client, f"{ONE}?employer={other.employer.key}").status_code == 403
    assert client.get(f"{LIST}?employer={other.employer.key}").json() == []
    for nonsense in ("", "%00", "x" * 500, "nobody"):
        assert client.get(f"{LIST}?employer={nonsense}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": -1}, "quantity"),
        ({"quantity": 10**12}, "quantity"),
        ({"quantity": 10**400}, "quantity"),
        ({"quantity": "many"}, "quantity"),
        ({"quantity": "=1+1"}, "quantity"),
        ({"quantity": 1.5}, "quantity"),
        ({"quantity": None}, "quantity"),
        ({"quantity": [1]}, "quantity"),
        ({"completeness": "full"}, "completeness"),
        ({"completeness": None}, "completeness"),
        ({"version": -1}, "version"),
        ({"version": "x"}, "version"),
        ({"confirmed": "perhaps"}, "confirmed"),
        ({"unit": "episodes"}, "unit"),
        ({"source": "National data set"}, "source"),
        ({"year": "2024/25"}, "year"),
    ],
)
def test_nonsense_is_refused_by_its_field(house: Returning, changes: dict[str, Any], field: str) -> None:
    answer = put(system(house.lead, house), **changes)
    assert (answer.status_code, answer["Content-Type"]) == (400, CONTENT_TYPE)
    assert list(answer.json()["errors"]) == [field]
    assert not ActivityReturn.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"7", b'"x"', b"{", b"\xff", b'{"quantity": NaN}'])
def test_a_body_that_is_no_object_is_refused(house: Returning, body: bytes) -> None:
    answer = system(house.lead, house).put(ONE, body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, CONTENT_TYPE)


@pytest.mark.parametrize(
    ("year", "modality", "status", "field"),
    [
        ("2025-27", "radiotherapy", 404, None),
        ("2025", "radiotherapy", 404, None),
        ("2025-26", "astrology", 404, None),
        ("2016-17", "radiotherapy", 400, "year"),
        ("2031-32", "radiotherapy", 400, "year"),
        ("2026-27", "radiotherapy", 400, "completeness"),
    ],
)
def test_a_year_or_modality_that_cannot_be_is_refused(
    house: Returning, year: str, modality: str, status: int, field: str | None
) -> None:
    client = system(house.lead, house)
    address = f"{LIST}{year}/{modality}/"
    answer = put(client, address)
    assert answer.status_code == status
    assert (field is None) or field in answer.json()["errors"]
    assert client.get(address).status_code == 404


def test_a_stale_version_is_answered_with_the_one_that_stands(house: Returning) -> None:
    house.file(said())
    house.file(said(1250, version=1))
    for version in (0, 1, 7):
        answer = put(system(house.lead, house), quantity=1300, version=version)
        assert (answer.status_code, answer.json()["version"]) == (409, 2)
        assert "Someone else changed this return" in answer.json()["detail"]


def test_an_improbable_number_is_asked_about_and_confirmed(house: Returning) -> None:
    house.file(said(1000, year=EARLIER))
    client = system(house.lead, house)
    asked = put(client, quantity=10_000)
    assert asked.status_code == 400
    assert asked.json()["errors"] == {"confirmed": ["You give 10,000. For 2024/25 it was 1,000."]}
    assert put(client, quantity=10_000, confirmed=True).status_code == 201


def test_a_browsers_session_writes_only_with_its_token(house: Returning) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.lead)
    answer = client.put(ONE, SOUND, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, CONTENT_TYPE)
    assert not ActivityReturn.objects.exists()


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_a_return_is_put_and_nothing_else(house: Returning, method: str) -> None:
    client = system(house.lead, house)
    assert getattr(client, method)(ONE, SOUND, format="json").status_code == 405
    assert client.put(LIST, SOUND, format="json").status_code == 405


JSON: Any = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)
@given(changes=st.dictionaries(st.sampled_from(["quantity", "completeness", "version", "confirmed"]), JSON))
def test_no_payload_breaks_it(house: Returning, changes: dict[str, Any]) -> None:
    assert put(signed_in(house.lead), **changes).status_code in (200, 201, 400, 409)


def test_every_refusal_is_documented_as_it_is_answered(client: Client) -> None:
    accept = {"accept": "application/vnd.oai.openapi+json"}
    document: Any = client.get("/api/schema/", headers=accept).json()
    paths = [each for where, each in document["paths"].items() if where.startswith(LIST)]
    shared = document["components"]["responses"]
    told = [
        (code, list((shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer)["content"]))
        for each in paths
        for operation in each.values()
        for code, answer in operation["responses"].items()
        if int(code) >= 400
    ]
    assert {code for code, _ in told} == {"400", "401", "403", "404", "406", "409", "413", "415", "429"}
    assert {kind for _, kinds in told for kind in kinds} == {CONTENT_TYPE}
    assert "Problem" in document["components"]["schemas"]


@pytest.mark.parametrize("address", [LIST, ONE])
def test_reading_takes_as_many_queries_at_any_size(house: Returning, address: str) -> None:
    house.file(said())
    client = system(house.lead, house)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    queries()
    few = queries()
    for year in years_open(LAST.end)[1:]:
        for modality in Modality.values:
            data_set(house.employer, 900, year=year, modality=modality)
    assert queries() == few <= 4
