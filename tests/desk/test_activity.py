"""Activity on the desk: administrators record what data sets say; what an employer returned is shown."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Event
from regulator.organisations import services
from regulator.organisations.models import EMPLOYERS_RETURN, ActivityReturn, Completeness, Employer, Modality
from regulator.organisations.policies import NotPermitted
from regulator.organisations.refusals import NotAllowedNow, StaleVersion
from regulator.organisations.returns import ReturnDetails
from regulator.periods import reporting_year

SignIn = Callable[[Role], Client]
YEAR = reporting_year("2025/26")


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel("2026-05-12 12:00Z", tick=False):
        yield


def typed(employer: Employer, **changes: object) -> dict[str, object]:
    return {
        "employer": employer.pk,
        "modality": "radiotherapy",
        "period_start": "2025-04-01",
        "period_end": "2026-03-31",
        "quantity": "1200",
        "source": "National data set",
        "completeness": "complete",
        "seen": "1",
    } | changes


def add(client: Client, employer: Employer, **changes: object) -> Any:
    return client.post(reverse("admin:organisations_activityreturn_add"), typed(employer, **changes))


def page(row: ActivityReturn) -> str:
    return reverse("admin:organisations_activityreturn_change", args=[row.pk])


def recorded(client: Client, employer: Employer) -> ActivityReturn:
    assert add(client, employer).status_code == 302
    return ActivityReturn.objects.get(source="National data set")


def errors(answer: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = answer.context["adminform"].form.errors
    return found


def test_a_data_set_is_recorded_and_corrected_by_version_history_and_event(
    signed_in: SignIn, people: dict[Role, User], employer: Employer
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    row = recorded(administrator, employer)
    assert (row.unit, row.version) == ("episodes", 1)
    assert administrator.post(page(row), typed(employer, quantity="1300")).status_code == 302
    row.refresh_from_db()
    assert (row.quantity, row.version) == (1300, 2)
    assert list(row.history.order_by("version").values_list("quantity", "version")) == [(1200, 1), (1300, 2)]
    assert row.history.latest().history_user == people[Role.ADMINISTRATOR]
    kept = Event.objects.filter(type="organisations.activity_recorded").order_by("sequence")
    assert [event.payload["version"] for event in kept] == [1, 2]
    assert first_broken_link() is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "1000000000000"}, "quantity"),
        ({"quantity": "100000001"}, "quantity"),
        ({"period_end": "2027-03-31"}, "completeness"),
        (
            {"period_start": "2026-05-13", "period_end": "2026-06-01", "completeness": "partial"},
            "period_start",
        ),
        ({"period_start": "2026-04-01"}, "period_end"),
        ({"source": EMPLOYERS_RETURN}, "source"),
        ({"source": " EMPLOYER'S  return "}, "source"),
        ({"modality": "astrology"}, "modality"),
        ({"source": ""}, "source"),
    ],
)
def test_what_cannot_be_is_told_beside_its_box_and_what_was_typed_is_kept(
    signed_in: SignIn, employer: Employer, changes: dict[str, str], field: str
) -> None:
    answer = add(signed_in(Role.ADMINISTRATOR), employer, **changes)
    assert answer.status_code == 200
    assert field in errors(answer)
    assert 'value="National data set"' in answer.content.decode() or "source" in changes
    assert not ActivityReturn.objects.exists()


def test_the_same_data_set_twice_for_the_same_days_is_told(signed_in: SignIn, employer: Employer) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    recorded(administrator, employer)
    assert errors(add(administrator, employer, quantity="7"))["__all__"]
    assert ActivityReturn.objects.get().quantity == 1200


def test_a_data_set_may_cover_other_days_than_a_reporting_year(signed_in: SignIn, employer: Employer) -> None:
    answer = add(signed_in(Role.ADMINISTRATOR), employer, period_start="2025-01-01", period_end="2025-12-31")
    assert answer.status_code == 302


def test_the_second_of_two_administrators_is_told_what_stands_now(
    signed_in: SignIn, employer: Employer
) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    row = recorded(administrator, employer)
    administrator.post(page(row), typed(employer, quantity="1300"))
    told = administrator.post(page(row), typed(employer, quantity="1400"))
    assert "Someone else changed this number" in errors(told)["__all__"][0]
    assert "It is now: 1,300 treatment episodes, complete." in errors(told)["__all__"][0]
    shown = told.content.decode()
    assert 'value="1400"' in shown
    assert '<input type="hidden" name="seen" value="2"' in shown
    assert administrator.post(page(row), typed(employer, quantity="1400", seen="2")).status_code == 302
    assert ActivityReturn.objects.get().quantity == 1400


@pytest.mark.parametrize("seen", ["", "x", "-1", str(10**30)])
def test_a_page_without_its_version_changes_nothing(signed_in: SignIn, employer: Employer, seen: str) -> None:
    administrator = signed_in(Role.ADMINISTRATOR)
    row = recorded(administrator, employer)
    assert administrator.post(page(row), typed(employer, quantity="7", seen=seen)).status_code == 200
    assert ActivityReturn.objects.get().quantity == 1200


def test_what_the_employer_returned_is_shown_and_not_changed(
    signed_in: SignIn, people: dict[Role, User], employer: Employer
) -> None:
    details = ReturnDetails(YEAR, Modality.RADIOTHERAPY, 900, Completeness.COMPLETE)
    (row,) = services.file_returns(employer=employer, details=[details], by=people[Role.EMPLOYER_LEAD])
    administrator = signed_in(Role.ADMINISTRATOR)
    shown = administrator.get(page(row))
    assert shown.status_code == 200
    assert "900" in shown.content.decode()
    assert 'name="quantity"' not in shown.content.decode()
    assert administrator.post(page(row), typed(employer, quantity="7")).status_code == 403
    for source in (EMPLOYERS_RETURN, "National data set"):
        row.quantity, row.source = 7, source
        with pytest.raises(NotAllowedNow, match="Ask its lead"):
            services.record_activity(row=row, version=1, by=people[Role.ADMINISTRATOR])
    assert ActivityReturn.objects.get().quantity == 900


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_record(people: dict[Role, User], employer: Employer, role: Role) -> None:
    row = ActivityReturn(
        employer=employer,
        modality="radiotherapy",
        period_start=YEAR.start,
        period_end=YEAR.end,
        quantity=1,
        source="National data set",
        completeness="complete",
    )
    with pytest.raises(NotPermitted):
        services.record_activity(row=row, version=0, by=people[role])
    assert not ActivityReturn.objects.exists()


def test_a_version_that_went_stale_between_check_and_write_is_refused(
    signed_in: SignIn, people: dict[Role, User], employer: Employer
) -> None:
    row = recorded(signed_in(Role.ADMINISTRATOR), employer)
    row.quantity = 7
    with pytest.raises(StaleVersion):
        services.record_activity(row=row, version=2, by=people[Role.ADMINISTRATOR])
    assert ActivityReturn.objects.get().quantity == 1200
