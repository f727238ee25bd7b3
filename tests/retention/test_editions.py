"""The policies as reference data: proposed by one administrator, approved by another, with a first day and a
history."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.redaction import Group
from regulator.casework.services import restrict
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from regulator.retention.due import due_under
from regulator.retention.editions import check, policies_on, policy_named
from regulator.retention.policies import shipped
from regulator.retention.simulation import simulate
from tests.editions.scene import Two, in_days
from tests.factories import staff
from tests.notifications.pages import boxes, browser, text
from tests.retention.scene import Deciders, closed, long_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]
SOURCE = "CQC, Retention and Disposal Schedule, April 2033"


def says(years: int = 7, *groups: str, source: str = SOURCE) -> dict[str, Any]:
    return {"years": years, "groups": list(groups) or ["texts", "files", "letters"], "source": source}


def test_an_edition_holds_from_its_day_for_its_policy_alone() -> None:
    edition = Two().hold("retention", "notification", says(10, "files"), in_days(5))
    assert policies_on(in_days(4)) == dict(shipped())
    changed = policies_on(in_days(5))
    assert changed["notice"] == shipped()["notice"]
    policy = changed["notification"]
    assert (policy.years, policy.groups, policy.edition) == (10, frozenset({Group.FILES}), edition.pk)
    assert (policy.source, policy.verified, policy.note) == (SOURCE, True, "")
    assert policy == policy_named("notification", in_days(5))
    with pytest.raises(LookupError):
        policy_named("complaint", clock.today())


def test_a_simulation_asks_what_holds_on_its_day() -> None:
    case = closed(on=date(2027, 1, 4))
    assert simulate(in_days(10)).due == 0
    Two().hold("retention", "notification", says(5), in_days(10))
    assert simulate(in_days(9)).due == 0
    assert simulate(in_days(10)).due == 1
    assert case in due_under(policy_named("notification", in_days(10)), in_days(10))


def test_a_list_names_the_edition_under_which_it_was_put_together(deciders: Deciders) -> None:
    closed(on=date(2027, 1, 4))
    edition = Two().hold("retention", "notification", says(5))
    batch = deciders.carried_out(deciders.propose())
    assert (batch.edition_id, batch.years) == (edition.pk, 5)
    assert batch.items.get().outcome == "redacted"


def touched(years: int) -> Any:
    return KINDS.get("retention").touched("notification", in_days(3), says(years))


def test_looking_shows_which_closed_cases_become_due() -> None:
    long_ago()
    first, second = closed(on=date(2027, 1, 4)), closed(on=date(2028, 1, 4))
    closed(on=date(2032, 1, 4))
    found = touched(5)
    assert found.count == 2
    assert [row[0] for row in found.rows] == [str(first), str(second)]
    assert touched(6).count == 1
    assert touched(9).count == touched(7).count == 0
    assert "No closed case becomes due by it." in touched(9).notes
    lead = staff(Role.ENFORCEMENT_MANAGER)
    restrict(case=first, by=lead, version=first.version, reason="In confidence.", people=[lead])
    assert touched(5).rows[0] == ("A restricted case", "")


def test_looking_takes_as_many_queries_at_any_number(django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        closed(on=date(2027, 1, 4))
    with django_assert_max_num_queries(3):
        touched(5)


WRONG = [
    says(0),
    says(101),
    says() | {"years": True},
    says() | {"years": "7"},
    says() | {"years": None},
    says() | {"groups": []},
    says() | {"groups": ["pictures"]},
    says() | {"groups": "texts"},
    says(source="  "),
    {},
]


@pytest.mark.parametrize("content", WRONG)
def test_what_no_policy_can_say_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        check("notification", clock.today(), content)


def test_groups_are_kept_in_their_order_and_once() -> None:
    kept = check("notice", clock.today(), says(3, "letters", "texts", "letters"))
    assert kept == says(3, "texts", "letters")


def test_it_begins_today_at_the_earliest() -> None:
    with pytest.raises(ValidationError):
        Two().propose("retention", "notification", says(8), clock.today() - timedelta(days=1))


def test_saying_the_same_proposes_nothing() -> None:
    now = dict(KINDS.get("retention").present("notice", clock.today()))
    with pytest.raises(ValidationError, match="already"):
        Two().propose("retention", "notice", now)


def test_an_administrator_changes_a_policy_on_the_pages() -> None:
    long_ago()
    closed(on=date(2028, 1, 4))
    two = Two()
    one, other = browser(two.one), browser(two.other)
    address = reverse("admin:editions_edition_propose", args=["retention", "notification"])
    shown = boxes(one.get(address))
    assert shown["years"] == ["7"]
    assert shown["groups"] == ["texts", "files", "letters"]
    sent = shown | {"years": "5", "groups": ["texts"], "source": SOURCE, "reason": "CQC published it."}
    sent |= {"holds_from": clock.today().isoformat()}
    looked = text(one.post(address, sent | {"step": "look"}))
    assert "1" in looked
    assert "What people wrote, Files, Letters that the portal sent" in looked
    assert not Edition.objects.exists()
    assert one.post(address, sent | {"groups": [], "step": "propose"}).status_code == 400
    assert one.post(address, sent | {"step": "propose"}).status_code == 302
    approve = reverse("admin:editions_edition_do", args=[Edition.objects.get().pk, "approve"])
    assert one.post(approve, {"version": 1}).status_code == 409
    assert other.post(approve, {"version": 1}).status_code == 302
    assert policies_on(clock.today())["notification"].years == 5
    assert "5 years from the closing of the case" in text(
        other.get("/desk/retention/retentionbatch/overview/")
    )
