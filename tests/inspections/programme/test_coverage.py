"""Who was inspected when: the list, what it is narrowed to, its file, and the same queries at any size."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Inspection
from inspections.programme.coverage import Asked, Row, Share, covered, shares
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.organisations.models import ActivityReturn, Employer, Modality
from tests.factories import EmployerFactory, SiteFactory, staff
from tests.inspections.programme.conftest import TODAY, Hall, scored

PAGE, FILE = (reverse(f"admin:programme_programme_{name}") for name in ("coverage", "coverage_file"))


def visited(
    employer: Employer, on: date, *, closed: bool = True, modality: str = "radiotherapy"
) -> Inspection:
    case = Case.objects.create(
        kind="inspection",
        status="closed" if closed else "announced",
        employer=employer,
        modality=modality,
        reference=f"IRI-{employer.pk}-{on:%y%m%d}-{modality[:4]}",
        opened_at=f"{on}T09:00Z",
        closed_at=f"{on}T17:00Z" if closed else None,
    )
    return Inspection.objects.create(case=case, trigger="planned", planned_on=on, visited_on=on)


def years(rows: list[Row]) -> list[int | None]:
    return [row.years for row in rows]


def test_those_never_inspected_stand_first_then_the_longest_ago(hall: Hall) -> None:
    for number, on in enumerate([date(2020, 3, 20), date(2020, 3, 21), date(2025, 1, 1)]):
        visited(hall.employers[number], on)
    rows = covered(Asked())
    assert len(rows) == 12
    assert years(rows) == [None] * 9 + [6, 5, 1]


def test_the_last_visit_of_the_modality_counts(hall: Hall) -> None:
    employer = hall.employers[0]
    visited(employer, date(2020, 1, 1))
    visited(employer, date(2024, 1, 1))
    visited(employer, date(2025, 12, 1), modality="nuclear_medicine")
    found = {row.modality: row.inspected_on for row in covered(Asked()) if row.employer == employer.pk}
    assert found == {"Radiotherapy": date(2024, 1, 1), "Nuclear medicine": date(2025, 12, 1)}


def test_a_further_visit_of_the_same_inspection_counts(hall: Hall) -> None:
    inspection = visited(hall.employers[0], date(2024, 12, 1))
    for day in (date(2024, 12, 1), date(2025, 3, 1), date(2025, 1, 1)):
        inspection.visits.create(visited_on=day, announced=True)
    (row,) = [row for row in covered(Asked()) if row.inspected_on is not None]
    assert (row.inspected_on, row.years) == (date(2025, 3, 1), 1)


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (Asked(never=True), 10),
        (Asked(years=5), 11),
        (Asked(years=1), 12),
        (Asked(modality="nuclear_medicine"), 0),
        (Asked(modality="radiotherapy"), 12),
        (Asked(sector="dental"), 0),
    ],
)
def test_what_is_asked_for_narrows_the_list(hall: Hall, asked: Asked, number: int) -> None:
    visited(hall.employers[0], date(2020, 1, 1))
    visited(hall.employers[1], date(2024, 1, 1))
    assert len(covered(asked)) == number


def test_by_modality_it_counts_ever_and_lately(hall: Hall) -> None:
    visited(hall.employers[0], date(2020, 1, 1))
    visited(hall.employers[1], TODAY)
    assert shares(covered(Asked())) == [Share("Radiotherapy", 12, 2, 1)]


def test_whoever_returned_activity_or_was_scored_without_naming_a_site_is_never_inspected_too(
    hall: Hall,
) -> None:
    returns = EmployerFactory.create()
    ActivityReturn.objects.create(
        employer=returns,
        modality=Modality.NUCLEAR_MEDICINE,
        period_start=date(2025, 4, 1),
        period_end=date(2026, 3, 31),
        quantity=900,
        source="An invented return",
    )
    silent = EmployerFactory.create()
    scored(hall.run, silent, Decimal("0.4"))
    never = {(row.employer, row.modality) for row in covered(Asked(never=True))}
    assert {(returns.pk, "Nuclear medicine"), (silent.pk, "Radiotherapy")} <= never


def test_a_visit_under_way_is_said(hall: Hall) -> None:
    visited(hall.employers[0], date(2026, 3, 1), closed=False)
    assert [row.employer for row in covered(Asked()) if row.is_underway] == [hall.employers[0].pk]


def browser(role: Role = Role.ANALYST) -> Client:
    client = Client()
    client.force_login(staff(role))
    return client


def test_the_page_and_the_file_tell_the_same(hall: Hall) -> None:
    visited(hall.employers[0], date(2020, 1, 1))
    EmployerFactory.create(name="=1+1")
    SiteFactory.create(employer=Employer.objects.get(name="=1+1"), modalities=[Modality.RADIOTHERAPY.value])
    page = browser().get(PAGE, {"years": 6}).content.decode()
    assert "13 employers by modality" in page
    assert "1 January 2020" in page
    rows = list(csv.DictReader(io.StringIO(browser().get(FILE, {"years": 6}).content.decode())))
    assert len(rows) == 13
    assert rows[-1]["last_inspected"] == "2020-01-01"
    assert "'=1+1" in {row["employer"] for row in rows}


@pytest.mark.parametrize(
    "query",
    [
        {"page": "abc"},
        {"page": "999"},
        {"years": "-1"},
        {"years": "9" * 400},
        {"years": "x"},
        {"modality": "veterinary"},
        {"sector": "\x00"},
        {"never": "perhaps"},
    ],
    ids=str,
)
def test_nonsense_in_the_address_is_a_page(hall: Hall, query: dict[str, str]) -> None:
    client = browser()
    assert client.get(PAGE, query).status_code == 200
    assert client.get(FILE, query).status_code == 200


def test_it_comes_in_pages_that_keep_what_was_asked_and_takes_the_same_queries(hall: Hall) -> None:
    client = browser()

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(PAGE, {"modality": "radiotherapy"}).status_code == 200
        return len(taken)

    few = queries()
    for _ in range(60):
        SiteFactory.create(employer=EmployerFactory.create(), modalities=["radiotherapy"])
    assert queries() == few <= 8
    page = client.get(PAGE, {"modality": "radiotherapy"}).content.decode()
    assert "?modality=radiotherapy&amp;page=2" in page
    assert "Page 2 of 2" in client.get(PAGE, {"modality": "radiotherapy", "page": "2"}).content.decode()
