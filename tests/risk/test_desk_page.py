"""Reasons to look on the desk: who sees what, in which order and words, and in how many queries."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.organisations.models import Employer
from regulator.risk import services
from regulator.risk.indicators import RULES, Rule
from regulator.risk.models import RiskOverride, RiskRun, RiskScore
from regulator.risk.queries import latest_scores
from tests.factories import EmployerFactory, person, staff
from tests.risk.conftest import Counted

PAGE = "/desk/risk/riskscore/"
AS_OF = date(2024, 3, 31)
NIGHT = Scheduled("risk.nightly_run")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2024, 3, 31, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def run(england: list[Employer]) -> RiskRun:
    return services.run_risk(as_of=AS_OF, by=NIGHT)


@pytest.fixture
def client_of() -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(person(role, EmployerFactory.create()))
        return client

    return signed_in


def read(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def places(page: str, *names: str) -> list[int]:
    return [page.index(f">{name}</a>") for name in names]


def test_the_strongest_reason_comes_first(run: RiskRun, client_of: Callable[[Role], Client]) -> None:
    page = read(client_of(Role.INSPECTOR))
    found = places(page, "Employer 9", *(f"Employer {number}" for number in range(9)))
    assert found[0] == min(found)
    assert "of the first 40 would be" in " ".join(page.split())


def test_a_rule_and_a_confirmed_override_bring_forward_and_put_back(
    run: RiskRun,
    england: list[Employer],
    client_of: Callable[[Role], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = Rule("Rule: somebody inside told us ({number}).", lambda asked: [(england[3].pk, 1)])
    monkeypatch.setitem(RULES._items, "whistle_blower", rule)
    services.run_risk(as_of=AS_OF, by=NIGHT)
    decide = {5: "sooner", 9: "later"}
    for number, direction in decide.items():
        made = services.propose(
            score=latest_scores().get(employer=england[number]),
            direction=direction,
            until=date(2024, 9, 1),
            reason="It was seen this week.",
            by=staff(Role.INSPECTOR),
        )
        services.confirm(override=made, by=staff(Role.INSPECTOR), version=1)
    page = read(client_of(Role.INSPECTOR))
    found = places(page, "Employer 3", "Employer 5", "Employer 1", "Employer 9")
    assert max(found[:2]) < found[2] < found[3]
    assert "Look now: rule" in page
    assert "Look now: override" in page
    assert "Put back by an override" in page
    score = latest_scores().get(employer=england[3])
    assert "Rule: somebody inside told us (1)." in read(
        client_of(Role.INSPECTOR), f"{PAGE}{score.pk}/change/"
    )


def test_a_run_in_which_nobody_had_activity_says_why(
    england: list[Employer], client_of: Callable[[Role], Client]
) -> None:
    with clock.at(datetime(2028, 3, 31, 12, tzinfo=UTC)):
        services.run_risk(as_of=date(2028, 3, 31), by=NIGHT)
    page = read(client_of(Role.INSPECTOR))
    assert "no activity return covers any day of that" in page
    assert "Cannot tell: no activity returned" in page


def test_the_pages_speak_of_reasons_to_look_with_no_band_and_nothing_claimed(
    run: RiskRun, client_of: Callable[[Role], Client]
) -> None:
    client = client_of(Role.ANALYST)
    score = latest_scores()[0]
    pages = [read(client), read(client, f"{PAGE}{score.pk}/change/"), read(client, f"{PAGE}record/")]
    words = " ".join(pages).lower()
    assert "reasons to look" in words
    assert "not yet shown" in pages[0].lower()
    assert "not yet shown" in pages[2].lower()
    for banned in ("unsafe", "dangerous", "band 1", "league", "red flag", "high risk"):
        assert banned not in words


def test_before_the_first_run_the_page_says_so(client_of: Callable[[Role], Client]) -> None:
    assert "No run has finished yet" in read(client_of(Role.AUDITOR))
    assert "No inspection has followed a run yet" in read(client_of(Role.AUDITOR), f"{PAGE}record/")


def test_the_page_of_a_score_says_why_from_what_and_of_which_revision(
    run: RiskRun, england: list[Employer], counted: Counted, client_of: Callable[[Role], Client]
) -> None:
    score = latest_scores()[0]
    page = read(client_of(Role.INSPECTOR), f"{PAGE}{score.pk}/change/")
    assert "0 incidents where 4.5 would be expected" in page
    assert "One more minor incident reported in the latest quarter would bring" in page
    assert score.snapshot_hash[:12] in page
    assert "<td>NHS radiotherapy</td>" in page
    assert "Nothing to weigh" in page
    counted[england[9].pk, "radiotherapy"] = 4
    services.following.rescore_one(run, england[9].pk)
    old = read(client_of(Role.INSPECTOR), f"{PAGE}{score.pk}/change/")
    assert "scored again since" in old
    assert "override/" not in old


@pytest.mark.parametrize("role", Role)
def test_those_who_may_read_risk_see_it_and_nobody_changes_it(
    role: Role, run: RiskRun, client_of: Callable[[Role], Client]
) -> None:
    client, score = client_of(role), latest_scores()[0]
    may_read = role in STAFF_ROLES and role != Role.ADMINISTRATOR
    for address in (PAGE, f"{PAGE}record/", f"{PAGE}{score.pk}/change/"):
        assert (client.get(address).status_code == 200) == may_read
    for address in (f"{PAGE}add/", f"{PAGE}{score.pk}/delete/", f"{PAGE}999999/change/"):
        assert client.get(address).status_code != 200
    assert client.post(f"{PAGE}{score.pk}/change/", {"observed": 0}).status_code in (302, 403, 405)
    assert RiskScore.objects.get(pk=score.pk).p_any == score.p_any


def test_an_override_goes_through_its_pages(run: RiskRun, client_of: Callable[[Role], Client]) -> None:
    one, other, score = client_of(Role.INSPECTOR), client_of(Role.ENFORCEMENT_MANAGER), latest_scores()[0]
    address = f"{PAGE}{score.pk}/override/"
    said = {
        "direction": "sooner",
        "until_0": "1",
        "until_1": "9",
        "until_2": "2024",
        "reason": "A new unit opens.",
    }
    day = {"until": "2024-09-01", "until_day": "1", "until_month": "9", "until_year": "2024"}
    assert "Propose" in read(one, address)
    refused = one.post(address, said | day | {"reason": "Mr Patel said so."})
    assert refused.status_code == 400
    assert "without a name" in refused.content.decode()
    assert one.post(address, said | day).status_code == 302
    made = RiskOverride.objects.get()
    decide = f"{PAGE}overrides/{made.pk}/do/"
    shown = read(one, f"{PAGE}{score.pk}/change/")
    assert "Withdraw" in shown
    assert "do/confirm/" not in shown
    assert one.post(f"{decide}confirm/", {"version": 1}).status_code == 409
    assert one.get(f"{decide}nonsense/").status_code == 404
    assert other.post(f"{decide}refuse/", {"version": 1, "reason": ""}).status_code == 400
    assert other.post(f"{decide}confirm/", {"version": 1}).status_code == 302
    assert "Confirmed" in read(other, f"{PAGE}{score.pk}/change/")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.CASE_OFFICER, Role.AUDITOR, Role.EMPLOYER_LEAD])
def test_who_may_not_override_has_no_page_for_it(
    role: Role, run: RiskRun, client_of: Callable[[Role], Client]
) -> None:
    score = latest_scores()[0]
    client = client_of(role)
    assert client.post(f"{PAGE}{score.pk}/override/", {"direction": "sooner"}).status_code in (302, 403)
    assert not RiskOverride.objects.exists()


@pytest.mark.parametrize("more", [0, 40])
def test_the_pages_take_the_same_queries_at_any_size(
    more: int, england: list[Employer], client_of: Callable[[Role], Client]
) -> None:
    for number in range(more):
        Employer.objects.create(key=f"m{number}", name=f"More {number}", type="nhs_acute")
    services.run_risk(as_of=AS_OF, by=NIGHT)
    client, score = client_of(Role.INSPECTOR), latest_scores()[0]
    for address, most in ((PAGE, 14), (f"{PAGE}{score.pk}/change/", 10), (f"{PAGE}record/", 10)):
        with CaptureQueriesContext(connection) as queries:
            read(client, address)
        assert len(queries) <= most, address
