"""The chain of events, as an auditor reads it; nobody else does, and nobody changes it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import append, writing
from regulator.casework.models import Case, Event
from regulator.casework.services import open_case
from regulator.organisations.models import Employer
from tests.desk import kind

SignIn = Callable[[Role], Client]
LIST = "/desk/casework/event/"


@pytest.fixture
def event(case: Case, people: dict[Role, User]) -> Event:
    with writing():
        return append("casework.assigned", case=case, by=people[Role.CASE_OFFICER])


def rows(client: Client, query: str = "") -> list[Event]:
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == 200
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize("role", sorted(Role))
def test_only_an_auditor_reads_the_chain(signed_in: SignIn, event: Event, role: Role) -> None:
    person = signed_in(role)
    page = reverse("admin:casework_event_change", args=[event.pk])
    expected = 200 if role is Role.AUDITOR else 403
    assert person.get(LIST).status_code == person.get(page).status_code == expected
    assert person.get(f"{LIST}add/").status_code == 403
    assert person.post(page, {"type": "trial.done"}).status_code == 403
    assert person.post(reverse("admin:casework_event_delete", args=[event.pk])).status_code == 403


def test_it_is_found_by_the_cases_reference_and_by_what_happened(
    signed_in: SignIn, event: Event, people: dict[Role, User], employer: Employer
) -> None:
    other = kind.open_trial(employer=employer, by=people[Role.ADMINISTRATOR])
    kind.look(case=other, by=people[Role.CASE_OFFICER], version=other.version, comment="", risk=1)
    auditor = signed_in(Role.AUDITOR)
    assert rows(auditor, f"?q={str(event.case).lower()}") == [event]
    assert [each.case_id for each in rows(auditor, "?type=trial.looked_at")] == [other.pk]
    assert auditor.get(f"{LIST}?type=nonsense").status_code == 302
    newest = [each.sequence for each in rows(auditor)]
    assert newest == sorted(newest, reverse=True)


def test_the_events_of_an_unsubmitted_draft_are_not_shown(
    signed_in: SignIn, people: dict[Role, User], employer: Employer
) -> None:
    with writing():
        draft = open_case(kind="notification", employer=employer, by=people[Role.EMPLOYER_REPORTER])
        hidden = append("notifications.drafted", case=draft, by=people[Role.EMPLOYER_REPORTER])
        open_to_all = append("risk.run_finished", case=None, by=people[Role.ANALYST])
    auditor = signed_in(Role.AUDITOR)
    assert rows(auditor) == [open_to_all]
    page = reverse("admin:casework_event_change", args=[hidden.pk])
    assert auditor.get(page).status_code in (302, 404)


def test_the_list_takes_few_queries_at_any_length(
    signed_in: SignIn,
    case: Case,
    people: dict[Role, User],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with writing():
        for _ in range(60):
            append("casework.assigned", case=case, by=people[Role.CASE_OFFICER])
    auditor = signed_in(Role.AUDITOR)
    with django_assert_max_num_queries(8):
        assert len(rows(auditor)) == 50
