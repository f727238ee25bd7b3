"""From a snapshot to scores: peer groups, gaps in activity, indicators, and the same bytes for the same
input."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.risk.parameters import read_parameters
from regulator.risk.scoring import EmployerScore, Whole, rescore, score
from regulator.risk.snapshot import EmployerRow, SeriesRow, Snapshot, by_employer
from regulator.risk.why import label_of
from regulator.risk.window import quarters_of

PARAMETERS = read_parameters()
LAST = date(2024, 3, 31)
DAYS = tuple(each.days for each in quarters_of(LAST, 12))
INSPECTED = date(2020, 4, 1)


def series(
    employer: int,
    observed: int = 12,
    activity: int | None = 1000,
    *,
    sector: str = "nhs_acute",
    modality: str = "radiotherapy",
    severe: int = 0,
) -> SeriesRow:
    """An employer whose incidents are spread evenly over the window."""
    spread = tuple(observed // 12 + (place < observed % 12) for place in range(12))
    known = activity is not None
    return SeriesRow(
        employer=employer,
        modality=modality,
        sector=sector,
        completeness="complete" if known else "",
        activity=(Decimal(activity or 0),) * 12,
        days=DAYS if known else (0,) * 12,
        counted=spread if known else (0,) * 12,
        minor=spread,
        severe=(0,) * 11 + (severe,),
        months=tuple(each for quarter in spread for each in (quarter, 0, 0)),
    )


def england(*rows: SeriesRow, employers: tuple[EmployerRow, ...] = ()) -> Snapshot:
    known = {each.employer for each in employers}
    plain = {
        row.employer: EmployerRow(row.employer, row.sector, INSPECTED)
        for row in rows
        if row.employer not in known
    }
    return Snapshot(LAST, 12, (), tuple(rows), (*employers, *plain.values()))


def of(whole: Whole, employer: int) -> EmployerScore:
    return next(each for each in whole.employers if each.employer == employer)


def test_an_employer_that_reports_little_for_its_activity_comes_first() -> None:
    whole = score(england(*(series(n) for n in range(1, 10)), series(10, 0)), PARAMETERS)
    quiet = of(whole, 10)
    assert quiet.p_any == max(each.p_any for each in whole.employers)
    assert quiet.p_under > quiet.p_poor
    assert quiet.high < 1
    assert any("0 incidents where 10.8 would be expected" in each for each in quiet.why)


def test_a_high_severe_share_speaks_for_poor_practice_and_high_reporting_alone_does_not() -> None:
    usual = [series(n, severe=1) for n in range(1, 20)]
    whole = score(england(*usual, series(20, 24), series(21, 14, severe=10)), PARAMETERS)
    assert of(whole, 21).p_poor == max(each.p_poor for each in whole.employers)
    assert of(whole, 20).p_any < of(whole, 1).p_any


def test_nhs_and_independent_employers_are_not_each_others_peers() -> None:
    nhs = [series(n, 12) for n in range(1, 8)]
    independent = [series(n, 1, sector="independent") for n in range(11, 18)]
    whole = score(england(*nhs, *independent), PARAMETERS)
    assert {each.peer_group for each in whole.series} == {"radiotherapy/independent", "radiotherapy/nhs"}
    assert all(round(each.expected) == each.observed for each in whole.series)


def test_a_lonely_employer_is_held_against_the_whole_modality() -> None:
    whole = score(
        england(*(series(n) for n in range(1, 10)), series(10, 0, sector="independent")), PARAMETERS
    )
    assert whole.series[-1].expected == Decimal("10.8000")


def test_counts_under_different_criteria_are_not_compared() -> None:
    """Half as much is notifiable in the last year; a newcomer of that year is not the quieter for it."""
    old = [series(n, 24) for n in range(1, 9)]
    halved = [replace(each, minor=(2,) * 8 + (1,) * 4, counted=(2,) * 8 + (1,) * 4) for each in old]
    newcomer = replace(
        series(9, 0),
        activity=(Decimal(0),) * 8 + (Decimal(1000),) * 4,
        minor=(0,) * 8 + (1,) * 4,
        counted=(0,) * 8 + (1,) * 4,
    )
    whole = score(england(*halved, newcomer), PARAMETERS)
    assert float(whole.series[-1].expected) == pytest.approx(4.0)


def test_an_employer_of_which_nothing_is_known_is_there_with_its_prior() -> None:
    nobody = EmployerRow(99, "dental")
    whole = score(england(*(series(n) for n in range(1, 9)), employers=(nobody,)), PARAMETERS)
    assert "Nothing is known of what it does" in of(whole, 99).why[0]
    assert 0.1 < of(whole, 99).p_any < 0.4


@settings(max_examples=15)
@given(st.integers(0, 60), st.integers(0, 10))
def test_missing_activity_never_makes_an_employer_look_safe(observed: int, severe: int) -> None:
    """Whatever was counted, under-reporting stays as likely as it is without any count."""
    peers = [series(n) for n in range(1, 9)]
    without = score(england(*peers, employers=(EmployerRow(99, "nhs_acute", INSPECTED),)), PARAMETERS)
    missing = score(england(*peers, series(99, observed, None, severe=severe)), PARAMETERS)
    component = next(each for each in of(missing, 99).components if each["name"] == "reporting")
    assert float(component["under"]) >= 0
    assert float(component["poor"]) == 0
    assert any("No activity return" in each for each in of(missing, 99).why)
    if not observed + severe:
        assert of(missing, 99).p_any >= of(without, 99).p_any


def test_the_less_is_known_of_the_activity_the_less_a_count_says() -> None:
    peers = [series(n) for n in range(1, 12)]
    found = [
        of(score(england(*peers, replace(series(99, 0), completeness=how)), PARAMETERS), 99)
        for how in ("complete", "partial", "estimated")
    ]
    assert found[0].p_under > found[1].p_under > found[2].p_under
    assert found[0].high - found[0].low < found[2].high - found[2].low


def test_days_without_a_return_are_filled_from_the_own_ones() -> None:
    part = replace(
        series(99, 0),
        activity=(Decimal(0),) * 8 + (Decimal(1000),) * 4,
        days=(0,) * 8 + DAYS[8:],
        counted=(0,) * 12,
    )
    whole = score(england(*(series(n) for n in range(1, 9)), part), PARAMETERS)
    assert float(whole.series[-1].expected) == pytest.approx(11.5, abs=0.3)
    assert any("Activity was returned for 33% of the window" in each for each in of(whole, 99).why)


@pytest.mark.parametrize("name", sorted(PARAMETERS.indicators))
def test_each_indicator_raises_the_score_and_is_told(name: str) -> None:
    peers = tuple(EmployerRow(n, "nhs_acute", INSPECTED, ((name, 0, 5),)) for n in range(1, 15))
    bad = EmployerRow(99, "nhs_acute", INSPECTED, ((name, 5, 5),))
    whole = score(england(*(series(n) for n in (*range(1, 15), 99)), employers=(*peers, bad)), PARAMETERS)
    assert of(whole, 99).p_any > of(whole, 1).p_any
    assert any(each.startswith("Raises it") and "5" in each for each in of(whole, 99).why)
    component = next(each for each in of(whole, 99).components if each["name"] == name)
    assert float(component["contribution"]) > 0.1


@pytest.mark.parametrize("name", sorted(PARAMETERS.indicators))
def test_nothing_to_be_late_with_says_nothing(name: str) -> None:
    peers = tuple(EmployerRow(n, "nhs_acute", INSPECTED, ((name, 1, 5),)) for n in range(1, 15))
    whole = score(england(*(series(n) for n in (*range(1, 15), 99)), employers=peers), PARAMETERS)
    component = next(each for each in of(whole, 99).components if each["name"] == name)
    assert float(component["under"]) == float(component["poor"]) == float(component["contribution"]) == 0


def test_the_longer_ago_the_last_inspection_the_higher_the_prior() -> None:
    rows = tuple(
        EmployerRow(n, "nhs_acute", inspected)
        for n, inspected in enumerate((date(2024, 1, 1), date(2016, 1, 1), date(1990, 1, 1), None), start=1)
    )
    found = score(england(*(series(n) for n in range(1, 5)), employers=rows), PARAMETERS).employers
    assert found[0].p_any < found[1].p_any < found[2].p_any == found[3].p_any


def test_a_rule_is_named_and_changes_no_probability() -> None:
    plain = score(england(*(series(n) for n in range(1, 9))), PARAMETERS)
    ruled = EmployerRow(1, "nhs_acute", INSPECTED, (), (("prohibition", "Rule: a notice was served."),))
    whole = score(england(*(series(n) for n in range(1, 9)), employers=(ruled,)), PARAMETERS)
    assert of(whole, 1).rules == ["prohibition"]
    assert of(whole, 1).why[0] == "Rule: a notice was served."
    assert of(whole, 1).p_any == of(plain, 1).p_any


@pytest.mark.parametrize(("observed", "rules"), [(12, ["never_inspected"]), (2, [])])
def test_never_inspected_is_a_rule_where_more_than_five_incidents_are_expected(
    observed: int, rules: list[str]
) -> None:
    never = EmployerRow(1, "nhs_acute")
    whole = score(england(*(series(n, observed) for n in range(1, 9)), employers=(never,)), PARAMETERS)
    assert of(whole, 1).rules == rules
    assert of(whole, 2).rules == []


def test_the_contribution_of_a_component_is_what_leaving_it_out_would_change() -> None:
    facts = (("late_reports", 4, 5), ("overdue_actions", 2, 1))
    rows = tuple(
        EmployerRow(n, "nhs_acute", INSPECTED, facts if n == 1 else (("overdue_actions", 0, 1),))
        for n in range(1, 9)
    )
    held = england(*(series(n) for n in range(1, 9)), employers=rows)
    whole = score(held, PARAMETERS)
    without = replace(held, employers=(replace(rows[0], facts=facts[1:]), *rows[1:]))
    again = rescore(by_employer(without)[0], whole.frozen, PARAMETERS).employers[0]
    odds = [float(np.log(float(each.p_any) / (1 - float(each.p_any)))) for each in (of(whole, 1), again)]
    component = next(each for each in of(whole, 1).components if each["name"] == "late_reports")
    assert float(component["contribution"]) == pytest.approx(odds[0] - odds[1], abs=1e-3)


def test_nobody_at_all_gives_no_scores() -> None:
    whole = score(Snapshot(LAST, 12, (), (), ()), PARAMETERS)
    assert (whole.series, whole.employers) == ([], [])


def test_everybody_silent_says_nothing_about_anybody() -> None:
    whole = score(england(*(series(n, 0) for n in range(1, 9))), PARAMETERS)
    assert len({each.p_any for each in whole.employers}) == 1
    assert whole.frozen.shape.how == "no_incidents"


def test_one_employer_again_is_the_same_row_with_its_range_and_why() -> None:
    held = england(*(series(n, n) for n in range(1, 60)))
    whole = score(held, PARAMETERS)
    for place in (0, 30, 58):
        again = rescore(by_employer(held)[place], whole.frozen, PARAMETERS)
        assert again.employers == [whole.employers[place]]


def test_an_employer_in_a_peer_group_that_the_night_did_not_know_waits() -> None:
    whole = score(england(*(series(n) for n in range(1, 9))), PARAMETERS)
    with pytest.raises(LookupError, match="no peer group"):
        rescore(england(series(1, modality="nuclear_medicine")), whole.frozen, PARAMETERS)


def test_the_range_holds_the_score_and_the_first_places_are_sure() -> None:
    whole = score(
        england(*(series(n, 20) for n in range(1, 60)), *(series(n, 0) for n in range(60, 64))), PARAMETERS
    )
    assert all(each.p_low <= each.p_any <= each.p_high for each in whole.employers if each.employer >= 60)
    assert of(whole, 60).among_places == 1
    assert sum(float(each.among_places) for each in whole.employers) >= PARAMETERS.places


def test_every_component_has_words() -> None:
    for name in ("reporting", "severity", "time", *PARAMETERS.indicators):
        assert label_of(name)
    with pytest.raises(LookupError):
        label_of("no such component")
