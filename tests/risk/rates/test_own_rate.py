"""An employer's own rate: in words, with its peers unnamed, and nothing of any score."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator import clock
from regulator.accounts.roles import Role
from regulator.organisations.models import ActivityReturn, Employer
from regulator.risk.models import RiskScore, YearRate
from regulator.risk.queries import current_score
from regulator.risk.wording import figure
from tests.factories import EmployerFactory, SiteFactory, member, staff
from tests.risk.conftest import Counted
from tests.risk.rates.conftest import RADIOTHERAPY, YEAR, peers, ran, returned

pytestmark = pytest.mark.django_db


def lead_of(employer: Employer, role: Role = Role.EMPLOYER_LEAD) -> Client:
    client = Client()
    client.force_login(member(employer, role))
    return client


def read(employer: Employer, client: Client | None = None) -> str:
    answer = (client or lead_of(employer)).get(f"/employer/{employer.key}/rate/")
    assert answer.status_code == HTTPStatus.OK
    return " ".join(answer.content.decode().split())


def test_it_says_the_rate_and_where_nine_in_ten_lie(counted: Counted) -> None:
    one = peers(counted, 45, reports=(1, 2, 3, 4, 5))[2]
    ran()
    page = read(one)
    assert "Your rate was 3.0 per 1,000 treatment episodes." in page
    assert (
        "Nine in ten similar services (NHS radiotherapy, 44 besides yours) were between 1.0 and 5.0." in page
    )
    assert "It rests on 3 incidents and 1,000 treatment episodes." in page
    assert "anything between 0.62 and 8.8 (95% interval)" in page
    assert "A low rate is not a good mark" in page
    assert "Taken together, similar services notified 3.0 per 1,000 treatment episodes." in page
    assert "chance alone would put 95 of 100 between 0.57 and 7.4" in page
    assert page.count("<svg") == 2
    assert page.count("<circle") == 2  # the own point, on either chart


def test_few_peers_are_told_by_their_middle_half_alone(counted: Counted) -> None:
    one = peers(counted, 11)[0]
    ran()
    page = read(one)
    assert "The middle half of similar services" in page
    assert "Nine in ten similar" not in page


def test_a_band_that_would_give_somebody_away_is_withheld(counted: Counted) -> None:
    made = peers(counted, 10, reports=(2, 7))
    ran()
    page = read(made[0])
    assert "Too few similar services returned their activity" in page
    assert "portal-rate__band" not in page
    assert "portal-funnel" not in page
    assert "Taken together" not in page
    assert "7.0" not in page


def test_no_other_employer_is_named(counted: Counted) -> None:
    made = peers(counted, 12)
    ran()
    page = read(made[0])
    for other in made[1:]:
        assert other.name not in page
        assert other.key not in page.replace(made[0].key, "")


def test_missing_activity_says_what_to_file_and_leads_there(counted: Counted) -> None:
    peers(counted, 12)
    silent = EmployerFactory.create()
    SiteFactory.create(employer=silent, modalities=[RADIOTHERAPY])
    counted[silent.pk, RADIOTHERAPY] = 1
    ran()
    page = read(silent)
    assert "You notified 1 incident of radiotherapy discovered in 2023/24. No rate can be told." in page
    address = reverse("organisations:activity_year", args=[silent.key, "2023-24"])
    assert f'href="{address}"' in page
    assert "<svg" not in page
    as_reporter = read(silent, lead_of(silent, Role.EMPLOYER_REPORTER))
    assert address not in as_reporter
    assert "Your lead can file the return" in as_reporter
    returned(silent, 900)
    assert "It counts from the next night on" in read(silent)


def test_none_carried_out_is_not_missing(counted: Counted) -> None:
    peers(counted, 3)
    none = EmployerFactory.create()
    returned(none, 0)
    ran()
    page = read(none)
    assert "none was carried out" in page
    assert "File the activity return for 2023/24" not in page


def test_a_return_for_part_of_the_year_says_so(counted: Counted) -> None:
    one = peers(counted, 12)[0]
    one.activity_returns.update(period_start="2023-10-01")
    ran()
    page = read(one)
    assert "Returns cover 183 of the 366 days of the year" in page
    assert "2 notified of other days are left out" in page


def test_before_the_first_run_it_says_so() -> None:
    assert "No rate has been worked out for you yet" in read(EmployerFactory.create())


def test_nothing_of_the_score_leaks(counted: Counted) -> None:
    """Neither a number of the score nor a word of it stands on any page of the employer's or in its API."""
    made = peers(counted, 12)
    odd = made[0]
    counted[odd.pk, RADIOTHERAPY] = 0
    ran()
    RiskScore.objects.filter(employer=odd).update(
        p_under="0.731846", p_poor="0.118273", p_any="0.850119", p_low="0.712934", p_high="0.938471",
        among_places="0.641927", loss="7.391846", mean="0.317264", why=["CANARY WHY"], rules=["CANARY RULE"],
    )  # fmt: skip
    rates = YearRate.objects.filter(employer=odd)
    rates.update(z_od="-3.918274", mean="0.317264", low="0.081927", high="0.791827", inner_low="0.413827")
    score = current_score(odd)
    assert score is not None
    secrets = ["CANARY", "0.73", "0.85", "0.7129", "0.9384", "0.6419", "7.39", "0.317", "3.918", "0.413"]
    client = lead_of(odd)
    addresses = (
        reverse("risk:own_rate", args=[odd.key]),
        reverse("organisations:activity", args=[odd.key]),
        reverse("notifications:home"),
        f"/api/v1/activity/?employer={odd.key}",
        "/api/schema/",
    )
    for address in addresses:
        page = client.get(address).content.decode()
        for secret in secrets:
            assert secret not in page, (address, secret)
        for word in (
            "p_under",
            "p_any",
            "YearRate",
            "z_od",
            "reasons to look",
            "Reasons to look",
            "outside 95",
        ):
            assert word not in page, (address, word)
    own = client.get(addresses[0])
    seen: Any = own.context or {}
    assert not {"score", "funnel", "reasons"} & set(seen.keys() if hasattr(seen, "keys") else ())


