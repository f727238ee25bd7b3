"""What CQC published of years that are not held: with its address, not mixed with what is counted."""

from itertools import pairwise

import pytest

from regulator.periods import Period, reporting_year
from regulator.statistics.published import NAMES, published_year, published_years
from regulator.statistics.tables import Mark


def test_periods_stand_in_order_and_do_not_overlap() -> None:
    years = published_years()
    assert (years[0].label, years[-1].label) == ("2008", "2024/25")
    for earlier, later in pairwise(years):
        assert earlier.start <= earlier.end < later.start <= later.end


def test_every_number_has_an_address_and_every_year_every_name() -> None:
    for year in published_years():
        assert set(year.totals) == set(NAMES)
        assert {name for name, total in year.totals.items() if total is not None} == set(year.sources)
        assert all(address.startswith("https://") for address in (*year.sources.values(), year.source))
        assert all(part.source.startswith("https://") for part in year.sub_modalities)
        assert all(part.count is not None or part.percent is not None for part in year.sub_modalities)


@pytest.mark.parametrize("what", ["notifications", "inspections", "improvement_notices", "recommendations"])
def test_modalities_add_up_where_all_were_published(what: str) -> None:
    added = 0
    for year in published_years():
        parts = [year.totals[name] for name in NAMES if name.startswith(f"{what}_")]
        known = [part for part in parts if part is not None]
        if len(known) == 3:
            assert sum(known) == year.totals[what], year.label
            added += 1
    assert added


def test_the_comparators_of_2022_23_are_those_of_the_report() -> None:
    year = published_year(reporting_year("2022/23"))
    assert year is not None
    told = [year.told(f"notifications{part}") for part in ("", "_diagnostic_imaging", "_nuclear_medicine")]
    assert [*told, year.told("notifications_radiotherapy")] == [727, 380, 77, 270]
    assert year.told("inspections") == 35
    assert year.told("recommendations") is Mark.NOT_AVAILABLE
    assert (year.told("imaging_tests"), year.told("ionising_examinations")) == (43_500_000, 29_200_000)
    assert year.where("notifications", "notifications_radiotherapy", "recommendations") == (year.source,)


def test_a_period_that_is_not_the_published_one_has_nothing_published() -> None:
    assert published_year(reporting_year("2019/20")) is None  # ten months were published
    ten_months = next(year for year in published_years() if year.label == "2019/20")
    assert published_year(Period("ten months", ten_months.start, ten_months.end)) is ten_months
    assert published_year(reporting_year("2021/22")) is None


def test_causes_of_earlier_years_are_known_by_their_path() -> None:
    year = next(year for year in published_years() if year.label == "2022/23")
    counts = {(cause.modality, *cause.path): cause.count for cause in year.causes}
    assert len(counts) == len(year.causes)
    assert counts["nuclear_medicine", "Operator", "Radiopharmaceutical"] == 18
    assert ("nuclear_medicine", "Operator") not in counts
