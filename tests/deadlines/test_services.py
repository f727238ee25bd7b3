"""A case's ``next_due_on`` is always the earliest of its open deadlines, whatever is done to them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing
from regulator.deadlines.calendar import horizon
from regulator.deadlines.desk import clocks, standing
from regulator.deadlines.kinds import DEADLINES, Counting, DeadlineKind
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import (
    due_date,
    end_deadlines,
    extend_deadline,
    meet_deadline,
    open_deadline,
    resume_deadline,
)
from tests.casework.conftest import SETTING_UP

pytestmark = pytest.mark.django_db
START = date(2026, 3, 2)
NAMES = ("tests.fourteen", "tests.ten_working", "tests.any")


def kind(name: str, days: int | None, counting: Counting = Counting.CALENDAR) -> DeadlineKind:
    return DeadlineKind(name, name, days, counting, "A test", (), "deadline-reminder", lambda case: [])


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    """The day on which the clocks here start."""
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        yield


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for spec in (kind(NAMES[0], 14), kind(NAMES[1], 10, Counting.WORKING), kind(NAMES[2], None)):
        monkeypatch.setitem(DEADLINES._items, spec.name, spec)


def start(
    case: Case, name: str = NAMES[0], *, start_on: date = START, due_on: date | None = None
) -> Deadline:
    with changing(case, version=case.version) as held:
        return open_deadline(case=held, kind=name, start_on=start_on, due_on=due_on, by=SETTING_UP)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("open", "meet", "extend", "end")),
        st.sampled_from(NAMES),
        st.integers(min_value=0, max_value=40),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_next_due_on_is_the_earliest_open_deadline_after_any_history(
    steps: list[tuple[str, str, int]], make_case: Callable[..., Case], officer: User
) -> None:
    case = make_case()
    for deed, name, days in steps:
        with changing(case, version=case.version) as held:
            _do(deed, held, name, days, officer)
        opened = [each.due_on for each in Deadline.objects.filter(case=case) if each.is_open]
        case.refresh_from_db()
        assert case.next_due_on == min(opened, default=None)


def _do(deed: str, held: Case, name: str, days: int, officer: User) -> None:
    day = START + timedelta(days=days)
    if deed == "open":
        due_on = day if DEADLINES.get(name).days is None else None
        open_deadline(case=held, kind=name, start_on=START if due_on else day, due_on=due_on, by=SETTING_UP)
    elif deed == "meet":
        meet_deadline(case=held, kind=name, on=day, by=SETTING_UP)
    elif deed == "end":
        end_deadlines(case=held, by=SETTING_UP)
    else:
        running = Deadline.objects.open().filter(case=held, kind=name).first()
        if running:
            later = running.due_on + timedelta(days=days + 1)
            extend_deadline(case=held, deadline=running, due_on=later, reason="Asked for", by=officer)


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER)


def test_days_are_counted_as_the_kind_says() -> None:
    assert due_date(NAMES[0], START) == date(2026, 3, 16)
    assert due_date(NAMES[1], date(2026, 3, 30)) == date(2026, 4, 15)  # over Easter
    with pytest.raises(ValueError, match="set by a person"):
        due_date(NAMES[2], START)


def test_starting_a_clock_twice_keeps_one_row_and_records_it_once(case: Case) -> None:
    assert start(case).pk == start(case).pk
    assert case.events.filter(type="deadlines.opened").count() == 1
    assert start(case, start_on=START + timedelta(days=1)).due_on == date(2026, 3, 17)
    assert Deadline.objects.filter(case=case).count() == 1


def test_a_clock_that_was_stopped_can_be_started_again(case: Case) -> None:
    start(case)
    with changing(case, version=case.version) as held:
        assert meet_deadline(case=held, kind=NAMES[0], on=START, by=SETTING_UP) is not None
        assert meet_deadline(case=held, kind=NAMES[0], on=START, by=SETTING_UP) is None
    assert start(case).is_open


def test_an_extension_needs_a_later_day_a_reason_and_a_running_clock(case: Case, officer: User) -> None:
    deadline = start(case)

    def extend(due_on: date, reason: str) -> None:
        with changing(case, version=case.version) as held:
            extend_deadline(case=held, deadline=deadline, due_on=due_on, reason=reason, by=officer)

    with pytest.raises(ValidationError, match="later"):
        extend(deadline.due_on, "Asked for")
    with pytest.raises(ValidationError, match="reason"):
        extend(deadline.due_on + timedelta(days=1), " ")
    extend(deadline.due_on + timedelta(days=1), "Asked for")
    deadline.refresh_from_db()
    assert (deadline.first_due_on, deadline.due_on) == (date(2026, 3, 16), date(2026, 3, 17))
    with changing(case, version=case.version) as held:
        end_deadlines(case=held, by=SETTING_UP)
    with pytest.raises(NotAllowedNow):
        extend(deadline.due_on + timedelta(days=9), "Asked for")


def test_a_resumed_clock_keeps_what_it_first_was_and_what_extended_it(case: Case, officer: User) -> None:
    deadline = start(case)
    first, later, last = (START + timedelta(days=days) for days in (14, 30, 40))
    with changing(case, version=case.version) as held:
        extend_deadline(case=held, deadline=deadline, due_on=later, reason="Asked for", by=officer)
        end_deadlines(case=held, by=SETTING_UP)
    for asked, expected in ((None, later), (last, last)):
        with changing(case, version=case.version) as held:
            resumed = resume_deadline(case=held, kind=NAMES[0], due_on=asked, by=SETTING_UP)
        assert resumed is not None
        resumed.refresh_from_db()
        assert (resumed.pk, resumed.is_open) == (deadline.pk, True)
        assert (resumed.first_due_on, resumed.due_on) == (first, expected)
        assert held.next_due_on == expected
        assert [each.former_due_on for each in resumed.extensions.all()] == [first]
    with changing(case, version=case.version) as held:
        assert resume_deadline(case=held, kind=NAMES[0], by=SETTING_UP) is not None
        assert resume_deadline(case=held, kind=NAMES[1], by=SETTING_UP) is None
    assert case.events.filter(type="deadlines.resumed").count() == 2


@pytest.mark.parametrize(("met_after", "late"), [(14, False), (15, True)])
def test_what_is_done_on_the_last_day_is_in_time(case: Case, met_after: int, late: bool) -> None:
    start(case)
    with changing(case, version=case.version) as held:
        met = meet_deadline(case=held, kind=NAMES[0], on=START + timedelta(days=met_after), by=SETTING_UP)
    assert met is not None
    assert met.is_late is late


def test_a_working_day_counted_past_the_known_bank_holidays_is_recorded_and_told(case: Case) -> None:
    known, unknown = horizon() - timedelta(days=30), horizon()
    assert "check this date" not in start(case, NAMES[1], start_on=known).rule
    doubtful = start(case, NAMES[1], start_on=unknown)
    sentence = f"Bank holidays beyond {horizon().year} are not yet published: check this date"
    assert sentence in doubtful.rule
    assert any(sentence in str(row) for row in clocks(case).rows)
    assert "check this date" not in start(case, NAMES[0], start_on=unknown).rule
    assert "check this date" not in start(case, NAMES[2], start_on=known, due_on=date(2099, 1, 1)).rule
    opened = case.events.filter(type="deadlines.opened").order_by("sequence")
    assert [each.payload.get("beyond_horizon") for each in opened] == [None, True, None, None]


def test_a_window_that_merely_closes_is_over_and_never_overdue(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = start(case, start_on=START - timedelta(days=60))
    assert standing(window).startswith("Overdue by")
    monkeypatch.setitem(DEADLINES._items, NAMES[0], replace(DEADLINES.get(NAMES[0]), escalates=False))
    assert standing(window) == "Over"
