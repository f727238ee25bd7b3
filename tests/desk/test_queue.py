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
from regulator.casework.search.following import rebuild
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
    assert sum(rebuild()) == len(rows)
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
    assert '<option value="trial:waiting">Trial: Waiting' in page
    assert "trial:looked_at" not in page
    assert listed(officer, status="trial:looked_at") == []
    chosen = officer.get(QUEUE, {"status": "trial:looked_at"}).content.decode()
    assert '<option value="trial:looked_at" selected>Trial: Looked at' in chosen


def test_the_oldest_are_found_by_sorting_on_age(officer: Client, four_cases: dict[str, Case]) -> None:
    assert listed(officer, o=OLDEST_FIRST)[0] == "low, overdue"
    assert listed(officer, o="7") == listed(officer, o=OLDEST_FIRST)  # what addresses said before
    assert listed(officer, o="-age")[-1] == "low, overdue"


def test_closed_cases_stand_last_and_the_latest_closed_first(
    officer: Client, four_cases: dict[str, Case], people: dict[Role, User], employer: Employer
) -> None:
    for days_ago, summary in ((3, "closed before"), (1, "closed since")):
        made = open_trial(employer=employer, by=people[Role.ADMINISTRATOR], summary=summary)
        closed = clock.now() - timedelta(days=days_ago)
        Case.objects.filter(pk=made.pk).update(closed_at=closed, status="done")
    assert listed(officer, state="closed") == ["high, closed", "closed since", "closed before"]
    assert listed(officer, state="all")[:3] == ["high, soon", "high, later", "low, overdue"]


def test_each_order_stands_the_other_way_round(officer: Client, four_cases: dict[str, Case]) -> None:
    by_due = ["low, overdue", "high, soon", "high, later"]
    assert listed(officer, o="due") == by_due
    assert listed(officer, o="-due") == by_due[::-1]
    assert listed(officer, o="due", state="all") == [*by_due, "high, closed"]


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
    "employer__id=" + "9" * 40, "site__exact=" + "9" * 40, "risk__gte=" + "9" * 40,
    "version__in=" + "9" * 40, "opened_at__year=99999999999", "employer=%00", "employer=" + "x" * 10_000,
    "summary=%00", "p=abc", "p=-1", "page=abc", "page=999999", "page=" + "9" * 5000, "page=%00", "e=1",
    "foo=bar", "employer__name__regex=(", "o=1.2.99.-x", "o=risk", "o=7.1", "id__exact=x", "kind=nothing",
    "status=trial", "status=trial:", "status=:", "risk=99", "risk=high", "assignee=-1",
    "assignee=99999999999999999999", "due=yesterday", "state=%00", "mark=nonsense", "q=%00",
    "q=" + "x" * 10_000, "q=" + "a+" * 5_000, "q=((", "modality=null", "employer_type=x",
    "opened_from=2026-02-30", "opened_to=31/02/2026", "due_from=0001-01-01", "due_to=9999-12-31",
    "due_from=" + "9" * 5000, "opened_from=2026-03-02&opened_to=2026-03-01", "due_from=%00",
    "_to_field=employer", "_popup=1", "all=", "_facets=True", "created_by__email=x",
    "kind=trial&kind=notification", "risk=1&risk=2&risk=3", "after=x", "after=", "after=1", "after=1~",
    "after=~1", "after=1~-5", "after=1~0", "after=1~" + "9" * 30, "after=" + "9" * 30 + "~1",
    "after=" + "9" * 5000 + "~1", "before=%00~1", "before=1.5~2", "after=1~1&before=2~2",
    "after=1~1&page=last", "after=1~1&after=2~2", "o=due&after=12~1", "o=due&after=2026-13-45~1",
    "o=age&after=2026-01-01~1", "o=age&after=2026-01-01T00:00~1",
    "o=age&before=0001-01-01T00:00:00%2B00:00~1", "o=-age&after=9999-12-31T23:59:59-12:00~1", "regime=x",
    "code=%27", "tier1=x", "sub_modality=%00", "discovered_from=x", "kind=trial&sub_modality=x",
]  # fmt: skip
SENSE = [
    "kind=trial&kind=trial", "q=%25_%27%22%3Cscript%3E", "q=%22unbalanced", "q=AND OR NOT", "q=a*b^c:d~1",
    "q=\U0001f3e5 hospital", "q=" + "%EF%B7%BA" * 60, "after=5~5", "before=5~5", "page=first", "page=last",
    "o=due&after=9999-12-31~1", "o=due&before=1999-01-01~1", "o=", "risk=", "q=+",
    "state=all&o=-age&page=last", "employer=%25", "employer=_", "o=age&after=2026-01-01T00:00:00%2B00:00~1",
    "kind=trial&sub_modality=ct",
]  # fmt: skip


