"""The filtered list as a file: which columns and rows, harmless to open, and on record."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import STAFF_ROLES, Role, roles_with
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotPermitted
from regulator.casework.models import Case, Event
from regulator.casework.queue.exporting import columns, export
from regulator.casework.queue.filters import QueueFilter
from regulator.organisations.models import Employer
from regulator.sheets import defused, spreadsheet
from tests.desk.kind import open_trial

SignIn = Callable[[Role], Client]
QUEUE = "/desk/casework/case/"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def taken(client: Client, query: str = "", form: str = "csv", kind: str = "") -> bytes:
    where = f"{QUEUE}{f'kind/{kind}/' if kind else ''}export/{form}/?{query}"
    answer: Any = client.post(where)
    assert answer.status_code == 200
    assert answer.streaming
    return b"".join(answer.streaming_content)


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith("\ufeff".encode())
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def read_ods(content: bytes) -> list[list[ElementTree.Element]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "mimetype"
        assert package.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        assert package.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        tree = ElementTree.fromstring(package.read("content.xml"))  # noqa: S314 (our own)
        ElementTree.fromstring(package.read("META-INF/manifest.xml"))  # noqa: S314
    return [list(row) for row in tree.iter(f"{_TABLE}table-row")]


def text_of(cell: ElementTree.Element) -> str:
    return "".join(cell.itertext())


@pytest.fixture
def cases(people: dict[Role, User], employer: Employer) -> list[Case]:
    """Three open ones, high risk last; and a closed one."""
    by = people[Role.ADMINISTRATOR]
    made = [open_trial(employer=employer, by=by, summary=f"Number {n}") for n in range(4)]
    late = clock.today() - timedelta(days=3)
    Case.objects.filter(pk=made[0].pk).update(risk=1, next_due_on=late)
    Case.objects.filter(pk=made[1].pk).update(risk=2, assignee=people[Role.INSPECTOR])
    Case.objects.filter(pk=made[2].pk).update(risk=3, summary="=HYPERLINK(1)")
    Case.objects.filter(pk=made[3].pk).update(closed_at=clock.now(), status="done")
    return made


def test_the_list_is_taken_as_it_is_filtered_and_ordered(officer: Client, cases: list[Case]) -> None:
    rows = read_csv(taken(officer))
    assert [row["Summary"] for row in rows] == ["'=HYPERLINK(1)", "Number 1", "Number 0"]
    first, last = rows[1], rows[2]
    assert first["Assigned to"] == "Inspector"
    assert first["Status"] == "Waiting"
    assert (last["Risk"], last["Days overdue"], last["Opened on"]) == ("Low", "3", clock.today().isoformat())
    assert (last["Kind"], last["Employer"], last["Type of employer"]) == (
        "Trial",
        "Trial Trust",
        "NHS acute trust",
    )
    assert [row["Summary"] for row in read_csv(taken(officer, "state=closed"))] == ["Number 3"]
    assert [row["Summary"] for row in read_csv(taken(officer, "risk=2&o=-age"))] == ["Number 1"]
    assert len(read_csv(taken(officer, "state=all", kind="trial"))) == 4
    assert read_csv(taken(officer, kind="inspection")) == []


def test_columns_are_a_whitelist(officer: Client, cases: list[Case]) -> None:
    """What anybody wrote freely, or could sign in with, is not among them."""
    heads = [column.heading for column in columns()]
    assert heads[:4] == ["Reference", "Kind", "Summary", "Employer"]
    assert len(set(heads)) == len(heads)
    paths = {path for column in columns() for path in column.paths}
    for word in ("email", "password", "narrative", "phone", "text", "reason", "created_by", "answer"):
        assert not [path for path in paths if word in path], word
    assert [text_of(cell) for cell in read_ods(taken(officer, form="ods"))[0]] == heads


def test_a_spreadsheet_has_typed_cells_and_no_formula(officer: Client, cases: list[Case]) -> None:
    content = taken(officer, form="ods")
    head, *rows = read_ods(content)
    names = [text_of(cell) for cell in head]
    summaries = [row[names.index("Summary")] for row in rows]
    assert [text_of(cell) for cell in summaries] == ["=HYPERLINK(1)", "Number 1", "Number 0"]
    assert {cell.get(f"{_OFFICE}value-type") for cell in summaries} == {"string"}
    opened = rows[0][names.index("Opened on")]
    assert opened.get(f"{_OFFICE}date-value") == clock.today().isoformat()
    assert rows[2][names.index("Days overdue")].get(f"{_OFFICE}value") == "3"
    assert b"formula" not in zipfile.ZipFile(io.BytesIO(content)).read("content.xml")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "  +44 20"]
)
def test_no_text_is_taken_for_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Trust", "1-2", "a=b", "", None, 3, clock.today()])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert defused(cell) is cell


@pytest.mark.parametrize(
    "text", ["<b>&\"'", "a\x00b\x0bc", "\ud800x", "\ufffe", "]]>", "é\u2028\N{HOSPITAL}", "\n\t"]
)
def test_any_text_fits_into_a_spreadsheet(text: str) -> None:
    [row] = read_ods(b"".join(spreadsheet('<Sheet & "one">', [[text]])))
    kept = "".join(each for each in text if each in "\t\n" or each.isprintable() or each == "\u2028")
    assert text_of(row[0]).strip() == kept.replace("\ufffe", "").strip()


def test_a_spreadsheet_is_written_as_it_is_read_and_never_held() -> None:
    read = 0

    def rows() -> Any:
        nonlocal read
        for number in range(5000):
            read = number
            yield [number, "x" * 200, clock.today()]

    pieces = spreadsheet("Cases", rows())
    first = next(pieces)
    assert read < 500
    sizes = [len(first), *map(len, pieces)]
    assert len(sizes) > 20
    assert max(sizes) < 100_000


def test_who_took_what_is_on_the_chain_before_it_leaves(
    officer: Client, people: dict[Role, User], cases: list[Case]
) -> None:
    answer: Any = officer.post(f"{QUEUE}kind/trial/export/csv/?risk=3&employer=trial+trust&o=due")
    event = Event.objects.get(type="casework.exported")  # nothing was read from the answer yet
    assert (event.case, event.actor) == (None, people[Role.CASE_OFFICER])
    assert event.payload["format"] == "csv"
    assert (event.payload["list"], event.payload["rows"]) == ("trial", 1)
    assert event.payload["filters"] == {"risk": "3", "o": "due"}
    assert "trial trust" not in str(event.payload)
    assert event.typed.text == "employer: trial trust"
    assert first_broken_link() is None
    Case.objects.filter(pk=cases[0].pk).update(risk=3)  # what came since does not leave with it
    assert len(read_csv(b"".join(answer.streaming_content))) == 1
    assert answer["Content-Disposition"] == f'attachment; filename="cases-{clock.today().isoformat()}.csv"'
    assert answer["Cache-Control"] == "private, no-store"


def test_nobody_is_put_on_record_by_what_is_searched_for(officer: Client, cases: list[Case]) -> None:
    answer = officer.post(f"{QUEUE}export/csv/?q=Mr+Patel")
    assert answer.status_code == 400
    assert "identify somebody" in answer.content.decode()
    assert not Event.objects.filter(type="casework.exported").exists()


@pytest.mark.parametrize("query", ["risk=9", "foo=1", "q=%00", "opened_from=x", "kind=a&kind=b"])
def test_an_address_that_makes_no_sense_exports_nothing(
    officer: Client, cases: list[Case], query: str
) -> None:
    assert officer.post(f"{QUEUE}export/csv/?{query}").status_code == 400
    assert not Event.objects.filter(type="casework.exported").exists()


def test_other_formats_lists_and_methods_do_not_exist(officer: Client, cases: list[Case]) -> None:
    assert officer.post(f"{QUEUE}export/xlsx/").status_code == 404
    assert officer.post(f"{QUEUE}kind/nothing/export/csv/").status_code == 404
    assert officer.get(f"{QUEUE}export/csv/").status_code == 405


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_whoever_reads_cases_exports_them_and_nobody_else(
    signed_in: SignIn, people: dict[Role, User], cases: list[Case], role: Role
) -> None:
    assert roles_with("casework.export") == roles_with("casework.read")
    allowed = role in roles_with("casework.export")
    person = signed_in(role)
    assert person.post(f"{QUEUE}export/csv/").status_code == (200 if allowed else 403)
    filters = QueueFilter(QueryDict(), user=people[role])
    if not allowed:
        with pytest.raises(NotPermitted):
            export(asked=filters, form="csv", by=people[role], path=QUEUE)


def test_an_export_takes_as_many_queries_for_many_cases_as_for_few(
    officer: Client, people: dict[Role, User], employer: Employer, cases: list[Case]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            taken(officer, "state=all")
        return len([each for each in captured if "SAVEPOINT" not in each["sql"]])

    few = queries()
    Case.objects.bulk_create(
        Case(kind="trial", status="waiting", employer=employer, opened_at=clock.now()) for _ in range(3000)
    )
    assert queries() <= few + 3  # PostgreSQL's cursor is read a thousand rows at a time
    assert len(read_csv(taken(officer))) == 3003


def test_the_service_refuses_a_name_whatever_the_page_does(people: dict[Role, User]) -> None:
    filters = QueueFilter(QueryDict("employer=Mr Patel"), user=people[Role.AUDITOR])
    with pytest.raises(ValidationError):
        export(asked=filters, form="csv", by=people[Role.AUDITOR], path=QUEUE)
