"""The keys of the queue's order: what they say, and that the database walks them by their indexes."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from regulator.casework.queue.filters import QueueFilter
from regulator.casework.queue.listing import listing
from regulator.casework.queue.orders import ORDERS
from regulator.casework.queue.paging import END, START, Page, Place, page_at, read_token, token
from regulator.casework.queue_order import CLOSED, INDEXES, NEVER, RANK
from tests.factories import EmployerFactory, staff

pytestmark = pytest.mark.django_db

MANY = 8000
NOW = clock.now().replace(microsecond=0)
TODAY = clock.today()
Order = str


def make(*rows: dict[str, Any]) -> list[int]:
    """Cases of these values, by their primary keys in the order of the rows."""
    employer = EmployerFactory.create()
    values = {"kind": "inspection", "status": "planned", "employer": employer, "opened_at": NOW}
    cases = [Case(**values | {"reference": f"R-{n}"} | row) for n, row in enumerate(rows)]
    return [case.pk for case in Case.objects.bulk_create(cases)]


def test_urgency_says_open_first_then_risk_then_the_longest_unassessed_or_what_is_due_first() -> None:
    wanted: list[dict[str, Any]] = [
        {"risk": 3, "next_due_on": TODAY - timedelta(days=9)},
        {"risk": 3, "next_due_on": TODAY},
        {"risk": 3},
        {"risk": 0, "opened_at": NOW - timedelta(days=400), "next_due_on": NEVER},
        {"risk": 0, "opened_at": NOW - timedelta(seconds=2)},
        {"risk": 0, "opened_at": NOW - timedelta(seconds=1), "next_due_on": TODAY - timedelta(days=99)},
        {"risk": 0, "opened_at": None, "reference": None},
        {"risk": 2, "next_due_on": TODAY},
        {"risk": 2},
        {"risk": 1, "next_due_on": date(1990, 1, 1)},
        {"risk": 1},
        {"risk": 3, "closed_at": NOW},
        {"risk": 0, "closed_at": NOW - timedelta(seconds=1)},
        {"risk": 2, "closed_at": NOW - timedelta(days=3000)},
    ]
    keys = make(*wanted[::-1])[::-1]
    assert list(Case.objects.order_by("urgency", "pk").values_list("pk", flat=True)) == keys
    stored = dict(Case.objects.values_list("pk", "urgency"))
    assert [stored[key] >= CLOSED for key in keys] == [False] * 11 + [True] * 3
    assert [stored[key] // RANK for key in keys[:11]] == [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3]


def test_the_keys_follow_every_change_and_are_never_null() -> None:
    [key] = make({"risk": 0, "next_due_on": None, "opened_at": None, "reference": None})
    case = Case.objects.get(pk=key)
    assert (case.due_order, case.age_order) == (NEVER, case.created_at)
    case.next_due_on, case.opened_at, case.risk = TODAY, NOW, 3
    case.save()
    case.refresh_from_db()
    assert (case.due_order, case.age_order) == (TODAY, NOW)
    assert case.urgency < RANK


@pytest.mark.parametrize("order", ORDERS)
def test_the_queue_is_walked_to_its_end_and_back_without_a_case_lost_or_doubled(order: Order) -> None:
    """Many share a key, so the primary key has to tell them apart."""
    rows = [{"risk": n % 4, "next_due_on": TODAY if n % 3 else None} for n in range(23)]
    make(*rows)
    wanted = ORDERS[order]
    sign = "-" if wanted.backwards else ""
    whole = list(Case.objects.order_by(f"{sign}{wanted.column}", f"{sign}pk"))

    def walk(begin: Place, onwards: Callable[[Page], Place | None]) -> list[list[Case]]:
        pages, place = [], begin
        while True:
            page = page_at(place, Case.objects.all(), wanted, size=5)
            pages.append(page.cases)
            following = onwards(page)
            if following is None:
                return pages
            place = following

    def key_of(case: Case) -> Any:
        return read_token(token(case, wanted), wanted)

    forwards = walk(START, lambda page: Place(key_of(page.cases[-1])) if page.has_next else None)
    assert [len(page) for page in forwards] == [5, 5, 5, 5, 3]
    assert [case for page in forwards for case in page] == whole
    backwards = walk(
        END, lambda page: Place(key_of(page.cases[0]), is_before=True) if page.has_previous else None
    )
    assert [case for page in backwards[::-1] for case in page] == whole
    assert backwards[0] == whole[-5:]


def test_a_case_that_came_or_went_meanwhile_moves_nothing_else() -> None:
    keys = make(*({"risk": 3, "next_due_on": TODAY + timedelta(days=n)} for n in range(6)))
    order = ORDERS["urgency"]
    first = page_at(START, Case.objects.all(), order, size=2)
    assert [case.pk for case in first.cases] == keys[:2]
    Case.objects.filter(pk=keys[1]).update(risk=0)
    make({"risk": 3, "next_due_on": TODAY - timedelta(days=1), "reference": "new"})
    after = Place(read_token(token(first.cases[-1], order), order))
    assert [case.pk for case in page_at(after, Case.objects.all(), order, size=2).cases] == keys[2:4]


def plan_of(sql: str) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def rows_of(user: User, query: str, kind: str = "") -> str:
    """The SQL that reads the rows of the page at an address."""
    asked = QueryDict(query, mutable=True)
    place = {name: asked.pop(name)[0] for name in ("after", "before", "page") if name in asked}
    with CaptureQueriesContext(connection) as captured:
        found = listing(QueueFilter(asked, user=user, kind=kind), place)
    assert len(found.rows) == 50
    return captured[-1]["sql"]


STATES = ["state=open", "state=closed", "state=all"]


def deep(cases: QuerySet[Case], order: Order) -> Case:
    sign = "-" if ORDERS[order].backwards else ""
    return cases.order_by(f"{sign}{ORDERS[order].column}", f"{sign}pk")[900]


@pytest.fixture(scope="class")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[User]:
    """Cases enough that no database prefers to read the whole table, some of them restricted to others; the
    statistics are up to date. Made once for those who only read them, and gone after them."""
    rows = [
        {
            "risk": n % 4,
            "kind": "notice" if n % 10 == 0 else "inspection",
            "next_due_on": TODAY + timedelta(days=n % 90) if n % 5 else None,
            "opened_at": NOW - timedelta(hours=n),
            "closed_at": NOW - timedelta(minutes=n) if n % 4 else None,
            "is_restricted": n % 40 == 7,
        }
        for n in range(MANY)
    ]
    with django_db_blocker.unblock(), transaction.atomic():
        make(*rows)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        yield staff(Role.CASE_OFFICER)
        transaction.set_rollback(True)


class TestOnManyCases:
    @pytest.mark.parametrize("order", ORDERS)
    def test_every_page_of_every_order_is_read_off_its_index_without_sorting(
        self, many: User, order: Order
    ) -> None:
        served = {index.name for index in INDEXES if index.fields[0] == ORDERS[order].column}
        for state in STATES:
            filters = QueueFilter(QueryDict(f"{state}&o={order}"), user=many)
            middle = token(deep(filters.qs, order), ORDERS[order]).replace("+", "%2B")
            for place in ("page=first", "page=last", f"after={middle}", f"before={middle}"):
                plan = plan_of(rows_of(many, f"{state}&o={order}&{place}"))
                assert any(f"INDEX {name}" in plan or f"using {name}" in plan for name in served), plan
                assert "B-TREE" not in plan, plan
                assert "Sort" not in plan, plan
                assert "Seq Scan on casework_case" not in plan, plan

    @pytest.mark.parametrize("place", ["", "page=last"])
    def test_the_list_of_one_kind_has_an_index_of_its_own(self, many: User, place: str) -> None:
        plan = plan_of(rows_of(many, f"state=all&{place}", kind="notice"))
        assert "casework_case_kind_urgency" in plan, plan
        assert "B-TREE" not in plan, plan
        assert "Sort" not in plan, plan

    def test_no_page_counts_the_whole_table(self, many: User) -> None:
        with CaptureQueriesContext(connection) as captured:
            listing(QueueFilter(QueryDict("state=all"), user=many), {})
        counts = [each["sql"] for each in captured if "COUNT(" in each["sql"]]
        assert len(counts) == 1
        assert "LIMIT 10001" in counts[0]
        assert not [each["sql"] for each in captured if "OFFSET" in each["sql"]]
