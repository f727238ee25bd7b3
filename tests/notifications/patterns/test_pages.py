"""Duplicates and clusters on the desk: who sees which, the form, and how many queries the pages take."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import services
from notifications.models import Notification, Pattern, PatternCase
from regulator import clock
from regulator.accounts.roles import STAFF_ROLES, Role
from regulator.casework.models import Case, RestrictedView
from tests.casework.closing import closed_to
from tests.factories import Cast, notification_in, staff
from tests.notifications.pages import browser

pytestmark = pytest.mark.usefixtures("reference")
LIST = "/desk/notifications/pattern/"
READERS = STAFF_ROLES - {Role.ADMINISTRATOR}


def pair(number: int = 0) -> tuple[Notification, Notification]:
    cast = Cast()
    text = " ".join(f"word{number}x{each}" for each in range(12))
    first, second = (notification_in("submitted", cast=cast, narrative=text) for _ in range(2))
    services.look_for_patterns()
    return first, second


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_readers_of_cases_see_the_pages_and_only_officers_the_form(role: Role) -> None:
    first, second = pair()
    client = browser(staff(role))
    page = f"{LIST}{Pattern.objects.get().pk}/"
    expected = 200 if role in READERS else 403
    assert [client.get(each).status_code for each in (LIST, page)] == [expected, expected]
    if role in READERS:
        shown = client.get(page).content.decode()
        assert str(first) in shown
        assert str(second) in shown
        assert ("Record the decision" in shown) is (role in (Role.CASE_OFFICER, Role.INSPECTOR))


def test_an_employers_person_and_a_visitor_find_nothing() -> None:
    pair()
    page = f"{LIST}{Pattern.objects.get().pk}/"
    for person in (Cast().reporter, None):
        assert browser(person).get(page).status_code in (302, 403, 404)


def test_home_counts_what_waits_and_leads_to_it() -> None:
    pair()
    client = browser(staff())
    assert "Possible duplicates" in client.get("/desk/").content.decode()
    found = client.get(f"{LIST}?state=proposed&kind=duplicate")
    assert [each.pk for each in found.context["cl"].result_list] == [Pattern.objects.get().pk]
    assert client.get(f"{LIST}?state=proposed&kind=cluster").context["cl"].result_count == 0
    assert client.get(f"{LIST}?state=nonsense").status_code == 302


def test_a_decision_by_the_form_and_what_it_refuses() -> None:
    first, _ = pair()
    pattern = Pattern.objects.get()
    client = browser(staff())
    page = f"{LIST}{pattern.pk}/"
    empty = client.post(page, {"version": pattern.version})
    assert empty.status_code == 400
    assert set(empty.context["form"].errors) == {"outcome", "reason"}
    named = client.post(page, {"version": 1, "outcome": "confirm", "reason": "Dr Patel rang."})
    assert named.status_code == 400
    assert "Dr Patel rang." in named.content.decode()
    Pattern.objects.filter(pk=pattern.pk).update(version=2)
    stale = client.post(page, {"version": 1, "outcome": "dismiss", "reason": "Two people."})
    assert stale.status_code == 409
    assert 'name="version" value="2"' in stale.content.decode()
    assert "Two people." in stale.content.decode()
    assert client.post(page, {"version": 2, "outcome": "confirm", "reason": "One list."}).status_code == 302
    shown = client.get(page).content.decode()
    assert "Confirmed by" in shown
    assert f"/desk/casework/case/{first.pk}/do/merge/" in shown
    again = client.post(page, {"version": 3, "outcome": "dismiss", "reason": "Two people."})
    assert again.status_code == 409
    assert Pattern.objects.get().state == "confirmed"


def test_of_a_restricted_case_in_a_cluster_only_the_number_is_told() -> None:
    first, second = (notification_in("submitted") for _ in range(2))
    pattern = Pattern.objects.create(kind="equipment", key="equipment:acme", title="Acme")
    for each in (first, second):
        PatternCase.objects.create(pattern=pattern, notification=each)
    insider, outsider = staff(), staff()
    closed_to(Case.objects.get(pk=second.pk), insider, by=staff(Role.ENFORCEMENT_MANAGER))
    page = f"{LIST}{pattern.pk}/"
    text = browser(outsider).get(page).content.decode()
    assert "1 more is restricted" in text
    assert str(second) not in text
    assert "Record the decision" not in text
    assert str(first) in text
    assert not RestrictedView.objects.exists()
    assert "Record the decision" in browser(insider).get(page).content.decode()
    looked = RestrictedView.objects.get()
    assert (looked.case_id, looked.person) == (second.pk, insider)


def test_a_duplicate_of_a_restricted_case_is_not_found() -> None:
    _, second = pair()
    insider, outsider = staff(), staff()
    closed_to(Case.objects.get(pk=second.pk), insider, by=staff(Role.ENFORCEMENT_MANAGER))
    page = f"{LIST}{Pattern.objects.get().pk}/"
    assert [browser(each).get(page).status_code for each in (insider, outsider)] == [200, 404]


@pytest.mark.parametrize("path", ["0", "99999999999999999999999"])
def test_a_pattern_that_is_not_there_is_not_found(path: str) -> None:
    assert browser(staff()).get(f"{LIST}{path}/").status_code == 404


def queries(client: Any, page: str) -> int:
    with CaptureQueriesContext(connection) as made:
        assert client.get(page).status_code == 200
    return len(made)


def test_the_pages_take_as_many_queries_for_many_as_for_few() -> None:
    client = browser(staff())
    pair()
    first = Pattern.objects.get()
    few = queries(client, LIST), queries(client, f"{LIST}{first.pk}/")
    for each in range(1, 5):
        pair(each)
    for each in range(6):
        told = notification_in("submitted", discovered_on=clock.today() - timedelta(days=each + 1))
        PatternCase.objects.create(pattern=first, notification=told)
    assert (queries(client, LIST), queries(client, f"{LIST}{first.pk}/")) == few
    assert max(few) <= 8
