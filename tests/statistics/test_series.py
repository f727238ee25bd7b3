"""Breaks in series: dated, with reasons, found between any two periods."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.periods import Period, reporting_year
from regulator.statistics.changes import Verdict, change, statement
from regulator.statistics.series import Concerns, all_breaks, between, notes

days = st.dates(date(2005, 1, 1), date(2030, 12, 31))


def _calendar(year: int) -> Period:
    return Period(str(year), date(year, 1, 1), date(year, 12, 31))


def _names(one: Period, other: Period, of: Concerns = Concerns.NOTIFICATIONS) -> list[str]:
    return [each.name for each in between(one, other, of)]


FIFTEEN = Period("2017 and January to March 2018", date(2017, 1, 1), date(2018, 3, 31))
TEN = Period("2019/20 (10 months)", date(2019, 6, 3), date(2020, 3, 31))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (_calendar(2008), _calendar(2009), []),
        (_calendar(2015), _calendar(2016), []),
        (_calendar(2016), FIFTEEN, ["lengths"]),
        (FIFTEEN, reporting_year("2018/19"), ["reporting-years", "lengths"]),
        (_calendar(2016), reporting_year("2018/19"), ["reporting-years"]),
        (reporting_year("2018/19"), reporting_year("2019/20"), ["saue-2019"]),
        (reporting_year("2018/19"), TEN, ["saue-2019", "lengths"]),
        (TEN, reporting_year("2020/21"), ["pandemic", "saue-2020", "lengths"]),
        (reporting_year("2020/21"), reporting_year("2021/22"), ["pandemic", "saue-2020"]),
        (reporting_year("2021/22"), reporting_year("2022/23"), []),
        (reporting_year("2022/23"), reporting_year("2023/24"), ["saue-2023"]),
        (reporting_year("2023/24"), reporting_year("2024/25"), []),
    ],
    ids=lambda value: value.label if isinstance(value, Period) else "",
)
def test_the_breaks_between_the_published_periods(one: Period, other: Period, expected: list[str]) -> None:
    assert _names(one, other) == expected
    assert _names(other, one) == expected


def test_inspections_go_on_where_only_the_criteria_changed() -> None:
    years = reporting_year("2022/23"), reporting_year("2023/24")
    assert _names(*years, Concerns.EVERYTHING) == []
    assert _names(*years) == ["saue-2023"]
    assert _names(reporting_year("2019/20"), reporting_year("2020/21"), Concerns.EVERYTHING) == ["pandemic"]


def test_months_within_the_pandemic_are_compared_and_across_its_end_are_not() -> None:
    may = Period("May 2020", date(2020, 5, 1), date(2020, 5, 31))
    june = Period("June 2020", date(2020, 6, 1), date(2020, 6, 30))
    later = Period("May 2021", date(2021, 5, 1), date(2021, 5, 31))
    assert _names(may, june) == []
    assert _names(may, later, Concerns.EVERYTHING) == ["pandemic"]


@given(start=days, length=st.integers(1, 900))
def test_a_period_differs_from_itself_only_where_the_counting_changed_within(
    start: date, length: int
) -> None:
    period = Period("x", start, start + timedelta(days=length - 1))
    changed = {each.name for each in all_breaks() if each.on and start < each.on <= period.end}
    found = {each.name for each in between(period, period)}
    assert changed <= found
    assert found <= changed | {"pandemic"}


@given(first=days, second=days, gap=st.integers(0, 900))
def test_periods_on_one_side_of_every_break_are_comparable(first: date, second: date, gap: int) -> None:
    one, other = Period("a", first, first), Period("b", second, second)
    low, high = sorted((first, second))
    crossed = [
        each
        for each in all_breaks()
        if each.on
        and (
            low < each.on <= high
            if each.until is None
            else (each.on <= low <= each.until) != (each.on <= high <= each.until)
        )
    ]
    assert list(between(one, other)) == crossed


def test_the_note_names_the_years_and_the_reason() -> None:
    found = notes(reporting_year("2022/23"), reporting_year("2023/24"))
    assert found[0] == "Break in series: 2022/23 and 2023/24 were not counted alike."
    assert "50% more than intended" in found[1]
    assert notes(reporting_year("2023/24"), reporting_year("2024/25")) == ()
    assert notes(_calendar(2016), FIFTEEN)[1].startswith(
        "2016 has 366 days and 2017 and January to March 2018 has 455."
    )


def test_the_published_rise_of_2023_24_is_not_stated_as_one() -> None:
    found = change(727, 819, breaks=notes(reporting_year("2022/23"), reporting_year("2023/24")))
    assert found.verdict is Verdict.UNKNOWN
    assert "cannot be stated as a rise or a fall" in statement(found)
    assert found.percent is not None
    assert str(found.percent.value.quantize(found.percent.value.__class__("0.1"))) == "12.7"


def test_the_days_of_the_criteria_are_those_by_which_notifications_are_checked() -> None:
    file = Path(__file__).parents[2] / "notifications" / "data" / "criteria.json"
    regimes = json.loads(file.read_text(encoding="utf-8"))["regimes"]
    expected = [date.fromisoformat(each["effective_from"]) for each in regimes if each["effective_from"]]
    assert [each.on for each in all_breaks() if each.concerns is Concerns.NOTIFICATIONS] == expected


def test_every_break_has_a_reason_and_a_source() -> None:
    for each in all_breaks():
        assert each.title
        assert each.reason.endswith(".")
        assert each.source.startswith("https://")
