"""The work queue: what it lists, in which order, how it is filtered, and what it costs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.home import OLDEST_FIRST
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.organisations.models import Employer, Site
from tests.desk.kind import open_trial

QUEUE = "/desk/casework/case/"


def listed(client: Client, **query: str) -> list[str]:
    """The summaries of the cases that the queue shows, in its order."""
    answer = client.get(QUEUE, query)
    assert answer.status_code == 200
    return [case.summary for case in answer.context["cl"].result_list]


@pytest.fixture
def four_cases(people: dict[Role, User], employer: Employer) -> dict[str, Case]:
    today = clock.today()
    rows = {
        "low, overdue": {"risk": 1, "next_due_on": today - timedelta(days=3)},
        "high, later": {"risk": 3, "next_due_on": today + timedelta(days=30)},
        "high, soon": {
            "risk": 3,
            "next_due_on": today + timedelta(days=2),
            "assignee": people[Role.CASE_OFFICER],
        },
        "high, closed": {"risk": 3, "closed_at": clock.now(), "status": "done"},
    }
    by = people[Role.ADMINISTRATOR]
    cases = {}
    for days_ago, (summary, fields) in enumerate(rows.items()):
        cases[summary] = open_trial(employer=employer, by=by, summary=summary)
        opened = clock.now() - timedelta(days=10 - days_ago)
        Case.objects.filter(pk=cases[summary].pk).update(opened_at=opened, **fields)
    return cases


def test_open_cases_stand_by_risk_and_then_by_what_is_due_first(
    officer: Client, four_cases: dict[str, Case]
) -> None:
    assert listed(officer) == ["high, soon", "high, later", "low, overdue"]
    assert listed(officer, state="all")[-1] == "high, closed"


def test_what_nobody_has_assessed_stands_behind_high_risk_the_oldest_first(
    officer: Client, four_cases: dict[str, Case], people: dict[Role, User], employer: Employer
) -> None:
    soon, today = clock.today() + timedelta(days=1), clock.today()
    rows: dict[str, dict[str, Any]] = {
        "medium": {"risk": 2, "next_due_on": today},
        "newer": {"next_due_on": soon, "opened_at": clock.now() - timedelta(days=1)},
        "older": {"next_due_on": None, "opened_at": clock.now() - timedelta(days=2)},
    }
    for summary, fields in rows.items():
        made = open_trial(employer=employer, by=people[Role.ADMINISTRATOR], summary=summary)
        Case.objects.filter(pk=made.pk).update(**fields)
    assert listed(officer) == ["high, soon", "high, later", "older", "newer", "medium", "low, overdue"]


def test_only_statuses_that_occur_are_listed_and_the_others_are_still_understood(
    officer: Client, four_cases: dict[str, Case]
) -> None:
    page = officer.get(QUEUE).content.decode()
    assert "status=trial%3Awaiting" in page
    assert "status=trial%3Alooked_at" not in page
    assert listed(officer, status="trial:looked_at") == []


def test_the_oldest_are_found_by_sorting_on_age(officer: Client, four_cases: dict[str, Case]) -> None:
    assert listed(officer, o=OLDEST_FIRST)[0] == "low, overdue"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"due": "overdue"}, ["low, overdue"]),
        ({"due": "week"}, ["high, soon"]),
        ({"due": "none", "state": "all"}, ["high, closed"]),
        ({"assignee": "me"}, ["high, soon"]),
        ({"assignee": "nobody", "risk": "3"}, ["high, later"]),
        ({"risk": "1"}, ["low, overdue"]),
        ({"state": "closed"}, ["high, closed"]),
        ({"status": "trial:done"}, ["high, closed"]),
        ({"kind": "trial", "modality": "radiotherapy"}, []),
    ],
)
def test_each_filter_narrows_the_queue(
    officer: Client, four_cases: dict[str, Case], query: dict[str, str], expected: list[str]
) -> None:
    assert listed(officer, **query) == expected


def test_a_reference_is_found_however_it_is_typed_even_when_closed(
    officer: Client, four_cases: dict[str, Case]
) -> None:
    reference = four_cases["high, closed"].reference or ""
    for typed in (reference, reference.lower(), f"  {reference.replace('-', ' ')} ", reference[4:14]):
        assert listed(officer, q=typed) == ["high, closed"], typed
    assert len(listed(officer, q="trial TRUST")) == 4
    assert listed(officer, q="later") == ["high, later"]


def test_overdue_is_said_in_words(officer: Client, four_cases: dict[str, Case]) -> None:
    assert b"Overdue by 3 days" in officer.get(QUEUE).content


def test_drafts_that_staff_do_not_read_are_not_listed(
    officer: Client, four_cases: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = replace(KINDS.get("trial"), hidden_from_staff=frozenset({"waiting"}))
    monkeypatch.setitem(KINDS._items, "trial", hidden)
    assert listed(officer) == []
    draft = four_cases["high, soon"]
    assert officer.get(reverse("admin:casework_case_change", args=[draft.pk])).status_code == 404


@pytest.mark.parametrize("size", [3, 120])
def test_the_queue_takes_at_most_eight_queries_at_any_size(
    officer: Client,
    people: dict[Role, User],
    employer: Employer,
    size: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    site = Site.objects.create(employer=employer, key="north", name="North wing")
    Case.objects.bulk_create(
        Case(
            kind="trial", status="waiting", employer=employer, site=site, reference=f"TRL-2024-{n:05d}-A",
            opened_at=clock.now(), assignee=people[Role.CASE_OFFICER], summary=str(n),
        )
        for n in range(size)
    )  # fmt: skip
    with django_assert_max_num_queries(8):
        answer = officer.get(QUEUE)
    assert answer.context["cl"].result_count == size


NONSENSE = [
    "employer=" + "9" * 40, "site__exact=" + "9" * 40, "risk__gte=" + "9" * 40, "version__in=" + "9" * 40,
    "opened_at__year=99999999999", "employer=%00", "summary=%00",
    "p=abc", "p=-1", "p=999999", "p=" + "9" * 5000, "e=1", "foo=bar", "employer__name__regex=(",
    "o=1.2.99.-x", "id__exact=" + "9" * 40, "id__exact=x", "kind=nothing", "status=trial",
    "status=trial:", "risk=99", "risk=high", "assignee=-1", "assignee=99999999999999999999",
    "due=yesterday", "state=%00", "q=%00", "q=" + "x" * 10_000, "q=" + "a+" * 5_000,
    "_to_field=employer", "_popup=1", "all=", "_facets=True", "created_by__email=x",
    "kind=trial&kind=trial", "q=%25_%27%22%3Cscript%3E",
]  # fmt: skip


@pytest.mark.parametrize("query", NONSENSE)
def test_a_nonsensical_address_gives_a_page_or_leads_to_the_plain_queue(
    officer: Client, case: Case, query: str
) -> None:
    answer = officer.get(f"{QUEUE}?{query}", follow=True)
    assert answer.status_code == 200
    assert b"<script>" not in answer.content
