"""Reading the forms of a report back, each by its own means: by table, the cells as they are shown."""

import csv
import io
import json
import zipfile
from collections.abc import Iterable
from decimal import Decimal
from html.parser import HTMLParser
from xml.etree import ElementTree

import pypdf

from regulator.statistics.reports.frozen import Content
from regulator.statistics.tables import Kind, Mark, Table, shown

Rows = list[list[str]]
Read = dict[str, Rows]
"""By the name of the table."""
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_P = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p"


def as_shown(content: Content) -> Read:
    """What every form must hold."""
    return {name: [_cells(table, row.cells) for row in table.rows] for name, table in content.tables.items()}


def _cells(table: Table, cells: Iterable[object]) -> list[str]:
    return [shown(cell, column.kind) for cell, column in zip(cells, table.columns, strict=True)]  # type: ignore[arg-type]


def _told(text: str, kind: Kind) -> str:
    """A cell of a file for programs, as people read it."""
    if kind is Kind.TEXT or text in set(Mark):
        return text
    number = Decimal(text)
    return shown(int(number) if number == number.to_integral_value() and "." not in text else number, kind)


def from_json(made: bytes) -> Read:
    read: Read = {}
    for table in json.loads(made)["tables"]:
        columns = [(each["key"], Kind(each["kind"])) for each in table["columns"]]
        read[table["name"]] = [[_told(str(row[key]), kind) for key, kind in columns] for row in table["rows"]]
    return read


def from_long_csv(made: bytes, content: Content) -> Read:
    """The heading and the cells of each row; the columns that name a row stand in one text."""
    read: Read = {}
    for line in csv.DictReader(io.StringIO(made.decode("utf-8-sig"))):
        rows = read.setdefault(line["table"], [])
        at = int(line["row"]) - 1
        if at == len(rows):
            rows.append([line["heading"].removeprefix("'")])
        rows[at].append(_told(line["value"].removeprefix("'"), Kind(line["kind"])))
    return {name: read.get(name, []) for name in content.tables}


def from_csv(made: bytes, table: Table) -> Rows:
    """One table with its notes below."""
    lines = list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))
    return _rows(lines, table)


def from_ods(made: bytes, content: Content) -> Read:
    """Sheet by sheet: the first lists them."""
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        tree = ElementTree.fromstring(package.read("content.xml"))  # noqa: S314 - the portal's own file
    sheets = [
        [
            ["".join(p.text or "" for p in cell.iter(_P)) for cell in row.iter(f"{_T}table-cell")]
            for row in sheet.iter(f"{_T}table-row")
        ]
        for sheet in tree.iter(f"{_T}table")
    ]
    contents, *held = sheets
    names = [row[1] for row in contents[2:]]
    return {name: _rows(sheet[1:], content.tables[name]) for name, sheet in zip(names, held, strict=True)}


def _rows(lines: list[list[str]], table: Table) -> Rows:
    keys, *rest = lines
    deep = keys[0] == "depth"
    assert keys[deep:] == [column.key for column in table.columns]
    kinds = [column.kind for column in table.columns]
    rows = rest[: len(table.rows)]
    assert rest[len(table.rows)] in ([], [""]), "an empty line parts the rows from the notes"
    return [
        [_told(cell.removeprefix("'"), kind) for cell, kind in zip(row[deep:], kinds, strict=True)]
        for row in rows
    ]


class _Tables(HTMLParser):
    """Each table of a page by its caption."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, Rows] = {}
        self.caption = ""
        self.inside = ""
        self.hidden = False
        self.row: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden = self.hidden or "hidden" in (dict(attrs).get("class") or "")
        if tag == "caption":
            self.caption, self.inside = "", "caption"
        elif tag == "tr":
            self.row = []
        elif tag in ("td", "th"):
            self.inside = "cell"
            self.row.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.hidden = False
        elif tag == "caption":
            self.tables[self.caption.strip()] = []
            self.inside = ""
        elif tag in ("td", "th"):
            self.inside = ""
        elif tag == "tr":
            self.tables[self.caption.strip()].append([cell.strip() for cell in self.row])

    def handle_data(self, data: str) -> None:
        if self.inside == "caption":
            self.caption += data
        elif self.inside == "cell" and not self.hidden:
            self.row[-1] += data


def from_html(made: str, content: Content) -> Read:
    parser = _Tables()
    parser.feed(made)
    titles = {name: table.titled for name, table in content.tables.items()}
    return {name: parser.tables[title][1:] for name, title in titles.items()}


def missing_in_pdf(made: bytes, content: Content) -> list[str]:
    """The rows that the document's text does not hold, in their order, after the title of their table. Blanks
    are left out of both: where a line ends says nothing."""
    text = squeezed("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages))
    missing = []
    for table in content.tables.values():
        begin = text.find(squeezed(table.titled) + squeezed(table.columns[0].heading))
        if begin < 0:
            missing.append(table.titled)
            continue
        for row in table.rows:
            wanted = squeezed("".join(_cells(table, row.cells)))
            found = text.find(wanted, begin)
            if found < 0:
                missing.append(f"{table.name}: {wanted}")
            else:
                begin = found + len(wanted)
    return missing


def squeezed(text: str) -> str:
    return "".join(text.split())
