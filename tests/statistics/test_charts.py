"""Charts say what their table says, without colour, without script, and the same each time."""

import re
from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from regulator.statistics import charts
from regulator.statistics.charts import NARROW, WIDE, Break, Size, bars, for_page, grouped, trend
from regulator.statistics.tables import Cell, Column, Kind, Mark, Row, Table, shown

SVG = "{http://www.w3.org/2000/svg}"
SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
LABELS = st.text(
    alphabet=st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=60
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.integers(0, 10**7), st.sampled_from(list(Mark)), st.decimals(0, 10**6, places=1)
)


def table_of(rows: list[tuple[Cell, ...]], *headings: str, total: bool = False) -> Table:
    columns = (Column("label", "Label", Kind.TEXT), *(Column(f"c{n}", h) for n, h in enumerate(headings)))
    held = [Row(row) for row in rows]
    if total:
        held.append(Row(("All of it", *(999_999 for _ in headings)), is_total=True))
    return Table("t", "A <title> & more", columns, tuple(held), "notifications", "by date", number="Figure 9")


def read(drawn: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(drawn))  # noqa: S314 - what this project drew


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def description(root: ElementTree.Element) -> str:
    return root.findtext(f"{SVG}desc") or ""


@SIZES
@settings(max_examples=20)
@given(rows=st.lists(st.tuples(LABELS, CELLS, CELLS), max_size=12))
def test_every_number_of_the_table_is_drawn_and_told(size: Size, rows: list[tuple[Cell, ...]]) -> None:
    table = table_of(rows, "Number", "Share", total=True)

    root = read(bars(table, value="c0", share="c1", size=size))

    for _, first, second in rows:
        drawn = shown(first, Kind.COUNT)
        if shown(second, Kind.COUNT) != drawn:
            told = shown(second, Kind.COUNT)
            drawn = f"{drawn} {told}" if isinstance(second, Mark) else f"{drawn} ({told})"
        assert drawn in texts(root)
        assert f"Number {shown(first, Kind.COUNT)}, Share {shown(second, Kind.COUNT)}" in description(root)
    assert "All of it" not in " ".join(texts(root)) + description(root)


@SIZES
@settings(max_examples=20)
@given(rows=st.lists(st.tuples(LABELS, CELLS, CELLS), min_size=1, max_size=12))
def test_nothing_is_drawn_outside_the_picture(size: Size, rows: list[tuple[Cell, ...]]) -> None:
    table = table_of(rows, "One", "Two")
    for drawn in (
        bars(table, value="c0", size=size),
        grouped(table, values=["c0", "c1"], size=size),
        trend(table, values=["c0", "c1"], size=size),
    ):
        root = read(drawn)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        for each in root.iter():
            for name, most in (("x", width), ("x2", width), ("cx", width), ("y", height), ("y2", height)):
                assert -1 <= float(each.get(name, 0)) <= most + 1, (each.tag, each.attrib)
            assert float(each.get("width", 0)) + float(each.get("x", 0)) <= width + 1


def test_bars_are_as_long_as_their_numbers() -> None:
    root = read(bars(table_of([("a", 100), ("b", 25), ("c", 0), ("d", Mark.CONFIDENTIAL)], "n"), value="c0"))

    widths = [float(each.attrib["width"]) for each in root.iter(f"{SVG}rect")]

    assert len(widths) == 2
    assert widths[0] == pytest.approx(4 * widths[1], abs=0.5)
    assert "[c] is kept back so that nobody can be recognised." in description(root)


@SIZES
def test_a_group_names_each_of_its_bars(size: Size) -> None:
    table = table_of([("Imaging", 5, 3), ("Therapy", 2, Mark.NOT_APPLICABLE)], "NHS", "Independent")

    root = read(grouped(table, values=["c0", "c1"], size=size))

    assert texts(root) == [
        *("Imaging", "NHS", "5", "Independent", "3"),
        *("Therapy", "NHS", "2", "Independent", "[z]"),
    ]


def segments(root: ElementTree.Element) -> list[ElementTree.Element]:
    return [each for each in root.iter(f"{SVG}line") if each.get("stroke-width") == "3"]


