"""A published year's tables: the shipped folder adds up; each kind of corruption is refused by its row."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

import enforcement
from enforcement.year.tables import YearRefused, read_year

SHIPPED = Path(enforcement.__file__).parent / "data" / "years" / "2023-24"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder to spoil."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "year"))


def _line(folder: Path, name: str, start: str) -> int:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    (found,) = [number for number, line in enumerate(lines, start=1) if line.startswith(start)]
    return found


def _replace(folder: Path, name: str, start: str, new: str) -> int:
    """Replace the one line that starts with ``start``; gives its number."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    number = _line(folder, name, start)
    lines[number - 1] = new
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number


def _refusal(folder: Path) -> YearRefused:
    with pytest.raises(YearRefused) as refused:
        read_year(folder)
    return refused.value


def test_the_shipped_year_adds_up_to_what_was_published() -> None:
    year = read_year(SHIPPED)
    assert (year.period.label, year.criteria_regime) == ("2023/24", "SAUE-2023")
    assert sum(cause.count for cause in year.causes) == year.totals["notifications"] == 819
    assert [
        year.totals[f"notifications_{one}"]
        for one in ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    ] == [447, 244, 128]
    assert sum(one.count for one in year.inspections) == 40
    assert sum(one.count for one in year.recommendations) == 107
    assert len(year.notices) == 14
    assert sum(one.count for one in year.activity if one.unit == "examinations") == 30_600_000
    assert sum(one.count for one in year.activity if one.unit == "episodes") == 116_000


def test_tier_1_totals_over_all_modalities_are_those_published() -> None:
    tier1 = Counter[str]()
    for total in read_year(SHIPPED).tier1:
        tier1[total.tier1] += total.count
    assert tier1 == {
        "Employer": 2, "Referrer": 189, "Practitioner": 27, "Operator": 402, "Equipment": 143, "Other": 56,
    }  # fmt: skip


def test_every_mention_of_a_provision_in_nuclear_medicine_notices_is_there() -> None:
    mentions = Counter(
        provision
        for notice in read_year(SHIPPED).notices
        if notice.modality == "nuclear_medicine"
        for provision in notice.provisions
    )
    assert mentions == {
        "17": 1,
        "15": 1,
        "14": 1,
        "8(2)": 1,
        "6(5)(a)": 2,
        "6(1)": 2,
        "6(2)": 2,
        "6(5)(b)": 1,
    }


def test_the_provisions_named_for_radiotherapy_notices_are_all_there() -> None:
    named = {
        provision
        for notice in read_year(SHIPPED).notices
        if notice.modality == "radiotherapy"
        for provision in notice.provisions
    }
    assert named == {"6(5)(b)", "8(4)", "11(5)", "15(2)"}


