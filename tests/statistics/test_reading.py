"""A query behind several figures is asked once in a reading, and anew in the next."""

from threading import Thread

from regulator.periods import Period, reporting_year
from regulator.statistics.reading import one_reading, read_once

YEAR, BEFORE = reporting_year("2023/24"), reporting_year("2022/23")
asked: list[str] = []


@read_once
def counted(period: Period) -> int:
    asked.append(period.label)
    return len(asked)


@read_once
def counted_otherwise(period: Period) -> int:
    asked.append(f"otherwise {period.label}")
    return len(asked)


def test_each_query_is_asked_once_for_each_period() -> None:
    asked.clear()
    with one_reading():
        assert counted(YEAR) == counted(YEAR) == 1
        assert counted(BEFORE) == 2
        assert counted_otherwise(YEAR) == 3
        assert counted(YEAR) == 1
    assert asked == ["2023/24", "2022/23", "otherwise 2023/24"]


def test_outside_a_reading_and_in_the_next_it_is_asked_anew() -> None:
    asked.clear()
    assert (counted(YEAR), counted(YEAR)) == (1, 2)
    with one_reading():
        assert counted(YEAR) == 3
    with one_reading():
        assert counted(YEAR) == 4


def test_another_thread_does_not_share_the_answers() -> None:
    asked.clear()
    with one_reading():
        counted(YEAR)
        other = Thread(target=counted, args=(YEAR,))
        other.start()
        other.join()
    assert asked == ["2023/24", "2023/24"]
