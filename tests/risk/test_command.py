"""``manage.py run_risk``: as of today or another day, once where that is asked, never of a day to come."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.management import CommandError, call_command

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.risk import services
from regulator.risk.models import RiskRun
from regulator.runtime.preparation import PREPARATION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2026, 5, 1, 12, tzinfo=UTC)):
        yield


def test_a_run_is_as_of_today_unless_a_day_is_given() -> None:
    call_command("run_risk")
    call_command("run_risk", "--as-of", "2024-03-31")
    assert [run.as_of for run in RiskRun.objects.done()] == [date(2026, 5, 1), date(2024, 3, 31)]


def test_a_run_is_repeated_unless_it_is_asked_for_once() -> None:
    for _ in range(2):
        call_command("run_risk", "--as-of", "2024-03-31", "--once")
    assert RiskRun.objects.count() == 1
    call_command("run_risk", "--as-of", "2024-03-31")
    assert RiskRun.objects.done().count() == 2


def test_once_does_what_an_interrupted_start_left_waiting() -> None:
    services.queue_run(as_of=date(2024, 3, 31), by=Scheduled("risk.run_risk"))
    call_command("run_risk", "--as-of", "2024-03-31", "--once")
    assert RiskRun.objects.get().state == RiskRun.State.DONE


@pytest.mark.parametrize(("day", "said"), [("2026-05-02", "a day to come"), ("31 March", "is not a date")])
def test_a_day_to_come_or_none_at_all_is_refused(day: str, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("run_risk", "--as-of", day)
    assert not RiskRun.objects.exists()


def test_the_demonstration_is_prepared_with_a_run_once_the_year_is_loaded() -> None:
    names = [step.name for step in PREPARATION]
    run = names.index("run_risk --as-of 2024-03-31 --once")
    assert run > next(place for place, name in enumerate(names) if name.startswith("load_year"))
