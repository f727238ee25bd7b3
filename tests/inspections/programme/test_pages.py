"""The programme on the desk: drawn, read, changed and approved in its pages; the same queries at any size."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.models import Inspection
from inspections.programme.models import Place, Programme
from inspections.programme.services import draw_programme, move_place, open_place
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.mentions import UNSEEN
from regulator.organisations.models import Modality
from tests.casework.closing import closed_to
from tests.factories import EmployerFactory, SiteFactory, staff
from tests.inspections.programme.conftest import RT, TODAY, WANTED, YEAR, Hall

MOST_QUERIES = 8
DRAWN = {
    "year": YEAR,
    "reactive": 5,
    "by_chance": 4,
    "by_rule": 2,
    "by_time": 1,
    "floor_years": 8,
    "rest_years": 2,
    "split-radiotherapy-nhs_acute": 3,
}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *parts: int) -> str:
    return reverse(f"admin:programme_programme_{name}", args=parts)


def test_from_the_form_to_the_opened_inspection(hall: Hall) -> None:
    planner, manager = browser(hall.planner), browser(hall.manager)
    form = planner.get(url("draw"))
    assert "By the score: Radiotherapy, NHS acute trust" in form.content.decode()
    answer = planner.post(url("draw"), DRAWN)
    programme = Programme.objects.get()
    assert answer.headers["Location"] == url("change", programme.pk)
    page = planner.get(answer.headers["Location"]).content.decode()
    assert "8 places" in page
    assert "Drawn by chance, 1 in 2" in page
    assert "The same places" in page
    assert url("approve", programme.pk) not in page
    assert url("approve", programme.pk) in manager.get(url("change", programme.pk)).content.decode()
    approved = manager.post(url("approve", programme.pk), {"version": programme.version})
    assert approved.status_code == 302
    programme.refresh_from_db()
    place = programme.places.standing()[0]
    opened = planner.post(
        url("open", programme.pk, place.pk), {"planned_on": "2026-05-04", "version": programme.version}
    )
    inspection = Inspection.objects.get()
    assert opened.headers["Location"] == reverse("admin:casework_case_change", args=[inspection.case.pk])
    assert str(inspection.case) in planner.get(url("change", programme.pk)).content.decode()


def test_what_is_wrong_stands_beside_its_box_and_nothing_typed_is_lost(hall: Hall) -> None:
    refused = browser(hall.planner).post(url("draw"), {**DRAWN, "by_chance": 2, "by_time": 37})
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Places drawn by chance must be 4 or more" in page
    assert 'value="37"' in page
    assert not Programme.objects.exists()


def test_a_refusal_of_the_service_stands_above_the_form(hall: Hall) -> None:
    made = hall.drawn()
    again = browser(hall.planner).post(url("draw"), DRAWN)
    assert again.status_code == 409
    assert "This year has a programme already" in again.content.decode()
    place = made.places.standing()[0]
    stale = browser(hall.planner).post(
        url("move", made.pk, place.pk), {"to": 2, "reason": "Close together.", "version": made.version + 7}
    )
    assert stale.status_code == 409
    assert "Close together." in stale.content.decode()


@pytest.mark.parametrize("name", ["move", "drop"])
def test_a_reason_is_needed_and_kept(hall: Hall, name: str) -> None:
    made = hall.drawn()
    place = made.places.standing()[2]
    client = browser(hall.planner)
    asked = {"to": 1, "version": made.version}
    assert client.post(url(name, made.pk, place.pk), asked).status_code == 400
    assert (
        client.post(url(name, made.pk, place.pk), {**asked, "reason": "Close together."}).status_code == 302
    )
    assert "Close together." in client.get(url("change", made.pk)).content.decode()


def test_an_employer_is_added_by_hand(hall: Hall) -> None:
    made = hall.drawn()
    other = EmployerFactory.create(name="Invented Seaside Clinic")
    said = {"employer": other.pk, "modality": Modality.RADIOTHERAPY, "reason": "A concern.", "version": 1}
    client = browser(hall.planner)
    assert client.post(url("add", made.pk), said).status_code == 302
    assert "Invented Seaside Clinic" in client.get(url("change", made.pk)).content.decode()
    assert client.post(url("add", made.pk), {**said, "employer": 2**63, "version": 2}).status_code == 400


def test_the_selection_log_has_every_place_that_ever_was_with_arm_and_probability(hall: Hall) -> None:
    made = hall.drawn()
    client = browser(staff(Role.ANALYST))
    dropped = made.places.standing()[7]
    browser(hall.planner).post(
        url("drop", made.pk, dropped.pk), {"reason": "Closed down.", "version": made.version}
    )
    answer = client.get(url("log", made.pk))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="selection-log-2026.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == 8
    assert [row["arm"] for row in rows].count("random") == 4
    assert {row["probability"] for row in rows if row["arm"] == "random"} == {"0.50000000"}
    assert [row["employer"] for row in rows if row["taken_off_at"]] == [dropped.employer.key]


def opened(made: Programme, number: int, by: User) -> list[Inspection]:
    """The inspections of its first places."""
    found = []
    for place in made.places.standing()[:number]:
        made.refresh_from_db()
        place.programme = made
        found.append(
            open_place(place=place, site=None, planned_on=TODAY, by=by, version=made.version, lead=by)
        )
    return found


def test_a_restricted_inspection_is_named_to_those_alone_who_may_see_it(hall: Hall) -> None:
    made = hall.approved()
    [hidden, shown] = opened(made, 2, hall.planner)
    closed_to(hidden.case, hall.planner, by=hall.planner)
    address = reverse("admin:casework_case_change", args=[hidden.pk])
    named = browser(hall.planner)
    for name in ("change", "log"):
        assert str(hidden.case) in named.get(url(name, made.pk)).content.decode()
    assert address in named.get(url("change", made.pk)).content.decode()
    for somebody in (staff(Role.ANALYST), staff(Role.CASE_OFFICER), hall.manager):
        client = browser(somebody)
        for name in ("change", "log"):
            told = client.get(url(name, made.pk)).content.decode()
            assert str(hidden.case) not in told, (somebody, name)
            assert address not in told
            assert told.count(UNSEEN) == 1
            assert str(shown.case) in told


def test_the_log_and_the_page_take_one_query_more_for_however_many_restricted_cases(hall: Hall) -> None:
    made = hall.approved()
    client = browser(staff(Role.ANALYST))

    def costs() -> list[int]:
        found = []
        for name in ("change", "log"):
            with CaptureQueriesContext(connection) as taken:
                assert client.get(url(name, made.pk)).status_code == 200
            found.append(len(taken))
        return found

    inspections = opened(made, 4, hall.planner)
    open_to_all = costs()
    for number, each in enumerate(inspections, 1):
        closed_to(each.case, hall.planner, by=hall.planner)
        assert costs() == [cost + 1 for cost in open_to_all], number


def test_a_place_of_another_programme_is_not_found(hall: Hall) -> None:
    made = hall.drawn()
    place = made.places.standing()[0]
    assert browser(hall.planner).get(url("move", made.pk + 1, place.pk)).status_code == 404
    assert browser(hall.planner).get(url("change", 2**63)).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "draws"),
    [
        (Role.CASE_OFFICER, 200, 403),
        (Role.INSPECTOR, 200, 200),
        (Role.ENFORCEMENT_MANAGER, 200, 200),
        (Role.ANALYST, 200, 403),
        (Role.AUDITOR, 200, 403),
        (Role.ADMINISTRATOR, 403, 403),
    ],
)
def test_who_may_read_and_draw(hall: Hall, role: Role, reads: int, draws: int) -> None:
    made = hall.drawn()
    client = browser(staff(role))
    assert client.get(url("change", made.pk)).status_code == reads
    assert client.get(url("changelist")).status_code == reads
    assert client.get(url("draw")).status_code == draws


def test_the_page_takes_the_same_queries_at_any_size(hall: Hall) -> None:
    made = hall.drawn()
    client = browser(hall.planner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(url("change", made.pk)).status_code == 200
        return len(taken)

    few = queries()
    more = [EmployerFactory.create() for _ in range(30)]
    Place.objects.bulk_create(
        Place(
            programme=made,
            position=100 + at,
            employer=each,
            modality=RT[0],
            sector=RT[1],
            arm="chosen",
            why="Chosen by a person; the reason is in the history below.",
        )
        for at, each in enumerate(more)
    )
    for _ in range(5):
        move_place(
            place=made.places.standing()[0], to=2, reason="Again.", by=hall.planner, version=made.version
        )
        made.refresh_from_db()
    assert queries() == few <= MOST_QUERIES


def test_the_list_and_the_form_take_the_same_queries_at_any_size(hall: Hall) -> None:
    client = browser(hall.planner)

    def queries(name: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(url(name)).status_code == 200
        return len(taken)

    draw_programme(year=YEAR, wanted=WANTED, by=hall.planner)
    few = {name: queries(name) for name in ("changelist", "draw")}
    draw_programme(year=YEAR - 1, wanted=WANTED, by=hall.planner)
    for _ in range(20):
        SiteFactory.create(employer=EmployerFactory.create(), modalities=["radiotherapy", "nuclear_medicine"])
    for name, number in few.items():
        assert queries(name) == number <= MOST_QUERIES, name


def test_the_home_says_what_waits_for_whom(hall: Hall) -> None:
    home = reverse("admin:index")
    assert "Inspection programme" not in browser(hall.manager).get(home).content.decode().split("Casework")[0]
    hall.drawn()
    assert "For me to approve" in browser(hall.manager).get(home).content.decode()
    assert "For me to approve" not in browser(hall.planner).get(home).content.decode()
