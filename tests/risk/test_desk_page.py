"""The latest run on the desk: who sees it, in which order, in which words, and in how many queries."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.risk.models import RiskRun, RiskScore
from tests.factories import EmployerFactory, person

PAGE = "/desk/risk/riskscore/"

pytestmark = pytest.mark.django_db


def finished_run(as_of: date = date(2024, 3, 31)) -> RiskRun:
    return RiskRun.objects.create(
        as_of=as_of,
        window_start=date(2021, 4, 1),
        window_end=as_of,
        state=RiskRun.State.DONE,
        model_version="1.0.0",
        parameters_hash="p" * 64,
        snapshot_hash="s" * 64,
        finished_at=datetime(2024, 4, 1, tzinfo=UTC),
    )


def scored(run: RiskRun, name: str, p_below: str | None) -> None:
    measures = dict.fromkeys(
        ("expected", "posterior_mean", "low", "high"), None if p_below is None else Decimal("0.5")
    )
    RiskScore.objects.create(
        run=run,
        employer=EmployerFactory.create(name=name),
        modality="radiotherapy",
        peer_group="radiotherapy/nhs",
        has_activity=p_below is not None,
        covered_days=0 if p_below is None else 366,
        observed=2,
        p_below_half=None if p_below is None else Decimal(p_below),
        **measures,
    )


@pytest.fixture
def client_of() -> Callable[[Role], Client]:
    def signed_in(role: Role) -> Client:
        client = Client()
        client.force_login(person(role, EmployerFactory.create()))
        return client

    return signed_in


def test_the_strongest_reason_comes_first_and_the_unknown_last(client_of: Callable[[Role], Client]) -> None:
    scored(finished_run(date(2023, 3, 31)), "Of an older run", "0.999")
    run = finished_run()
    scored(run, "Middling Trust", "0.4")
    scored(run, "Silent Trust", "0.93")
    scored(run, "Unknown Trust", None)
    page = client_of(Role.INSPECTOR).get(PAGE).content.decode()
    places = [page.index(name) for name in ("Silent Trust", "Middling Trust", "Unknown Trust")]
    assert places == sorted(places)
    assert "Of an older run" not in page
    assert "Cannot tell: no activity return covers the window" in page
    assert "366 of 1,096 days" in page
    assert "Nobody could be scored" not in page


def test_a_run_without_any_score_says_why(client_of: Callable[[Role], Client]) -> None:
    scored(finished_run(), "Unknown Trust", None)
    page = client_of(Role.INSPECTOR).get(PAGE).content.decode()
    assert "Nobody could be scored" in page
    assert "no activity return covers any day of that window" in page


def test_the_page_speaks_of_reasons_to_look_and_of_what_is_not_shown(
    client_of: Callable[[Role], Client],
) -> None:
    scored(finished_run(), "Silent Trust", "0.93")
    page = client_of(Role.ANALYST).get(PAGE).content.decode()
    assert "Reasons to look" in page
    assert "not yet shown" in page
    assert "unsafe" not in page.lower()


def test_before_the_first_run_the_page_says_so(client_of: Callable[[Role], Client]) -> None:
    assert "No run has finished yet" in client_of(Role.AUDITOR).get(PAGE).content.decode()


@pytest.mark.parametrize("role", Role)
def test_those_who_may_read_risk_see_it_and_nobody_changes_it(
    role: Role, client_of: Callable[[Role], Client]
) -> None:
    scored(finished_run(), "Silent Trust", "0.93")
    client = client_of(role)
    may_read = role in STAFF_ROLES and role != Role.ADMINISTRATOR
    assert (client.get(PAGE).status_code == 200) == may_read
    assert client.get(f"{PAGE}add/").status_code != 200
    assert client.post(f"{PAGE}{RiskScore.objects.get().pk}/change/", {"observed": 0}).status_code != 302
    assert RiskScore.objects.get().observed == 2


@pytest.mark.parametrize("size", [3, 40])
def test_the_page_takes_at_most_eight_queries_at_any_size(
    size: int, client_of: Callable[[Role], Client]
) -> None:
    run = finished_run()
    for number in range(size):
        scored(run, f"Employer {number}", "0.5")
    client = client_of(Role.INSPECTOR)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(PAGE).status_code == 200
    assert len(queries) <= 8
