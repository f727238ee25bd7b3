"""The CSV file of returns: what spreadsheets write is read, anything else is refused in words."""

import csv
from datetime import date
from io import StringIO
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.organisations.models import Completeness, Modality
from regulator.organisations.returns import MOST, ReturnDetails, years_open
from regulator.organisations.returns_csv import LARGEST, MOST_FAULTS, WrongFile, read_returns, written
from tests.casework.documents import pdf
from tests.organisations.returning import said

TODAY: Final = date(2026, 5, 12)
HEADING: Final = "year,modality,quantity,completeness"
ROW: Final = "2025/26,radiotherapy,1200,complete"
READ: Final = [said()]
WORKBOOK: Final = b"PK\x03\x04" + bytes(200)


def read(content: str | bytes) -> list[ReturnDetails]:
    return read_returns(content if isinstance(content, bytes) else content.encode(), TODAY)


def faults(content: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(WrongFile) as wrong:
        read(content)
    return [(each.row, each.column, each.message) for each in wrong.value.faults]


# Reading -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADING}\n{ROW}",
        f"{HEADING}\r\n{ROW}\r\n",
        f"{HEADING}\r{ROW}\r",
        f"\ufeff{HEADING}\n{ROW}\n",
        f"{HEADING}\n{ROW}\n".encode("utf-16"),
        f"{HEADING}\n{ROW}\n".replace(",", "\t").encode("utf-16"),
        f"{HEADING}\n{ROW}\n".replace(",", ";"),
        f"{HEADING}\n{ROW}\n".replace(",", "\t"),
        f"sep=;\r\n{HEADING}\r\n{ROW}\r\n".replace(",", ";"),
        '"year","modality","quantity","completeness"\r\n"2025/26","radiotherapy","1,200","complete"\r\n',
        f"{HEADING.replace(',', ';')};\n2025/26;radiotherapy;1,200;complete;\n",
        "Year, Modality ,QUANTITY,Completeness\n 2025/26 , Radiotherapy , 1200 , Complete \n",
        "completeness,quantity,modality,year\ncomplete,1200,radiotherapy,2025-26\n",
        f"\n,,,\n{HEADING}\n\n{ROW}\n,,,\n\n",
        f"{HEADING}\n2025–26,radiotherapy,1200,complete\n".encode("cp1252"),
        f"{HEADING}\n2025/2026,radiotherapy,1 200,complete\n",
        f"{HEADING}\n2025/26,radiotherapy,1\u00a0200,complete\n",
        f'{HEADING}\n2025/26,radiotherapy,"1,200",complete\n',
    ],
)
def test_what_a_spreadsheet_writes_is_read(content: str | bytes) -> None:
    assert read(content) == READ


def test_several_rows_are_read_in_their_order() -> None:
    rows = [ROW, "2024/25,diagnostic_imaging,90000,estimated", "2026/27,nuclear_medicine,0,partial"]
    assert [each.name for each in read("\n".join([HEADING, *rows]))] == [
        "2025-26.radiotherapy",
        "2024-25.diagnostic_imaging",
        "2026-27.nuclear_medicine",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b" \r\n\t ", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b"x" * (LARGEST + 1), "larger than 64 KB"),
        (WORKBOOK, "a workbook, not a CSV file"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "a workbook, not a CSV file"),
        (bytes(range(256)), "not a text file"),
        (b"MZ\x90\x00" + bytes(100), "not a text file"),
        (f"{HEADING}\n{ROW}".encode("utf-16-le"), "not a text file"),
        (b"\xff\xfe\x00\xd8", "not a text file"),
        (b"\xff\xfea", "not a text file"),
        (f"{HEADING}\n".encode(), "no rows below it"),
    ],
)
def test_what_is_no_table_is_said_of_the_whole_file(content: bytes, message: str) -> None:
    ((row, column, told),) = faults(content)
    assert (row, column) == (0, "")
    assert message in told


