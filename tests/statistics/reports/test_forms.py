"""Every form of a report says the same: of any year, each cell in JSON, HTML, CSV, ODS and PDF."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from typing import Any, Final

import pypdf
import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import MODALITY_OF, Cause, SubModality
from regulator.accounts.roles import Role
from regulator.organisations.models import Employer, Modality
from regulator.sheets import Sheet, spreadsheet_of
from regulator.statistics import files as table_files
from regulator.statistics.reports import files
from regulator.statistics.reports.assembling import chapters
from regulator.statistics.reports.composing import composed
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.pictures import page_chart
from regulator.statistics.reports.setting import set_content
from regulator.statistics.showing import drawn
from regulator.statistics.tables import Column, Kind, Table
from regulator.statistics.tables import Row as TableRow
from tests.factories import EmployerFactory, staff
from tests.notifications.learning.told import published
from tests.reference import ship_reference
from tests.statistics.reports import reading
from tests.statistics.reports.room import YEAR
from tests.statistics.rows import Row, store

MOMENT: Final = datetime(2024, 5, 1, 9, tzinfo=UTC)
TEXTS: Final = {
    "introduction": "We had {{ notifications_total }}.\n\n- of them {{ radiotherapy_notifications }}"
}
PORTAL: Final = "http://localhost:8000"
ABOUT: Final = {"edition": 1, "freeze": 1, "corrected": ""}
KINDS: Final = {
    modality.value: [kind.value for kind in SubModality if MODALITY_OF[kind] == modality.value]
    for modality in Modality
}
# Of each modality: which sub-modality (by place), which cause (by place), how many.
groups = st.lists(
    st.tuples(st.sampled_from(list(Modality)), st.integers(0, 9), st.integers(0, 40), st.integers(1, 30)),
    max_size=12,
)


def content_of(drawn: list[tuple[Modality, int, int, int]], employer: Employer, coder: Any) -> Content:
    causes = {each: list(Cause.objects.filter(modality=each.value).order_by("position")) for each in Modality}
    for modality, kind, cause, number in drawn:
        kinds, known = KINDS[modality.value], causes[modality]
        row = Row(employer, modality.value, kinds[kind % len(kinds)], known[cause % len(known)])
        store([row] * number, coder=coder)
    return composed(YEAR, TEXTS)


def html_of(content: Content) -> str:
    context = {
        "content": content,
        "chapters": chapters(content),
        "drawn": drawn,
        "chart": page_chart,
        "portal": PORTAL,
    }
    return render_to_string("reports/standing_alone.html", context)


@pytest.mark.django_db
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(drawn=groups)
def test_totals_leaves_and_shares_agree_in_every_form(
    drawn: list[tuple[Modality, int, int, int]],
) -> None:
    with transaction.atomic():
        ship_reference()
        content = content_of(drawn, EmployerFactory.create(), staff(Role.CASE_OFFICER))
        transaction.set_rollback(True)
    wanted = reading.as_shown(content)
    total = sum(number for *_, number in drawn)
    assert wanted["notifications_by_modality"][-1][1] == f"{total:,}"
    assert reading.from_json(table_files.json_of(files.as_plain_report(content, PORTAL))) == wanted
    assert reading.from_long_csv(b"".join(files.long_csv(content)), content) == _joined(content)
    assert reading.from_ods(files.whole_ods(content), content) == wanted
    assert reading.from_html(html_of(content), content) == wanted
    for name, table in content.tables.items():
        assert reading.from_csv(b"".join(table_files.table_csv(table)), table) == wanted[name]
    pdf = set_content(content, made_at=MOMENT, about=ABOUT)
    assert reading.missing_in_pdf(pdf, content) == []
    _leaves_add_up(content, drawn)


def _joined(content: Content) -> reading.Read:
    """As the long file has it: what names a row in one cell."""
    return {
        name: [
            [", ".join(row[: content.tables[name].headings]), *row[content.tables[name].headings :]]
            for row in rows
        ]
        for name, rows in reading.as_shown(content).items()
    }


def _leaves_add_up(content: Content, drawn: list[tuple[Modality, int, int, int]]) -> None:
    for modality in Modality:
        whole = sum(number for of, *_, number in drawn if of == modality)
        table = content.tables[f"notifications_by_cause_{modality.value}"]
        leaves = [
            row.cells[1]
            for row, after in zip(table.rows, [*table.rows[1:], None], strict=True)
            if row.depth and (after is None or after.depth <= row.depth)
        ]
        assert sum(cell for cell in leaves if isinstance(cell, int)) == whole
        assert table.rows[-1].cells[1] == whole


@pytest.fixture
def content(db: None) -> Content:
    ship_reference()
    drawn = [(modality, 0, place, 3) for place, modality in enumerate(Modality)]
    return content_of(drawn, EmployerFactory.create(), staff(Role.CASE_OFFICER))


def test_the_same_freeze_gives_the_same_bytes(content: Content) -> None:
    again = Content.read(content.written())
    assert again.written() == content.written()
    assert list(again.tables.values()) == list(content.tables.values())
    for make in (
        files.whole_ods,
        lambda of: b"".join(files.long_csv(of)),
        lambda of: set_content(of, made_at=MOMENT, about=ABOUT),
    ):
        assert make(again) == make(content)


def test_every_form_has_the_notes_of_a_table(content: Content) -> None:
    table = content.tables["notifications_by_modality"]
    notes = [words for _, words in table_files.notes_of(table)]
    assert len(notes) >= 4
    for made in (b"".join(table_files.table_csv(table)).decode(), html_of(content).replace("&#39;", "'")):
        for words in notes:
            assert words in made.replace('""', '"')


def test_no_text_of_a_table_is_taken_for_a_formula() -> None:
    table = Table(
        "t", "=1+1", (Column("a", "A", Kind.TEXT), Column("count", "N")), (TableRow(("=cmd", -5)),), "u", "b"
    )
    made = b"".join(table_files.table_csv(table)).decode("utf-8-sig")
    assert "'=cmd,-5" in made
    assert b"".join(table_files.table_csv(table)).count(b"=cmd") == 1


def test_two_sheets_never_have_one_name() -> None:
    long = "a" * 40
    made = [Table(f"{long}{at}", "T", (Column("a", "A"),), (), "u", "b") for at in range(3)]
    names = [sheet.name for sheet in table_files.sheets_of(made)]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 31
    with pytest.raises(ValueError, match="two sheets"):
        b"".join(spreadsheet_of([Sheet("a", []), Sheet("a", [])]))


# Cases of the library


@pytest.fixture
def telling(content: Content) -> Content:
    """A year with two cases told: one in a chapter, one in a part of it that was withdrawn since."""
    stands = published(system="It began.\n\nIt went <b>on</b>.")
    gone = published(title="Nobody reads this heading", learning="Nobody reads this sentence.")
    texts = {
        "imaging": f"Before.\n{{{{ case_{stands.number} }}}}\nAfter {{{{ notifications_total }}}}.",
        "imaging_themes": f"{{{{ case_{gone.number} }}}}",
    }
    made = composed(YEAR, texts)
    return replace(made, withdrawn={gone.number: date(2026, 7, 1)})


def words_of(telling: Content) -> list[str]:
    """What every form must say of its cases, in order."""
    [stands, gone] = telling.cases.values()
    told = [line for each in stands["told"] for line in (each["heading"], *each["text"].split("\n\n"))]
    return ["Before.", stands["title"], *told, "After 9.", gone["title"], gone["words"]]


def assert_said(text: str, words: list[str]) -> None:
    """Each in its order; blanks are left out, since where a line ends says nothing."""
    begin, held = 0, reading.squeezed(text)
    for each in words:
        found = held.find(reading.squeezed(each), begin)
        assert found >= 0, each
        begin = found + len(reading.squeezed(each))
    assert "Nobodyreadsthis" not in held


def test_every_form_tells_the_same_of_a_case(telling: Content) -> None:
    words = words_of(telling)
    pdf = set_content(telling, made_at=MOMENT, about=ABOUT)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert_said("".join(page.extract_text() for page in pages), words)
    html = html_of(telling)
    assert_said(html_text(html), words)
    plain = json.loads(table_files.json_of(files.as_plain_report(telling, PORTAL)))
    items = [item for section in plain["sections"] for item in section["items"]]
    parts = [part for item in items for part in item.get("text", ())]
    assert_said(" ".join(_strings(parts)), words)
    [stands, gone] = telling.cases.values()
    address = f"{PORTAL}{stands['path']}"
    assert [part["case"]["url"] for part in parts if "told" in part.get("case", {})] == [address]
    assert f'href="{address}"' in html
    found = [each.get_object().get("/A", {}) for page in pages for each in page.get("/Annots", ())]
    assert {each["/URI"] for each in found if "/URI" in each} == {address}
    assert parts[-1]["case"] == gone


def _strings(value: Any) -> Iterator[str]:
    """Every text of plain data, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def html_text(made: str) -> str:
    return unescape(strip_tags(made))