@pytest.mark.parametrize(
    ("name", "start", "new", "at", "numbers"),
    [
        (
            "causes.csv",
            "diagnostic_imaging,Referrer,Incorrect referral,Wrong patient,",
            "diagnostic_imaging,Referrer,Incorrect referral,Wrong patient,89",
            ("tier2_totals.csv", "diagnostic_imaging,Referrer,Incorrect referral,"),
            ("100", "101"),
        ),
        (
            "tier1_totals.csv",
            "radiotherapy,Operator,",
            "radiotherapy,Operator,169",
            ("tier1_totals.csv", "radiotherapy,Operator,"),
            ("169", "168"),
        ),
        (
            "year.csv",
            "notifications_radiotherapy,",
            "notifications_radiotherapy,245,stated,x",
            ("year.csv", "notifications_radiotherapy,"),
            ("245", "244"),
        ),
        (
            "year.csv",
            "notifications,",
            "notifications,820,stated,x",
            ("year.csv", "notifications,"),
            ("820", "819"),
        ),
        (
            "submodalities.csv",
            "radiotherapy,brachytherapy,",
            "radiotherapy,brachytherapy,7,,stated,x",
            ("year.csv", "notifications_radiotherapy,"),
            ("244", "245"),
        ),
        (
            "submodalities.csv",
            "diagnostic_imaging,ct,",
            "diagnostic_imaging,ct,290,66,stated,x",
            ("submodalities.csv", "diagnostic_imaging,ct,"),
            ("65%", "66%"),
        ),
        (
            "sectors.csv",
            "nuclear_medicine,independent,",
            "nuclear_medicine,independent,40,,stated,x",
            ("year.csv", "notifications_nuclear_medicine,"),
            ("128", "127"),
        ),
        (
            "inspections.csv",
            "radiotherapy,",
            "radiotherapy,16,2,0,4,stated,x",
            ("year.csv", "inspections_radiotherapy,"),
            ("15", "16"),
        ),
        (
            "inspections.csv",
            "radiotherapy,",
            "radiotherapy,15,16,0,4,stated,x",
            ("inspections.csv", "radiotherapy,"),
            ("15", "16"),
        ),
        (
            "notices.csv",
            "radiotherapy,11(5),",
            "nuclear_medicine,11(5),stated,x",
            ("year.csv", "notices_radiotherapy,"),
            ("6", "5"),
        ),
        (
            "recommendations.csv",
            "radiotherapy,7,",
            "radiotherapy,7,5,stated,x",
            ("year.csv", "recommendations_radiotherapy,"),
            ("26", "25"),
        ),
        (
            "activity.csv",
            "radiotherapy,",
            "radiotherapy,episodes,115999,stated,x",
            ("year.csv", "radiotherapy_episodes,"),
            ("116000", "115999"),
        ),
        (
            "activity.csv",
            "nuclear_medicine,",
            "nuclear_medicine,examinations,0,assumed,x",
            ("year.csv", "ionising_examinations,"),
            ("30600000", "29850000"),
        ),
        (
            "year.csv",
            "wrong_radiopharmaceutical_notifications,",
            "wrong_radiopharmaceutical_notifications,35,stated,x",
            ("year.csv", "wrong_radiopharmaceutical_notifications,"),
            ("35", "34"),
        ),
    ],
)
def test_a_total_that_differs_from_its_parts_is_refused_with_both_numbers(
    folder: Path, name: str, start: str, new: str, at: tuple[str, str], numbers: tuple[str, str]
) -> None:
    _replace(folder, name, start, new)
    refused = _refusal(folder)
    assert (refused.file, refused.line) == (at[0], _line(folder, *at))
    assert refused.content.startswith(at[1])
    assert f"{refused.file}, line {refused.line} ({refused.content})" in str(refused)
    assert all(number in refused.reason for number in numbers)


