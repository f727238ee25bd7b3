"""What would happen on a day: counts by policy, reason and kind of thing; the command; nothing is written."""

import io
import json
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Attachment, Case, DisclosureBundle
from regulator.casework.redaction import REDACTORS, Group
from regulator.retention import services, simulation
from regulator.retention.policies import shipped
from regulator.retention.simulation import Outlook, simulate
from tests.factories import Cast, staff
from tests.retention.scene import WHY, closed, long_ago

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("travel")]


def outlook(as_of: date | None = None, kind: str = "notification") -> Outlook:
    return next(each for each in simulate(as_of or clock.today()).outlooks if each.policy.kind == kind)


def attach(case: Case, size: int) -> None:
    Attachment.objects.create(
        case=case,
        name="log.txt",
        content_type="text/plain",
        size=size,
        sha256="0",
        uploaded_by=staff(),
        file=f"{case.pk}.txt",
    )


def everything() -> dict[str, list[Any]]:
    return {
        table._meta.label: sorted(table._base_manager.values_list(), key=str)
        for table in apps.get_models()
        if table._meta.managed
    }


def test_cases_and_what_is_on_them_are_counted_by_policy() -> None:
    cast = Cast()
    due, held = [long_ago(cast), long_ago()], long_ago()
    closed(on=date(2032, 1, 4))
    services.place_hold(case=held, by=staff(), reason=WHY)
    Case.objects.filter(pk=held.pk).update(next_due_on=clock.today())
    for case in due:
        attach(case, 1_000)
    attach(held, 7)
    bundle = DisclosureBundle(
        case=due[0], asked_by=staff(), up_to=1, state="ready", size=500, file="b.zip", made_at=clock.now()
    )
    bundle.event = due[0].events.order_by("sequence")[0]
    bundle.asked_at = clock.now()
    bundle.sha256 = "0" * 64
    bundle.save()
    found = outlook()
    assert (found.old, found.due) == (3, 2)
    assert {name: count for name, count in found.kept.items() if count} == {"hold": 1, "clock": 1}
    assert dict(found.reasons)["One of its clocks still runs."] == 1
    assert (found.files, found.bytes) == (3, 2_500)
    assert found.removed["casework.notes"] == 2
    labels = {label: count for _, label, count in found.things}
    assert labels["Notes"] == 2
    groups = [group for group, *_ in found.things]
    order = [group.label for group in Group]
    assert groups == sorted(groups, key=order.index)
    assert simulate(clock.today()).due == 2
    assert outlook(kind="notice").due == 0


def test_what_was_counted_is_what_is_removed() -> None:
    cases = [long_ago() for _ in range(3)]
    counted = dict(outlook().removed)
    people = [staff(Role.ENFORCEMENT_MANAGER) for _ in range(3)]
    batch = services.propose_batch(as_of=clock.today(), policy="notification", by=people[0])
    for version, by in enumerate(people[1:], start=1):
        services.approve_batch(batch=batch, by=by, version=version)
    services.redact_due()
    removed: dict[str, int] = {}
    for case in cases:
        event = case.events.get(type="casework.redacted")
        for name, number in event.payload["removed"].items():
            removed[name] = removed.get(name, 0) + number
    assert {name: removed.get(name, 0) for name in counted} == counted
    assert outlook().old == 0


def test_simulating_writes_nothing() -> None:
    long_ago()
    before = everything()
    simulate(clock.today())
    simulate(date(2050, 1, 1), things=False)
    call_command("simulate_retention", stdout=io.StringIO())
    assert everything() == before


def test_many_cases_are_counted_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        long_ago()
    whole = dict(outlook().removed)
    monkeypatch.setattr(simulation, "AT_ONCE", 2)
    assert dict(outlook().removed) == whole


@pytest.mark.parametrize("size", [1, 8])
def test_it_takes_as_many_queries_at_any_size(size: int, django_assert_max_num_queries: Any) -> None:
    for _ in range(size):
        long_ago()
    with django_assert_max_num_queries(4):
        simulate(clock.today(), things=False)
    with django_assert_max_num_queries(4 + len(shipped()) + len(REDACTORS)):
        simulate(clock.today())


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("simulate_retention", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_says_it_in_words_and_as_json() -> None:
    case = long_ago()
    services.place_hold(case=long_ago(), by=staff(), reason=WHY)
    words = printed()
    assert "As of 3 May 2033" in words
    assert "Notifications: 7 years from the closing of the case" in words
    assert "Old enough: 2. Due: 1." in words
    assert "Kept: 1. A legal hold stands on it or on its employer." in words
    assert "Would be removed: 1 of Notes" in words
    assert str(case) not in words
    found = json.loads(printed("--as-of", "2033-05-03", "--json"))
    assert found["as_of"] == "2033-05-03"
    first = found["policies"][0]
    assert (first["policy"], first["due"], first["kept"]["hold"]) == ("notification", 1, 1)
    assert first["removed"]["texts"]["casework.notes"] == 1
    assert json.loads(printed("--as-of", "2030-01-01", "--json"))["policies"][0]["due"] == 0


@pytest.mark.parametrize("day", ["tomorrow", "2033-02-30", "03/05/2033"])
def test_a_day_that_is_none_is_told(day: str) -> None:
    with pytest.raises(CommandError, match="is no day"):
        printed("--as-of", day)