def test_a_case_has_real_headings_below_its_sections(telling: Content) -> None:
    kinds = [each["/S"] for each in elements(set_content(telling, made_at=MOMENT, about=ABOUT))]
    assert kinds.count("/H4") == 4 + 1  # the texts of one told in a chapter, the title of one told in a part
    [stands, gone] = telling.cases.values()
    html = html_of(telling)
    assert f'<h3 class="govuk-heading-s" id="case-{stands["number"]}">' in html
    assert f'<h4 class="govuk-heading-s" id="case-{gone["number"]}">' in html
    assert html.count("<h4") == 4 + 1


# The PDF's structure


def elements(pdf: bytes) -> list[Any]:
    """Every element of the structure tree."""
    found: list[Any] = []
    root: Any = pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(node)
            if "/K" in node:
                waiting.append(node["/K"])
    return found


def test_the_pdf_is_tagged_with_table_headers_that_say_their_scope(content: Content) -> None:
    pdf = set_content(content, made_at=MOMENT, about=ABOUT)
    held = elements(pdf)
    kinds = [each["/S"] for each in held]
    assert kinds.count("/Table") == kinds.count("/Caption") == len(content.tables)
    headers = [each for each in held if each["/S"] == "/TH"]
    assert len(headers) == sum(len(table.columns) for table in content.tables.values())
    for each in headers:
        attributes = each["/A"] if isinstance(each["/A"], list) else [each["/A"]]
        assert any(told.get("/Scope") == "/Column" for told in attributes)
    charts = [each for each in held if each["/S"] == "/Figure"]
    assert len(charts) == sum(bool(page_chart(table)) for table in content.tables.values()) >= 4
    assert all(each["/Alt"] for each in charts)
    assert kinds.count("/H1") == 1
    assert "/TOC" in kinds


def test_the_pdf_names_itself_and_its_language(content: Content) -> None:
    reader = pypdf.PdfReader(io.BytesIO(set_content(content, made_at=MOMENT, about=ABOUT)))
    assert reader.metadata is not None
    assert reader.metadata.title == "IR(ME)R annual report 2023/24"
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"] is not False
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()
