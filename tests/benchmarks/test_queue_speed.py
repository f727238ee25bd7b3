"""How fast the desk's home, queue and case page answer at 10,000 and 100,000 cases, beside their bare SQL and
an empty view.

Run by ``make bench`` on SQLite; with ``DATABASE_URL`` on PostgreSQL. Everything passes through the whole
middleware; the floor is ``/healthz``, which does nothing else. A page that grows with the number of cases
shows in the ratio of the larger to the smaller size.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from statistics import median
from time import perf_counter

import pytest
from django.db import connection
from django.db.models import GeneratedField, Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Notification
from notifications.services import load_reference
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, CaseText
from regulator.casework.queue.paging import PAGE_SIZE
from regulator.organisations.models import Employer, Site

SIZES = (10_000, 100_000)
ROUNDS = 5
MOST_QUERIES = 8
MOST_BYTES = 60_000
MOST_TIMES_THE_FLOOR = 300
MOST_GROWTH = 3
"""Ten times the cases may not make a page three times slower."""
LINEAR_ON_SQLITE = {"high risk, not acknowledged", "a code of one regime", "searched: in many"}
"""There the count, and what a common word finds, are read whole. The embedded state is for a few thousand."""
QUEUE = "/desk/casework/case/"
HOME = "home"
CASE = "a case"
MOST_QUERIES_ELSEWHERE = {HOME: 15, CASE: 15}
LINEAR = {HOME}
"""It counts all that is open, of which there is ten times as much."""
PAGES = {
    "first page": "",
    "last page": "?page=last",
    "last page, closed ones too": "?state=all&page=last",
    "notifications": "kind/notification/",
    "notices, last page": "kind/notice/?page=last",
    "next due last, open and closed": "?state=all&o=-due",
    "newest first, last page": "?o=-age&page=last",
    "of one person": "?assignee=me",
    "one employer's": "?employer=Bench+employer+7+",
    "high risk, not acknowledged": "?risk=3&mark=not_acknowledged",
    "a code of one regime": "kind/notification/?code=1&regime=SAUE-2023&sub_modality=ct",
    "searched: in many": "?q=patient",
    "searched: in few": "?q=word777",
    "searched: part of a name": "?q=ployer+77",
    "searched: a reference": "?q=IRN-2024-00777",
}
DAY = date(2026, 1, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """Seconds in the median, for the page and for the bare SQL of its rows, and what the page took."""

    page: float
    sql: float
    queries: int
    size: int


def a_case(number: int, employers: list[Employer], sites: list[Site], people: list[User]) -> Case:
    """Most are closed notifications; one in ten is open, one in fifty is an inspection or a notice, one in a
    hundred restricted to others."""
    kind = {0: "notice", 25: "inspection"}.get(number % 50, "notification")
    is_open = number % 10 < 2
    place = number % len(employers)
    status = {"notification": "submitted", "inspection": "planned", "notice": "served"}[kind]
    return Case(
        kind=kind,
        status=status if is_open else "closed" if kind != "notice" else "complied",
        reference=f"IR{'NIE'[(kind != 'notification') + (kind == 'notice')]}-2024-{number:05d}-A",
        employer=employers[place],
        site=sites[place],
        modality="radiotherapy",
        summary=f"Planning CT {number}",
        risk=number % 4,
        opened_at=NOON - timedelta(minutes=number * 7),
        created_at=NOON - timedelta(minutes=number * 7),
        closed_at=None if is_open else NOON - timedelta(minutes=number),
        next_due_on=DAY + timedelta(days=number % 300) if is_open else None,
        assignee=people[number % 37] if number % 3 else None,
        is_restricted=number % 97 == 96,
    )


def fill() -> None:
    """The smaller number of cases, each notification with its row, each with what can be found of it."""
    employers = list(Employer.objects.order_by("pk"))
    sites = list(Site.objects.order_by("pk"))
    people = list(User.objects.order_by("pk"))
    made = Case.objects.bulk_create(
        (a_case(number, employers, sites, people) for number in range(SIZES[0])), batch_size=5000
    )
    Notification.objects.bulk_create(
        Notification(
            case=case,
            sub_modality="ct" if case.risk else "dental",
            criterion_code=str(1 + case.pk % 9),
            criteria_regime="SAUE-2023",
            occurred_on=DAY,
            discovered_on=DAY,
        )
        for case in made
        if case.kind == "notification"
    )
    CaseText.objects.bulk_create(
        CaseText(
            case=case,
            names=f"{case.reference}\n{case.employer.name}\n{case.site}".lower(),
            words=f"patient exposed word{case.pk % 1000} {case.summary.lower()}",
            employer=case.employer.name,
            site=str(case.site),
            sha256="",
        )
        for case in made
    )


def multiply() -> None:
    """Everything ten times over, by the database itself: the larger number."""
    for copy in range(1, SIZES[1] // SIZES[0]):
        further = copy * 1_000_000
        copied(Case, id=f"id + {further}", reference=f"reference || '-{copy}'")
        copied(Notification, case_id=f"case_id + {further}")
        copied(CaseText, case_id=f"case_id + {further}")


def copied(table: type[Model], **changed: str) -> None:
    """A copy of the first rows of a table, with these columns changed."""
    columns = [each.column for each in table._meta.concrete_fields if not isinstance(each, GeneratedField)]
    [key, *_] = changed
    source = ", ".join(changed.get(str(column), str(column)) for column in columns)
    into = f"INSERT INTO {table._meta.db_table} ({', '.join(map(str, columns))})"
    with connection.cursor() as cursor:
        cursor.execute(f"{into} SELECT {source} FROM {table._meta.db_table} WHERE {key} < 1000000")


def look_at_everything() -> None:
    """So that the planner knows what there is."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture
