"""The funnel on the desk: the numbers of the run, both sides alike, nobody ranked, the unknown not drawn."""

import re
from http import HTTPStatus

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.organisations.models import Employer
from regulator.risk.funnel import limits
from regulator.risk.models import YearFunnel, YearRate
from tests.factories import EmployerFactory, SiteFactory, person, staff
from tests.risk.conftest import Counted
from tests.risk.rates.conftest import RADIOTHERAPY, YEAR, peers, ran

PAGE = "/desk/risk/riskscore/funnel/"
ASKED = f"{PAGE}?modality={RADIOTHERAPY}&year=2023-24"

pytestmark = pytest.mark.django_db


def read(address: str = ASKED, role: Role = Role.ANALYST) -> str:
    client = Client()
    client.force_login(staff(role))
    answer = client.get(address)
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def row_of(page: str, employer: Employer) -> list[str]:
    """The cells of the employer's row in the table."""
    found = re.search(rf"<tr>\s*<td[^>]*><a[^>]*>{employer.name}</a>.*?</tr>", page, re.DOTALL)
    assert found is not None, employer
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", found[0], re.DOTALL)]


@pytest.fixture
def spread(counted: Counted) -> list[Employer]:
    """Twelve alike, one that reported nothing, and one that reported four times as much."""
    made = peers(counted, 14, quantity=4_000, reports=(18, 20, 22))
    counted[made[12].pk, RADIOTHERAPY] = 0
    counted[made[13].pk, RADIOTHERAPY] = 80
    ran()
    return made


def test_the_limits_on_the_page_are_those_of_the_funnel(spread: list[Employer]) -> None:
    page = read()
    tau2 = float(YearFunnel.objects.get(starts_on=YEAR[0]).tau2)
    for each in spread:
        held = YearRate.objects.get(employer=each, starts_on=YEAR[0])
        expected = np.array([float(held.expected)])
        (low,), (high,) = limits(expected, tau2, 0.95)
        (far_low,), (far_high,) = limits(expected, tau2, 0.998)
        shown = row_of(page, each)[1:6]
        assert shown[:2] == [str(held.counted), f"{held.expected:.1f}"]
        assert shown[3:] == [f"{low:.2f} to {high:.2f}", f"{far_low:.2f} to {far_high:.2f}"]


def test_both_sides_are_named_alike_by_name_and_lead_to_the_employers(spread: list[Employer]) -> None:
    page = read()
    outside = page[page.index('id="outside"') : page.index('id="points"')]
    found = re.findall(r"<strong>(\d+)</strong>\s*<a[^>]*href=\"([^\"]+)\"[^>]*>([^<]+)</a>", outside)
    named = [name for _, _, name in found]
    assert named == sorted(named)
    assert [number for number, _, _ in found] == [str(place) for place in range(1, len(found) + 1)]
    for each in YearRate.objects.filter(starts_on=YEAR[0]).select_related("employer"):
        address = reverse("admin:organisations_employer_page", args=[each.employer_id])
        assert (address in outside) == each.is_outside, each.employer
    assert "fewer than expected" in outside
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert drawn.count("desk-funnel-outside") == len(found)
    assert drawn.count("<circle") == 14
    for painted in ("red", "green", "style=", "onclick", "<script"):
        assert painted not in drawn


def test_words_claim_nothing(spread: list[Employer]) -> None:
    words = read().lower()
    assert "a reason to ask why and not a finding" in " ".join(words.split())
    for banned in ("league", "worst", "best", "rank", "unsafe", "outlier", "danger"):
        assert banned not in words


def test_unknown_activity_is_listed_and_not_drawn(counted: Counted) -> None:
    peers(counted, 12)
    silent = EmployerFactory.create(name="Silent House")
    SiteFactory.create(employer=silent, modalities=[RADIOTHERAPY])
    ran()
    page = read()
    beneath = page[page.index('id="unknown"') :]
    assert "Silent House" in beneath
    assert "0 incidents notified" in beneath
    assert "Silent House" not in page[: page.index('id="unknown"')]
    assert page.count("<circle") == 12


def test_few_expected_is_said(counted: Counted) -> None:
    peers(counted, 12, reports=(1, 0))
    ran()
    words = " ".join(read().split())
    assert "that is so for 12 of the 12 employers drawn" in words


@pytest.mark.parametrize(
    "asked", ["", "?modality=x&year=y", "?year=2023-24", "?modality=radiotherapy&page=z"]
)
def test_an_address_that_asks_nonsense_shows_the_newest(spread: list[Employer], asked: str) -> None:
    assert "Radiotherapy, 2023/24" in read(f"{PAGE}{asked}")


def test_a_year_without_activity_says_so(spread: list[Employer]) -> None:
    page = read(f"{PAGE}?modality={RADIOTHERAPY}&year=2022-23")
    assert "Nobody returned activity for this year" in page
    assert "desk-funnel" not in page


def test_before_the_first_run_the_page_says_so() -> None:
    assert "No risk run has worked out rates by year yet" in read(PAGE)


@pytest.mark.parametrize("role", Role)
def test_staff_who_read_risk_see_it_and_nobody_else(role: Role, spread: list[Employer]) -> None:
    client = Client()
    client.force_login(person(role, spread[0]))
    may_read = role in STAFF_ROLES and role != Role.ADMINISTRATOR
    assert (client.get(ASKED).status_code == HTTPStatus.OK) == may_read
    assert client.post(ASKED).status_code != HTTPStatus.OK


@pytest.mark.parametrize("number", [6, 70])
def test_it_takes_the_same_queries_at_any_size_and_pages_the_table(counted: Counted, number: int) -> None:
    made = peers(counted, number)
    ran()
    client = Client()
    client.force_login(staff(Role.ANALYST))
    with CaptureQueriesContext(connection) as queries:
        page = client.get(ASKED).content.decode()
    assert len(queries) <= 6
    assert page.count("<circle") == number
    assert ("Page 1 of 2" in page) == (number > 50)
    last = client.get(f"{ASKED}&page=2").content.decode()
    assert row_of(last, made[-1])
