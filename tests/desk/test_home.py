"""The desk's home: every count is the number of cases in the queue to which it leads."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import HOME_PANELS
from regulator.casework.models import Case
from regulator.organisations.models import Employer
from tests.desk.kind import open_trial


def make_cases(people: dict[Role, User], employer: Employer) -> list[Case]:
    today = clock.today()
    rows: list[dict[str, Any]] = [
        {"next_due_on": today - timedelta(days=1), "assignee": people[Role.CASE_OFFICER]},
        {"next_due_on": today, "assignee": people[Role.CASE_OFFICER], "risk": 3},
        {"next_due_on": today + timedelta(days=6)},
        {"next_due_on": today + timedelta(days=7), "status": "looked_at"},
        {"next_due_on": today - timedelta(days=9), "closed_at": clock.now(), "status": "done"},
    ]
    made = []
    for age, fields in enumerate(rows):
        made.append(open_trial(employer=employer, by=people[Role.ADMINISTRATOR]))
        opened = clock.now() - timedelta(days=age)
        Case.objects.filter(pk=made[-1].pk).update(opened_at=opened, **fields)
    return made


def test_each_count_leads_to_the_queue_that_proves_it(
    officer: Client, people: dict[Role, User], employer: Employer
) -> None:
    make_cases(people, employer)
    shown = officer.get("/desk/").content.decode()
    panels = [panel(people[Role.CASE_OFFICER]) for panel in HOME_PANELS.values()]
    lines = [line for panel in panels if panel for line in panel.lines]
    assert {line.label: line.count for line in lines if line.count} == {
        "Open cases": 2, "Overdue": 1, "Due within 7 days": 2, "High risk": 1,
        "Assigned to nobody": 2, "Waiting": 3, "Received": 5, "Closed": 1,
    }  # fmt: skip
    for line in lines:
        assert line.url.replace("&", "&amp;") in shown
        assert officer.get(line.url).context["cl"].result_count == line.count, line


def test_the_oldest_that_waits_is_named(
    officer: Client, people: dict[Role, User], employer: Employer
) -> None:
    oldest = make_cases(people, employer)[2]
    answer = officer.get("/desk/")
    assert f"Oldest: {oldest.reference}, for 2 days" in answer.content.decode()
    url = HOME_PANELS.get("trial.waiting")(people[Role.CASE_OFFICER]).lines[0].url  # type: ignore[union-attr]
    assert officer.get(url).context["cl"].result_list[0] == oldest


def test_each_role_sees_what_concerns_it(signed_in: Callable[[Role], Client], case: Case) -> None:
    assert b"Assigned to me" not in signed_in(Role.ANALYST).get("/desk/").content
    assert b"All open cases" in signed_in(Role.ANALYST).get("/desk/").content
    administrators = signed_in(Role.ADMINISTRATOR).get("/desk/").content
    assert b"All open cases" not in administrators
    assert b"/desk/accounts/user/" in administrators
    assert b"/desk/accounts/user/" not in signed_in(Role.CASE_OFFICER).get("/desk/").content


def test_home_takes_few_queries_at_any_size(
    officer: Client,
    people: dict[Role, User],
    employer: Employer,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    make_cases(people, employer)
    with django_assert_max_num_queries(8 + len(HOME_PANELS)) as few:
        officer.get("/desk/")
    for _ in range(4):
        make_cases(people, employer)
    with django_assert_max_num_queries(len(few)):
        officer.get("/desk/")
