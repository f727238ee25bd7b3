"""A table as a page and the desk show it: names, depth, what a row is a part of, totals and notes."""

import re
from decimal import Decimal

from django.template.loader import get_template, render_to_string

from regulator.statistics.showing import drawn
from regulator.statistics.tables import Column, Kind, Mark, Row, Table

TREE = Table(
    name="causes",
    title="Causes",
    number="Figure 2",
    columns=(
        Column("cause", "Cause", Kind.TEXT),
        Column("count", "Number"),
        Column("share", "Share", Kind.PERCENT),
    ),
    rows=(
        Row(("Operator <b>", 1200, Decimal("80"))),
        Row(("Positioning", 1000, Decimal("67")), 1),
        Row(("Wrong side", 1000, Decimal("67")), 2),
        Row(("Set-up", 200, Decimal("13")), 1),
        Row(("Referrer", Mark.CONFIDENTIAL, Mark.CONFIDENTIAL)),
        Row(("All", 1500, Decimal("100")), is_total=True),
    ),
    unit="notifications",
    basis="By the day of receipt.",
    notes=("Shares are rounded.",),
    source="The cases",
)
PAIRS = Table(
    name="pairs",
    title="Pairs",
    columns=(Column("one", "One", Kind.TEXT), Column("two", "Two", Kind.TEXT), Column("count", "Number")),
    rows=(Row(("a", "b", 3)), Row(("a", "c", 4), 1)),
    unit="cases",
    basis="All.",
    headings=2,
)


def test_cells_stand_as_people_read_them_behind_their_headings() -> None:
    told = drawn(TREE)
    assert told.title == "Figure 2: Causes"
    assert told.headings == (("Cause", False), ("Number", True), ("Share", True))
    first = told.rows[0]
    assert [(each.heading, each.text, each.is_number) for each in (*first.names, *first.cells)] == [
        ("Cause", "Operator <b>", False),
        ("Number", "1,200", True),
        ("Share", "80%", True),
    ]
    assert [row.is_total for row in told.rows] == [False] * 5 + [True]


def test_a_row_is_a_part_of_the_nearest_above_that_lies_less_deep() -> None:
    assert [(row.depth, row.within) for row in drawn(TREE).rows] == [
        (0, ""),
        (1, "Operator <b>"),
        (2, "Positioning"),
        (1, "Operator <b>"),
        (0, ""),
        (0, ""),
    ]
    assert drawn(PAIRS).rows[1].within == "a, b"
    assert [each.text for each in drawn(PAIRS).rows[0].names] == ["a", "b"]


def test_the_notes_name_every_mark_that_stands_in_it() -> None:
    assert drawn(TREE).notes == (
        ("Counted", "By the day of receipt."),
        ("Unit", "notifications"),
        ("Note", "Shares are rounded."),
        ("[c]", "kept back so that nobody can be recognised"),
        ("Source", "The cases"),
    )


def on_a_page(table: Table, **more: object) -> str:
    told = get_template("statistics/_table.html")
    module = told.template.make_module()  # type: ignore[attr-defined]
    return str(module.figure_table(drawn(table), **more))


def test_page_and_desk_say_the_same() -> None:
    desk = render_to_string("admin/statistics_table.html", {"table": drawn(TREE)})
    for shown in (on_a_page(TREE), desk):
        assert shown.count('<th scope="col"') == 3
        assert shown.count('<th scope="row"') == 6
        assert "<caption" in shown
        assert "<b>" not in shown
        squeezed = " ".join(re.sub(r"<[^>]+>", " ", shown).split())
        assert "Positioning , within Operator &lt;b&gt; 1,000 67%" in squeezed
        for about, words in drawn(TREE).notes:
            assert f"{about}: {words}" in squeezed


def test_links_lead_from_the_names_and_stacked_cells_say_their_heading() -> None:
    shown = on_a_page(PAIRS, links=["/one/", "/two/"], stacked=True)
    assert re.findall(r'href="([^"]+)"', shown) == ["/one/", "/one/", "/two/", "/two/"]
    assert shown.count('data-heading="Number"') == 2
    assert "data-heading" not in on_a_page(PAIRS)