@pytest.mark.parametrize("who", ["stranger", "staff", "visitor"])
def test_it_is_nobody_elses(counted: Counted, who: str) -> None:
    one = peers(counted, 12)[0]
    ran()
    client = Client()
    if who == "stranger":
        client = lead_of(EmployerFactory.create())
    elif who == "staff":
        client.force_login(staff(Role.ANALYST))
    expected = {"stranger": HTTPStatus.NOT_FOUND, "staff": HTTPStatus.FORBIDDEN, "visitor": HTTPStatus.FOUND}
    assert client.get(f"/employer/{one.key}/rate/").status_code == expected[who]
    assert lead_of(one).post(f"/employer/{one.key}/rate/").status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("years", [1, 3])
def test_it_takes_the_same_queries_at_any_size(counted: Counted, years: int) -> None:
    one = peers(counted, 12)[0]
    for back in range(1, years):
        start, end = (day.replace(year=day.year - back) for day in YEAR)
        for modality in ("radiotherapy", "diagnostic_imaging"):
            returned(one, 500, period_start=start, period_end=end, modality=modality)
    ran()
    client = lead_of(one)
    with CaptureQueriesContext(connection) as queries:
        page = read(one, client)
    assert len(queries) <= 8
    assert page.count('class="portal-rate"') >= years


def test_the_page_stands_among_those_of_the_house(counted: Counted) -> None:
    one = EmployerFactory.create()
    page = lead_of(one).get(reverse("organisations:activity", args=[one.key])).content.decode()
    assert reverse("risk:own_rate", args=[one.key]) in page
    assert "Reporting rate" in page


def test_what_came_in_after_the_run_counts_from_the_next(counted: Counted) -> None:
    one = peers(counted, 12)[0]
    ran()
    counted[one.pk, RADIOTHERAPY] = 9
    before = read(one)
    with clock.at(datetime(2024, 4, 3, 12, tzinfo=UTC)):
        ran(YEAR[1].replace(month=4, day=3))
        after = read(one)
    assert "Your rate was 2.0 per" in before
    assert "Your rate was 9.0 per" in after
    assert figure(YearRate.objects.get(employer=one, starts_on=YEAR[0]).rate) == "9.0"
    assert ActivityReturn.objects.count() == 12
