"""The totals are the figures, whatever happens to the cases, in whatever order, and whoever is killed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from notifications import services
from notifications.models import Notification
from notifications.services.merging import merge
from regulator.casework.chain import FOLLOWERS
from regulator.casework.errors import NotAllowedNow
from regulator.organisations.models import Employer, EmployerType, Modality
from regulator.periods import Period
from regulator.statistics.figures import FIGURES
from regulator.statistics.totals import following
from regulator.statistics.totals.following import anything_to_follow, follow, recount
from regulator.statistics.totals.models import CountedCase, Mark, Revision, Total
from regulator.statistics.totals.tasks import FOLLOW, follow_cases, recount_cases
from tests.factories import Cast, a_cause, amended, complete, notification_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
EVER = Period("ever", date(2000, 1, 1), date(2999, 12, 31))
YEAR = Period("2026/27", date(2026, 4, 1), date(2027, 3, 31))


def caught_up() -> None:
    while follow():
        pass


def totals(period: Period, dimension: str, series: str = "notifications") -> dict[str, dict[str, int]]:
    """The totals of whole months, by modality and value."""
    found: dict[str, Counter[str]] = {}
    rows = Total.objects.filter(series=series, dimension=dimension)
    rows = rows.filter(month__gte=period.start, month__lte=period.end)
    for row in rows:
        found.setdefault(row.modality or "not_stated", Counter())[row.value or "not_stated"] += row.number
    return {name: dict(counts) for name, counts in found.items()}


def leaves(tree: dict[str, Any], path: tuple[str, ...] = ()) -> dict[str, int]:
    found: dict[str, int] = {}
    for label, node in tree.items():
        if isinstance(node, dict):
            found |= leaves(node["parts"], (*path, label))
        else:
            found[" > ".join((*path, label))] = node
    return found


def figure(name: str, period: Period) -> Any:
    return FIGURES.get(name).compute(period)


def without_noughts(table: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    cleared = {name: {key: n for key, n in counts.items() if n} for name, counts in table.items()}
    return {name: counts for name, counts in cleared.items() if counts}


def assert_equal_to_the_figures(period: Period) -> None:
    held = figure("notifications", period)
    counted = totals(period, "all")
    assert {name: sum(counts.values()) for name, counts in counted.items()} == {
        name: number for name, number in held["by_modality"].items() if number
    }
    kinds = figure("notifications_by_sub_modality", period)["by_modality"]
    assert totals(period, "sub_modality") == without_noughts(kinds)
    types = figure("notifications_by_employer_type", period)["by_modality"]
    counts = {name: {key: row["count"] for key, row in rows.items()} for name, rows in types.items()}
    assert totals(period, "employer_type") == without_noughts(counts)
    causes = figure("notifications_by_cause", period)
    tiers: Counter[str] = Counter()
    for by_value in totals(period, "tier1").values():
        tiers.update(by_value)
    uncoded = sum(causes["not_yet_coded"].values())
    assert dict(tiers) == causes["tier1"] | ({"not_stated": uncoded} if uncoded else {})
    trees = {
        name: leaves(tree) | ({"not_stated": causes["not_yet_coded"].get(name, 0)})
        for name, tree in causes["by_modality"].items()
    }
    assert totals(period, "cause") == without_noughts(trees)


def _submit(cast: Cast, held: list[Notification], modality: str) -> None:
    content = complete(modality=modality)
    draft = services.start_draft(employer=cast.employer, by=cast.reporter, content=content)
    held.append(draft)
    services.submit(notification=draft, by=cast.reporter, version=draft.case.version)


def _last(held: list[Notification], *states: str) -> Notification | None:
    for each in reversed(held):
        each.refresh_from_db()
        each.case.refresh_from_db()
        if each.case.status in states:
            return each
    return None


_OPEN = ("submitted", "triaged", "awaiting_report", "report_received", "under_review")


def _withdraw(cast: Cast, held: list[Notification], modality: str) -> None:
    if found := _last(held, *_OPEN):
        services.withdraw(
            notification=found, by=cast.reporter, version=found.case.version, reason="Sent twice."
        )


def _reject(cast: Cast, held: list[Notification], modality: str) -> None:
    if found := _last(held, *_OPEN):
        services.reject(
            notification=found, by=cast.officer, version=found.case.version, reason="Below the threshold."
        )


def _reopen(cast: Cast, held: list[Notification], modality: str) -> None:
    if found := _last(held, "withdrawn", "not_notifiable", "merged"):
        services.reopen(notification=found, by=cast.officer, version=found.case.version, reason="A mistake.")


def _merge(cast: Cast, held: list[Notification], modality: str) -> None:
    found, into = _last(held, *_OPEN), _last(held[:-1], *_OPEN)
    if found and into and found.pk != into.pk:
        merge(
            notification=found,
            into=into.case.reference or "",
            by=cast.officer,
            version=found.case.version,
            reason="One incident.",
        )


def _code(cast: Cast, held: list[Notification], modality: str) -> None:
    cast_of_review = notification_in("under_review", cast=cast, modality=modality)
    held.append(cast_of_review)
    services.code_cause(
        notification=cast_of_review,
        by=cast.officer,
        version=cast_of_review.case.version,
        cause=a_cause(modality),
    )


def _amend(cast: Cast, held: list[Notification], modality: str) -> None:
    if found := _last(held, *_OPEN):
        kinds = {"diagnostic_imaging": "dental", "radiotherapy": "brachytherapy", "nuclear_medicine": "pet"}
        sub_modality = kinds[found.case.modality]
        if found.sub_modality != sub_modality:
            amended(found, cast.reporter, sub_modality=sub_modality)


def _retype(cast: Cast, held: list[Notification], modality: str) -> None:
    employer = Employer.objects.get(pk=cast.employer.pk)
    is_acute = employer.type == EmployerType.NHS_ACUTE
    employer.type = EmployerType.INDEPENDENT if is_acute else EmployerType.NHS_ACUTE
    employer.save()


def _turn(cast: Cast, held: list[Notification], modality: str) -> None:
    follow()


Deed = Callable[[Cast, list[Notification], str], None]
DEEDS: list[Deed] = [_submit, _submit, _withdraw, _reject, _reopen, _merge, _code, _amend, _retype, _turn]
STEPS = st.tuples(st.sampled_from(DEEDS), st.sampled_from(Modality.values), st.integers(0, 40))


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a case is dear, and to make it smaller takes many
)
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_after_any_deeds_the_totals_are_the_figures(steps: list[tuple[Deed, str, int]]) -> None:
    with time_machine.travel(datetime(2026, 4, 20, 10, tzinfo=UTC), tick=False) as traveller, a_try():
        cast, held = Cast(), list[Notification]()
        for deed, modality, days in steps:
            with suppress(ValidationError, NotAllowedNow), transaction.atomic():
                deed(cast, held, modality)  # a service may refuse it: then nothing was done
            traveller.shift(timedelta(days=days))
        caught_up()
        for period in (YEAR, Period("a quarter", date(2026, 5, 1), date(2026, 7, 31))):
            assert_equal_to_the_figures(period)
        assert recount() == {}
        assert Total.objects.filter(number__lte=0).count() == 0


@contextmanager
def a_try() -> Iterator[None]:
    """What one example does, undone at its end: the next begins with nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_case_counts_on_the_day_of_london() -> None:
    with time_machine.travel(datetime(2026, 4, 30, 23, 30, tzinfo=UTC), tick=False):
        notification_in("submitted")
        caught_up()
    assert list(Total.objects.filter(dimension="all").values_list("month", "number")) == [
        (date(2026, 5, 1), 1)
    ]


