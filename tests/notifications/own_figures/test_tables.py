"""The numbers of an employer's own figures: one exact example, and the annual figures of the same."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from notifications.figures.counts import by_cause, by_sub_modality
from notifications.own_figures import queries, tables
from notifications.own_figures.asking import BELOW, REACHES, why_asked
from regulator import clock
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Employer
from regulator.periods import reporting_year
from regulator.risk.models import YearRate
from regulator.statistics.tables import Kind, Mark, Table, as_rows, shown
from tests.factories import Cast, EmployerFactory
from tests.notifications.own_figures.conftest import planned, returned, told

LITTLE = BELOW.format(modality="radiotherapy")
ENDED, RUNNING = reporting_year("2024/25"), reporting_year("2025/26")


def cells(table: Table) -> list[tuple[Any, ...]]:
    return [row.cells for row in table.rows]


def test_what_was_notified_beside_the_year_before(employer: Employer) -> None:
    found = tables.notified(queries.counts_of(employer, ENDED), ENDED)
    assert [(row.depth, row.is_total, *row.cells) for row in found.rows] == [
        (0, False, "Diagnostic imaging", 3, 2, 1),
        (1, False, "CT", 2, 1, 1),
        (1, False, "Mammography", 1, 0, 1),
        (1, False, "Fluoroscopy", 0, 1, -1),
        (0, False, "Radiotherapy", 1, 0, 1),
        (1, False, "External beam therapy", 1, 0, 1),
        (0, True, "All modalities", 4, 2, 2),
    ]


def test_a_year_that_runs_is_not_compared(employer: Employer) -> None:
    found = tables.notified(queries.counts_of(employer, RUNNING), RUNNING)
    assert cells(found)[-1] == ("All modalities", 1, 4, Mark.NOT_APPLICABLE)
    assert found.marks() == [Mark.NOT_APPLICABLE]
    assert "still runs" in found.notes[0]


def test_a_year_of_which_nothing_is_held_is_not_one_without_incidents(cast: Cast) -> None:
    first, employer = reporting_year("2023/24"), cast.employer
    found = tables.notified(queries.counts_of(employer, first), first)
    assert cells(found)[-1] == ("All modalities", 2, Mark.NOT_AVAILABLE, Mark.NOT_APPLICABLE)
    assert "holds no notification of 2022/23" in found.notes[0]
    told(Cast(Employer.objects.exclude(pk=employer.pk).get()), date(2022, 9, 1))
    found = tables.notified(queries.counts_of(employer, first), first)
    assert cells(found)[-1] == ("All modalities", 2, 0, 2), (
        "CQC holds the year: this employer told of nothing"
    )


def test_causes_in_three_tiers_and_what_is_not_coded_yet(employer: Employer) -> None:
    found = tables.caused(queries.causes(employer, ENDED), ENDED)
    assert [(row.depth, *row.cells) for row in found.rows] == [
        (0, "Diagnostic imaging", 3),
        (1, "Referrer", 3),
        (2, "Incorrect referral", 2),
        (3, "Wrong patient", 2),
        (2, "Incorrect information", 1),
        (3, "Duplicate/no check of previous imaging", 1),
        (0, "Radiotherapy", 1),
        (1, "Not coded by CQC yet", 1),
    ]


def test_the_sum_over_employers_is_what_the_annual_figures_say(cast: Cast) -> None:
    others = list(Employer.objects.all())
    assert len(others) == 2
    whole = by_sub_modality(ENDED)
    assert isinstance(whole, dict)
    summed: dict[str, dict[str, int]] = {}
    for each in others:
        for modality, kinds in queries.counts_of(each, ENDED).now.items():
            for kind, number in kinds.items():
                held = summed.setdefault(modality, {})
                held[kind] = held.get(kind, 0) + number
    assert {name: kinds for name, kinds in whole["by_modality"].items() if kinds} == summed
    coded = by_cause(ENDED)
    assert isinstance(coded, dict)
    assert coded["tier1"] == {"Referrer": 3}
    assert sum(sum(queries.causes(each, ENDED)["not_yet_coded"].values()) for each in others) == 2


def test_what_came_late_is_what_the_clocks_say(employer: Employer) -> None:
    """Notified after 10, 20, 1 and 3 days; one report came after 40 days, one after 150, two never."""
    clocks = queries.clocks_of(employer, ENDED)
    assert cells(tables.timely(clocks, ENDED)) == [
        (tables._WHAT["notify"], "14 calendar days", 3, 1, 0, Decimal("6.5")),
        (tables._WHAT["report"], "84 calendar days", 1, 3, 0, Decimal("95")),
    ]
    assert sum(each.is_late for each in clocks) == 4


@pytest.mark.parametrize(
    ("days", "told_as"), [((10,), "10"), ((20,), "20"), ((3, 10), "6.5"), ((100,), "100"), ((0,), "0")]
)
def test_the_middle_of_whole_tens_is_written_in_plain_digits(
    reference: None, days: tuple[int, ...], told_as: str
) -> None:
    cast = Cast()
    for each in days:
        told(cast, date(2024, 6, 10), days=each)
    found = tables.timely(queries.clocks_of(cast.employer, ENDED), ENDED)
    assert str(list(as_rows(found))[1][-1]) == told_as
    assert shown(found.rows[0].cells[-1], Kind.RATE) == told_as


def test_a_report_that_is_not_due_yet_is_neither(cast: Cast) -> None:
    told(cast, date(2026, 2, 27), days=2)
    [_, reports] = cells(tables.timely(queries.clocks_of(cast.employer, RUNNING), RUNNING))
    assert reports[2:] == (0, 1, 1, Mark.NOT_AVAILABLE)


def test_more_time_that_was_given_counts(employer: Employer) -> None:
    late = Deadline.objects.get(kind="report", met_on=date(2025, 1, 10))
    Deadline.objects.filter(pk=late.pk).update(due_on=late.met_on)
    assert cells(tables.timely(queries.clocks_of(employer, ENDED), ENDED))[1][2:4] == (2, 2)


def test_open_actions_are_told_with_their_day(cast: Cast) -> None:
    later = told(cast, date(2026, 2, 20), "awaiting_report")
    planned(cast, later, date(2026, 4, 1), "Later.")
    planned(cast, later, clock.today(), "Today.")
    with clock.at(clock.now().replace(day=1)):
        planned(cast, later, date(2026, 3, 1), "Yesterday.")
    found = tables.to_do(queries.open_actions(cast.employer, cast.reporter))
    assert [(row[1], row[2], row[-1]) for row in cells(found)] == [
        ("2026-03-01", "Overdue", "Yesterday."),
        ("2026-03-02", "Open", "Today."),
        ("2026-04-01", "Open", "Later."),
    ]
    assert queries.open_actions(cast.employer, Cast().reporter) == []


def test_an_employer_that_never_notified_has_empty_tables(reference: None) -> None:
    alone = EmployerFactory.create()
    assert [year.label for year in queries.years_of(alone)] == ["2025/26", "2024/25"]
    assert tables.notified(queries.counts_of(alone, ENDED), ENDED).rows == ()
    assert tables.caused(queries.causes(alone, ENDED), ENDED).rows == ()
    assert tables.timely(queries.clocks_of(alone, ENDED), ENDED).rows == ()


def test_the_years_begin_with_the_first_notification_that_counts(employer: Employer) -> None:
    assert [year.label for year in queries.years_of(employer)] == ["2025/26", "2024/25", "2023/24"]


def rate(counted: int, band: int = 90, **changes: Any) -> YearRate:
    """A rate of 1,000 episodes with its limits, among 44 others between 2 and 5."""
    said: dict[str, Any] = {
        "starts_on": ENDED.start,
        "modality": "radiotherapy",
        "peer_group": "nhs_acute/radiotherapy",
        "has_activity": True,
        "covered_days": 365,
        "observed": counted,
        "counted": counted,
        "activity": Decimal(1000),
        "expected": Decimal(4),
        "count_low": Decimal(counted) / 2,
        "count_high": Decimal(counted) * 2 + Decimal("0.5"),
        "peers": 44,
        "band": band,
        "band_low": Decimal(2) if band else None,
        "band_high": Decimal(5) if band else None,
    }
    return YearRate(**(said | changes))


def test_a_rate_stands_beside_the_band_and_what_is_withheld_is_kept_back() -> None:
    shown = cells(tables.beside_peers([rate(3), rate(3, band=0), rate(3, has_activity=False)], ENDED))
    assert shown[0][1:] == (
        3, "1,000 treatment episodes", Decimal("3"), Decimal("1.5"), Decimal("6.5"), Decimal("2"),
        Decimal("5"), 90, Decimal("4"), Decimal("1.0"), Decimal("8.9"),
    )  # fmt: skip
    assert shown[1][-6:] == (Mark.CONFIDENTIAL,) * 6
    assert shown[2][-9:] == (Mark.NOT_AVAILABLE,) * 9


def test_from_nothing_chance_reaches_nowhere() -> None:
    [shown] = cells(tables.beside_peers([rate(3, expected=Decimal(0))], ENDED))
    assert shown[-3:] == (Decimal(0), Mark.NOT_APPLICABLE, Mark.NOT_APPLICABLE)


@pytest.mark.parametrize(
    ("rates", "asked"),
    [
        ([rate(1)], [f"{LITTLE}{REACHES}"]),
        ([rate(1, count_high=Decimal("1.9"))], [LITTLE]),
        ([rate(2)], []),
        ([rate(9)], []),
        ([rate(0, band=0)], []),
        ([rate(0, has_activity=False)], []),
        ([], []),
    ],
)
def test_little_is_asked_about_and_nothing_else_is(rates: list[YearRate], asked: list[str]) -> None:
    assert [
        why_asked(queries.Counts({"radiotherapy": {"external_beam": 1}}, {}), rates, ENDED, worked=worked)
        for worked in (True, False)
    ] == [asked, asked]


def test_nothing_at_all_is_asked_about_once_the_year_has_ended() -> None:
    nothing = queries.Counts({}, {})
    assert why_asked(nothing, [rate(1)], ENDED, worked=True) == ["You notified nothing in 2024/25."]
    assert why_asked(nothing, [rate(2)], ENDED, worked=False) == []
    assert why_asked(nothing, [rate(1)], RUNNING, worked=True) == []


@pytest.mark.parametrize(
    ("starts", "ends", "quantity", "worked"),
    [
        (ENDED.start, ENDED.end, 1, True),
        (date(2024, 1, 1), date(2024, 4, 1), 1, True),
        (date(2025, 3, 31), date(2026, 3, 30), 1, True),
        (date(2023, 4, 1), date(2024, 3, 31), 1, False),
        (date(2025, 4, 1), date(2026, 3, 31), 1, False),
        (ENDED.start, ENDED.end, 0, False),
    ],
)
def test_who_worked_in_a_year_is_known_by_returns(
    reference: None, starts: date, ends: date, quantity: int, worked: bool
) -> None:
    alone, other = EmployerFactory.create(), EmployerFactory.create()
    returned(alone, starts, ends, quantity)
    assert queries.worked_in(alone, ENDED) is worked
    assert not queries.worked_in(other, ENDED)