def officer(db: None) -> Client:
    load_reference()
    made = Employer.objects.bulk_create(
        Employer(key=f"bench-{n}", name=f"Bench employer {n} (invented)", type="nhs_acute", is_invented=True)
        for n in range(400)
    )
    Site.objects.bulk_create(Site(employer=each, key="main", name=f"Site of {each.key}") for each in made)
    people = [
        User.objects.create_user(f"officer{n}@example.invalid", name=f"Officer {n}", role=Role.CASE_OFFICER)
        for n in range(40)
    ]
    client = Client()
    client.force_login(people[7])
    return client


def seconds(client: Client, path: str) -> float:
    """The median of ``ROUNDS`` requests, after one to warm up."""
    times = []
    for _ in range(ROUNDS + 1):
        started = perf_counter()
        client.get(path)
        times.append(perf_counter() - started)
    return median(times[1:])


def measured(client: Client, path: str) -> Measured:
    """A list, against the statement that reads its rows."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, path
    assert answer.context["cl"].rows, path
    rows = next(each["sql"] for each in captured if f"LIMIT {PAGE_SIZE + 1}" in each["sql"])
    queries = len(captured)  # before another request empties the log
    return Measured(seconds(client, path), bare([rows]), queries, len(answer.content))


def measured_whole(client: Client, path: str) -> Measured:
    """A page that is no list, against all the statements that it reads with."""
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path)
    assert answer.status_code == 200, path
    reads = [each["sql"] for each in captured if each["sql"].startswith("SELECT")]
    queries = len(captured)
    return Measured(seconds(client, path), bare(reads), queries, len(answer.content))


def bare(statements: list[str]) -> float:
    """The median of the seconds that the statements take one after another, all rows fetched."""
    times = []
    for _ in range(ROUNDS + 1):
        with connection.cursor() as cursor:
            started = perf_counter()
            for each in statements:
                cursor.execute(each.replace("%", "%%"), ())
                cursor.fetchall()
            times.append(perf_counter() - started)
    return median(times[1:])


def measured_all(client: Client) -> dict[str, Measured]:
    """Every page at the size that there is now; the case is one that everybody may open."""
    one = Case.objects.filter(kind="notification", closed_at=None, is_restricted=False).latest("opened_at")
    found = {name: measured(client, f"{QUEUE}{path}") for name, path in PAGES.items()}
    found[HOME] = measured_whole(client, "/desk/")
    found[CASE] = measured_whole(client, f"{QUEUE}{one.pk}/")
    return found


def test_queue_speed(officer: Client, capsys: pytest.CaptureFixture[str]) -> None:
    found: dict[int, dict[str, Measured]] = {}
    for size, make in zip(SIZES, (fill, multiply), strict=True):
        make()
        look_at_everything()
        assert Case.objects.count() == size
        found[size] = measured_all(officer)
    floor = seconds(officer, "/healthz")
    small, large = (found[size] for size in SIZES)
    lines = [f"{connection.vendor}; an empty view: {floor * 1000:.2f} ms"]
    for name in small:
        few, many = small[name], large[name]
        lines.append(
            f"{name:31} {few.page * 1000:6.1f} ms, then {many.page * 1000:6.1f}"
            f" ({many.page / few.page:.1f} times); {many.page / floor:4.0f} times the empty view,"
            f" {many.page / many.sql:4.0f} times the rows' {many.sql * 1000:.2f} ms;"
            f" {many.queries} queries, {many.size / 1000:.0f} kB"
        )
    with capsys.disabled():
        print("\n" + "\n".join(lines))  # noqa: T201
    for name in small:
        most = MOST_QUERIES_ELSEWHERE.get(name, MOST_QUERIES)
        assert small[name].queries == large[name].queries <= most, name
        assert large[name].size <= MOST_BYTES, name
        assert large[name].page / floor < MOST_TIMES_THE_FLOOR, name
        is_linear = name in LINEAR or (connection.vendor == "sqlite" and name in LINEAR_ON_SQLITE)
        assert large[name].page / small[name].page < (SIZES[1] / SIZES[0] if is_linear else MOST_GROWTH), name