def test_a_turn_is_idempotent_and_one_with_nothing_to_do_writes_nothing() -> None:
    notification_in("submitted")
    assert follow() > 0
    rows, revision = list(Total.objects.order_by("pk").values()), Revision.objects.get().number
    Mark.objects.update(followed_to=0)
    assert follow() > 0
    assert list(Total.objects.order_by("pk").values()) == rows
    assert Revision.objects.get().number == revision
    with CaptureQueriesContext(connection) as captured:
        assert follow() == 0
    assert not [each for each in captured if not each["sql"].startswith("SELECT")]


def test_a_worker_that_dies_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    notification_in("submitted")
    monkeypatch.setattr(Mark, "save", _die)
    with pytest.raises(KeyboardInterrupt):
        follow()
    monkeypatch.undo()
    assert not Total.objects.exists()
    assert not CountedCase.objects.exists()
    caught_up()
    assert Total.objects.get(dimension="all").number == 1


def _die(*given: object, **named: object) -> None:
    raise KeyboardInterrupt


def test_the_number_of_queries_does_not_grow_with_the_cases() -> None:
    cast = Cast()
    notification_in("submitted", cast=cast)
    with CaptureQueriesContext(connection) as one:
        follow()
    for _ in range(5):
        notification_in("submitted", cast=cast)
    with CaptureQueriesContext(connection) as five:
        follow()
    assert len(five) <= len(one)
    assert len([each for each in one if "SAVEPOINT" not in each["sql"]]) <= 20


def test_a_turn_takes_no_more_than_it_may_and_the_next_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = Cast()
    for _ in range(3):
        notification_in("submitted", cast=cast)
    monkeypatch.setattr(following, "A_TURN", 2)
    caught_up()
    assert sum(Total.objects.filter(dimension="all").values_list("number", flat=True)) == 3
    cast.employer.type = EmployerType.DENTAL
    cast.employer.save()
    assert follow() == 2
    assert anything_to_follow()
    caught_up()
    assert totals(EVER, "employer_type") == {"diagnostic_imaging": {"dental": 3}}


def test_what_is_wrong_is_found_said_and_put_right(capsys: pytest.CaptureFixture[str]) -> None:
    kept, lost = notification_in("submitted"), notification_in("submitted")
    caught_up()
    Total.objects.filter(dimension="all").update(number=7)
    CountedCase.objects.filter(pk=lost.pk).delete()
    call_command("rebuild_totals")
    said = capsys.readouterr().out
    assert "notifications / " in said
    assert "2 cases count" in said
    assert Total.objects.get(dimension="all").number == 2
    assert set(CountedCase.objects.values_list("pk", flat=True)) == {kept.pk, lost.pk}
    call_command("rebuild_totals")
    assert capsys.readouterr().out == "2 cases count; 0 totals were put right.\n"


def test_the_nightly_count_says_up_to_which_day_is_counted() -> None:
    with time_machine.travel(datetime(2026, 5, 1, 12, tzinfo=UTC), tick=False):
        notification_in("submitted")
        caught_up()
    before = Revision.objects.get()
    with time_machine.travel(datetime(2026, 5, 2, 1, 40, tzinfo=UTC), tick=False):
        assert recount_cases() == 0
        after = Revision.objects.get()
        assert (after.number, after.counted_on) == (before.number + 1, date(2026, 5, 2))
        assert recount_cases() == 0
        assert Revision.objects.get().number == after.number


def test_the_worker_is_told_after_commit_and_follows() -> None:
    assert FOLLOW in FOLLOWERS.values()
    notification_in("submitted")
    assert follow_cases() > 0
    assert follow_cases() == 0


def test_what_is_no_statutory_notification_is_not_counted() -> None:
    for state in ("draft", "discarded", "withdrawn"):
        notification_in(state)
    caught_up()
    assert not Total.objects.exists()