@pytest.mark.parametrize(
    ("name", "start", "new", "said"),
    [
        ("causes.csv", "radiotherapy,Other,Other,", "radiotherapy,Other,Other,Not listed above,-1", '"-1"'),
        ("causes.csv", "radiotherapy,Other,Other,", "radiotherapy,Other,Other,Not listed above,1.5", '"1.5"'),
        ("causes.csv", "radiotherapy,Other,Other,", "radiotherapy,Other,Other,Not listed above,٣", '"٣"'),
        (
            "causes.csv",
            "radiotherapy,Other,Other,",
            "radiotherapy,Other,Other,Not listed above,",
            "whole number",
        ),
        (
            "causes.csv",
            "radiotherapy,Other,Other,",
            "dentistry,Other,Other,Not listed above,1",
            '"dentistry"',
        ),
        ("causes.csv", "radiotherapy,Other,Other,", "radiotherapy,Other,Other,Something else,1", "taxonomy"),
        (
            "causes.csv",
            "radiotherapy,Other,Other,",
            "radiotherapy,Other,,Not listed above,1",
            "tier2 is empty",
        ),
        ("causes.csv", "radiotherapy,Other,Other,", "radiotherapy,Other,Other,Not listed above", "4 cells"),
        ("causes.csv", "radiotherapy,Other,Other,", 'radiotherapy,Other,Other,"Not listed,1', "not CSV"),
        (
            "causes.csv",
            "radiotherapy,Other,Other,",
            "radiotherapy,Other,Patient related,Patient,1",
            "repeats line",
        ),
        (
            "submodalities.csv",
            "radiotherapy,brachy",
            "radiotherapy,ct,6,,stated,x",
            "ct is not a sub-modality",
        ),
        ("submodalities.csv", "radiotherapy,brachy", "radiotherapy,brachytherapy,6,,guessed,x", '"guessed"'),
        (
            "submodalities.csv",
            "radiotherapy,brachy",
            "radiotherapy,brachytherapy,6,,stated,",
            "source is empty",
        ),
        ("sectors.csv", "radiotherapy,independent", "radiotherapy,circus,7,,derived,x", '"circus"'),
        ("inspections.csv", "nuclear", "nuclear_medicine,10,1,0,1,stated,x", "brachytherapy"),
        ("inspections.csv", "nuclear", "nuclear_medicine,10,6,5,0,stated,x", "reactive 6 and focused 5"),
        ("recommendations.csv", "radiotherapy,7,", "radiotherapy,banana,6,stated,x", '"banana"'),
        ("recommendations.csv", "radiotherapy,8(1),", "radiotherapy,7,2,stated,x", "repeats line"),
        ("notices.csv", "radiotherapy,11(5),", "radiotherapy,11(5,derived,x", '"11(5"'),
        ("activity.csv", "radiotherapy,", "radiotherapy,examinations,116000,stated,x", '"examinations"'),
        ("year.csv", "label,", "label,2023/25,stated,x", "2023/25"),
        ("year.csv", "start,", "start,1 April 2023,stated,x", "1 April 2023"),
        ("year.csv", "end,", "end,2024-04-01,stated,x", "2024-03-31"),
        ("year.csv", "criteria_regime,", "criteria_regime,SAUE-1999,stated,x", "SAUE-1999"),
        ("year.csv", "notices,", "inspections,14,stated,x", "inspections is given twice"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_its_line(
    folder: Path, name: str, start: str, new: str, said: str
) -> None:
    line = _replace(folder, name, start, new)
    refused = _refusal(folder)
    assert (refused.file, refused.line) == (name, line)
    assert said in refused.reason


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.glob("*.csv")))
def test_a_missing_file_is_refused_by_name(folder: Path, name: str) -> None:
    (folder / name).unlink()
    refused = _refusal(folder)
    assert (refused.file, refused.line) == (name, None)
    assert "missing" in str(refused)


@pytest.mark.parametrize("name", sorted(path.name for path in SHIPPED.glob("*.csv")))
def test_a_missing_column_is_refused_by_name(folder: Path, name: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    column = text.splitlines()[0].split(",")[0]
    (folder / name).write_text(text.replace(column, "something", 1), encoding="utf-8")
    refused = _refusal(folder)
    assert (refused.file, refused.line) == (name, 1)
    assert f"the column {column} is missing" in refused.reason


@pytest.mark.parametrize("key", ["label", "notifications", "notices_radiotherapy", "radiotherapy_episodes"])
def test_a_missing_fact_is_refused_by_its_key(folder: Path, key: str) -> None:
    _replace(folder, "year.csv", f"{key},", "")
    assert f"{key} is missing" in str(_refusal(folder))


def test_a_missing_total_is_refused_at_the_part_without_one(folder: Path) -> None:
    _replace(folder, "tier2_totals.csv", "radiotherapy,Other,Other,", "")
    refused = _refusal(folder)
    assert (refused.file, refused.line) == (
        "causes.csv",
        _line(folder, "causes.csv", "radiotherapy,Other,Other,"),
    )


def test_a_file_without_rows_or_not_text_is_refused(folder: Path) -> None:
    (folder / "sectors.csv").write_text(
        "modality,employer_type,count,percent,basis,source\n", encoding="utf-8"
    )
    assert "no rows" in str(_refusal(folder))
    (folder / "sectors.csv").write_bytes(b"\xff\xfe\x00\x01")
    assert "UTF-8" in str(_refusal(folder))
