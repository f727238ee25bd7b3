"""In which region of England a postcode lies: known, or not said."""

import csv

import pytest

from enforcement.register.regions import _TABLE, NAMES, REGIONS, _districts, _table, region_of


@pytest.mark.parametrize(
    ("postcode", "region"),
    [
        ("SW1A 1AA", "London"),
        ("ls9 7tf", "Yorkshire and The Humber"),
        ("CM201QX", "East of England"),
        ("NW3 2QG", "London"),
        ("DE13 0RB", "West Midlands"),
        ("DE22 3NE", "East Midlands"),
        ("TS9 5AA", ""),
        ("DL8 1AA", "Yorkshire and The Humber"),
        ("DL3 6HX", "North East"),
        ("E4 9AA", ""),
        ("CF10 1AA", ""),
        ("EH1 1AA", ""),
        ("BT1 1AA", ""),
        ("ZZ1 1ZZ", ""),
        ("LE1", ""),
        ("", ""),
        ("nonsense", ""),
        ("LS9 7TF; DROP", ""),
    ],
)
def test_a_postcode_has_the_region_that_we_know(postcode: str, region: str) -> None:
    assert region_of(postcode) == region


def test_the_file_names_nine_regions_and_each_district_once() -> None:
    with _TABLE.open(encoding="utf-8", newline="") as file:
        named = [(row["area"], each) for row in csv.DictReader(file) for each in _districts(row["districts"])]
    assert len(named) == len(set(named))
    assert set(_table().values()) == {*NAMES, ""}
    assert len(REGIONS) == 9