@SIZES
def test_a_line_ends_at_a_break_and_at_a_year_that_is_not_held(size: Size) -> None:
    years = ["2008", "2009", "2010", "2011", "2012", "2013"]
    numbers: list[Cell] = [1, 2, Mark.NOT_AVAILABLE, 4, 5, 6]
    table = table_of(list(zip(years, numbers, strict=True)), "n")

    whole = read(trend(table, values=["c0"], size=size))
    broken = read(trend(table, values=["c0"], breaks=[Break("2012", "new criteria")], size=size))

    assert len(segments(whole)) == 3
    assert len(segments(broken)) == 2
    assert "Break 1: new criteria" in " ".join(texts(broken))
    assert "Break 1: new criteria." in description(broken)
    assert "1" in texts(broken)


@SIZES
def test_a_provisional_year_is_told_apart_without_colour(size: Size) -> None:
    table = table_of([("2023/24", 1), ("2024/25", 2)], "n")

    root = read(trend(table, values=["c0"], provisional=["2024/25"], size=size))

    points = [each.attrib["fill"] for each in root.iter(f"{SVG}circle")]
    assert points == [charts.FILL, "#ffffff"]
    assert [each.get("stroke-dasharray") for each in segments(root)] == ["2 5"]
    assert "2024/25 (provisional): 2" in description(root)
    assert any(text.startswith("Provisional (hollow points)") for text in texts(root))


def test_series_have_signs_of_their_own_and_no_more_than_can_be_told_apart() -> None:
    table = table_of([("a", 1, 2, 3, 4, 5), ("b", 2, 3, 4, 5, 6)], "p", "q", "r", "s", "t")

    root = read(trend(table, values=["c0", "c1", "c2", "c3"]))

    assert len(list(root.iter(f"{SVG}circle"))) == len(list(root.iter(f"{SVG}rect"))) == 3
    assert len(list(root.iter(f"{SVG}polygon"))) == 6
    for values in ([], ["c0", "c1", "c2", "c3", "c4"]):
        with pytest.raises(ValueError, match="can be told apart"):
            trend(table, values=values)


def test_a_column_that_the_table_has_not_is_refused() -> None:
    with pytest.raises(LookupError, match="no column 'nothing'"):
        bars(table_of([("a", 1)], "n"), value="nothing")


DRAWN: list[Callable[[Table], Markup]] = [
    lambda table: for_page(lambda size: bars(table, value="c0", share="c1", size=size)),
    lambda table: for_page(lambda size: grouped(table, values=["c0", "c1"], size=size)),
    lambda table: for_page(
        lambda size: trend(table, values=["c0"], breaks=[Break("<b>", "<i>")], provisional=["<b>"], size=size)
    ),
]


@pytest.mark.parametrize("draw", DRAWN)
def test_a_page_may_hold_the_chart(draw: Callable[[Table], Markup]) -> None:
    """Named and described, ids of their own, nothing inline that the Content-Security-Policy forbids."""
    table = table_of([("<b>", 3, Decimal("1.5")), ("\"&'", 4, Mark.LOW)], '<script>"', "Two")

    drawn = draw(table)

    root = read(drawn)
    ids = [each.attrib["id"] for each in root.iter() if "id" in each.attrib]
    assert len(ids) == len(set(ids)) == 4
    charted = list(root.iter(f"{SVG}svg"))
    assert len(charted) == 2
    for each in charted:
        assert each.attrib["role"] == "img"
        assert each.attrib["aria-labelledby"] in ids
        assert each.attrib["aria-describedby"] in ids
        assert each.findtext(f"{SVG}title") == "Figure 9: A <title> & more"
    assert not re.search(r"style=|<style|<script|onload|href", str(drawn))
    assert draw(table) == drawn


@SIZES
def test_a_table_without_rows_is_drawn_as_such(size: Size) -> None:
    table = table_of([], "n")
    for drawn in (bars(table, value="c0", size=size), trend(table, values=["c0"], size=size)):
        assert "No rows." in description(read(drawn))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("colour", "least"), [(charts.INK, 4.5), (charts.FILL, 3), (charts.SECOND, 3)])
def test_colours_stand_out_from_the_page(colour: str, least: float) -> None:
    """WCAG 2.2, 1.4.3 and 1.4.11."""
    assert 1.05 / (_luminance(colour) + 0.05) >= least