def test_a_pdf_is_no_table() -> None:
    assert len(faults(pdf())) == 1


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("2025/26,radiography,1200,complete", "modality", "“radiography” is not a modality"),
        ("2025/26,,1200,complete", "modality", "Enter the modality"),
        (",radiotherapy,1200,complete", "year", "Enter the reporting year"),
        ("Dec-11,radiotherapy,1200,complete", "year", "“Dec-11” is not a reporting year"),
        ("2025/27,radiotherapy,1200,complete", "year", "is not a reporting year"),
        ("2016/17,radiotherapy,1200,complete", "year", "Returns begin with 2017/18"),
        ("2027/28,radiotherapy,1200,partial", "year", "has not begun"),
        ("2026/27,radiotherapy,1200,complete", "completeness", "ends on 31 March 2027"),
        ("2025/26,radiotherapy,1200,full", "completeness", "“full” is not a completeness"),
        ("2025/26,radiotherapy,1200,", "completeness", "Enter the completeness"),
        ("2025/26,radiotherapy,1200", "completeness", "Enter the completeness"),
        ("2025/26,radiotherapy,,complete", "quantity", "Enter the number"),
        ("2025/26,radiotherapy,-5,complete", "quantity", "0 or more"),
        ("2025/26,radiotherapy,1000000000000,complete", "quantity", "100,000,000 or less"),
        (f"2025/26,radiotherapy,{'9' * 5000},complete", "quantity", "100,000,000 or less"),
        ("2025/26,radiotherapy,=1+1,complete", "quantity", "formula"),
        ("2025/26,radiotherapy,@SUM(A1:A9),complete", "quantity", "formula"),
        ("2025/26,radiotherapy,1.2E+06,complete", "quantity", "shortened"),
        ("2025/26,radiotherapy,1200.5,complete", "quantity", "whole number"),
        ("2025/26,=cmd|' /C calc'!A0,1200,complete", "modality", "is not a modality"),
        ("2025/26,radiotherapy,1,200,complete", "", "needs quotation marks"),
        ('2025/26,"radiotherapy,1200,complete', "", "quotation marks"),
        ('2025/26,"radio"therapy,1200,complete', "", "quotation marks"),
    ],
)
def test_what_is_wrong_in_a_row_is_told_by_row_and_column(row: str, column: str, message: str) -> None:
    ((number, where, told), *more) = faults(f"{HEADING}\n\n{ROW.replace('2025/26', '2024/25')}\n{row}\n")
    assert (number, where, more) == (4, column, [])
    assert message in told


def test_every_fault_of_every_row_is_told_at_once() -> None:
    found = faults(f"{HEADING}\n2031/32,xray,-5,perhaps\n{ROW}\nnever,radiotherapy,many,\n")
    assert [(row, column) for row, column, _ in found] == [
        (2, "year"),
        (2, "modality"),
        (2, "quantity"),
        (2, "completeness"),
        (4, "year"),
        (4, "quantity"),
        (4, "completeness"),
    ]


def test_what_stands_above_a_quotation_mark_without_its_pair_is_told_as_well() -> None:
    found = faults(f'{HEADING}\n2025/26,xray,-5,complete\n2024/25,"radiotherapy,1200,complete\n')
    assert [(row, column) for row, column, _ in found] == [(2, "modality"), (2, "quantity"), (3, "")]
    assert faults('"year,modality') == [
        (1, "", "The quotation marks in this row or below it do not come in pairs")
    ]


def test_of_very_many_faults_the_first_are_told_and_the_rest_counted() -> None:
    with pytest.raises(WrongFile, match="The file has 400 faults") as wrong:
        read(f"{HEADING}\n" + "x,x,x,x\n" * 100)
    assert (len(wrong.value.faults), wrong.value.more) == (MOST_FAULTS, 350)


def test_a_row_that_stands_there_twice_is_refused_even_if_it_says_the_same() -> None:
    assert faults(f"{HEADING}\n{ROW}\n\n{ROW}\n") == [
        (4, "modality", "This year and modality stand in row 2 already")
    ]


@pytest.mark.parametrize(
    ("heading", "messages"),
    [
        ("a,b,c,d", ["The first row must name the columns: year, modality, quantity, completeness"]),
        (ROW, ["The first row must name the columns: year, modality, quantity, completeness"]),
        ("year,modality,quantity", ["The first row names no column “completeness”"]),
        (f"{HEADING},site", ["“site” is no column of this file: take it out"]),
        (f"{HEADING},year", ["The column “year” stands there twice"]),
        ("year,modality,number,completeness", ["names no column “quantity”", "“number” is no column"]),
    ],
)
def test_the_heading_names_the_four_columns_and_no_other(heading: str, messages: list[str]) -> None:
    found = faults(f"{heading}\n{ROW}\n")
    assert [row for row, _, _ in found] == [1] * len(messages)
    assert all(message in told for message, (_, _, told) in zip(messages, found, strict=True))


SOUND: Final = st.builds(
    ReturnDetails,
    st.sampled_from(years_open(TODAY)[1:]),
    st.sampled_from(Modality.values),
    st.integers(0, MOST),
    st.sampled_from(Completeness.values),
)
CELLS: Final = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2025/26", "radiotherapy", "1200", "complete", "", '"', "=1+1", "1,200", "-1", "\ufeff"]
    ),
)


@given(st.lists(SOUND, min_size=1, max_size=8, unique_by=lambda each: each.name))
def test_what_is_written_is_read_again(details: list[ReturnDetails]) -> None:
    assert read(written(details)) == details


BYTES: Final = st.one_of(
    st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))
)


def outcome(content: bytes) -> list[ReturnDetails] | list[str]:
    """What is read, or why nothing is."""
    try:
        return read(content)
    except WrongFile as wrong:
        return [str(wrong), *(each.message for each in wrong.faults)]


@given(BYTES)
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    for body in (content, f"{HEADING}\r\n".encode() + content, b"\xff\xfe" + content):
        found = outcome(body)
        assert found
        assert all(found)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6), st.sampled_from(",;\t"))
def test_any_table_is_read_or_refused_in_words(rows: list[list[str]], separator: str) -> None:
    out = StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([HEADING.split(","), *rows])
    found = outcome(out.getvalue().encode("utf-8", "replace"))
    assert found
    assert all(found)