def test_a_nonsensical_address_gives_the_page_with_what_is_wrong_and_lists_nothing(
    officer: Client, case: Case
) -> None:
    for query in NONSENSE:
        answer = officer.get(f"{QUEUE}?{query}")
        assert answer.status_code == 400, query[:80]
        assert answer.context["form"].errors, query[:80]
        assert answer.context["cl"].result_list == [], query[:80]
        assert b"Nothing is listed" in answer.content
        assert b"<script>" not in answer.content


def test_an_odd_address_that_can_be_understood_gives_a_page(officer: Client, case: Case) -> None:
    for query in SENSE:
        answer = officer.get(f"{QUEUE}?{query}")
        assert answer.status_code == 200, query[:80]
        assert b"<script>" not in answer.content


def test_what_was_typed_stands_in_its_box_beside_what_is_wrong(officer: Client, case: Case) -> None:
    shown = officer.get(f"{QUEUE}?opened_from=30+February&risk=3").content.decode()
    assert "Enter a real date" in shown
    assert 'href="#id_opened_from"' in shown
    assert 'value="30 February"' in shown
    assert '<option value="3" selected>' in shown


def test_a_list_of_no_kind_does_not_exist(officer: Client) -> None:
    assert officer.get(f"{QUEUE}kind/nothing/").status_code == 404


def test_each_kind_has_a_list_of_its_own(
    officer: Client, four_cases: dict[str, Case], people: dict[Role, User], employer: Employer
) -> None:
    Case.objects.filter(summary="low, overdue").update(kind="inspection", status="planned")
    of_trials = officer.get(f"{QUEUE}kind/trial/")
    assert [case.summary for case in of_trials.context["cl"].result_list] == ["high, soon", "high, later"]
    of_inspections = officer.get(f"{QUEUE}kind/inspection/")
    assert [case.summary for case in of_inspections.context["cl"].result_list] == ["low, overdue"]
    shown = of_inspections.content.decode()
    assert "<h1>Inspections</h1>" in shown
    assert 'name="kind"' not in shown
    assert f'href="{QUEUE}kind/trial/"' in shown
    assert officer.get(f"{QUEUE}kind/trial/?kind=trial").status_code == 400  # said by the address already


def test_a_place_beyond_the_end_says_so_and_leads_back(officer: Client, four_cases: dict[str, Case]) -> None:
    answer = officer.get(f"{QUEUE}?after=8999999999999~1")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "No case stands here any more." in shown
    assert "3 cases" in shown
    assert 'href="?page=first"' in shown


def test_more_cases_than_are_counted_are_more_than_ten_thousand(
    officer: Client, employer: Employer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regulator.casework.queue.paging.MOST_COUNTED", 5)
    Case.objects.bulk_create(
        Case(kind="trial", status="waiting", employer=employer, opened_at=clock.now()) for _ in range(6)
    )
    answer = officer.get(QUEUE)
    assert (answer.context["cl"].result_count, answer.context["cl"].is_more) == (5, True)
    assert "More than 10,000 cases" in answer.content.decode()
