"""``manage.py annual_report`` in every form: a working copy of the figures as the cases stand."""

import json
import zipfile
from io import StringIO
from pathlib import Path
from typing import Final

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from regulator.statistics.reports.working import FORMS
from tests.statistics.reports.room import Room

REPORT: Final = "/statistics/reports/2023-24/"


def made(tmp_path: Path, form: str) -> bytes:
    file = tmp_path / f"report.{form}"
    call_command("annual_report", "2023/24", "--format", form, "--output", str(file))
    return file.read_bytes()


def test_every_form_is_made_of_what_the_cases_are_now(room: Room, tmp_path: Path) -> None:
    report = room.started()
    room.write(report, "We had {{ notifications_total }}.")
    html = made(tmp_path, "html").decode()
    assert "We had 3." in html
    assert "neither frozen nor signed" in html
    assert made(tmp_path, "pdf").startswith(b"%PDF-1.7")
    assert made(tmp_path, "csv").decode("utf-8-sig").startswith("table,number,title,row,")
    (tmp_path / "report.ods").write_bytes(made(tmp_path, "ods"))
    with zipfile.ZipFile(tmp_path / "report.ods") as package:
        assert package.testzip() is None
    room.notify(1)
    assert "We had 4." in made(tmp_path, "html").decode()


def test_a_year_without_a_report_has_its_tables_all_the_same(room: Room, tmp_path: Path) -> None:
    assert "Figure 1" in made(tmp_path, "html").decode()
    assert set(FORMS) == {"html", "pdf", "ods", "csv", "json"}


def test_json_has_the_shape_in_which_a_published_report_is_offered(room: Room, client: Client) -> None:
    room.published()
    out = StringIO()
    call_command("annual_report", "2023/24", "--format", "json", stdout=out)
    assert out.getvalue().strip().encode() == client.get(f"{REPORT}report.json").content.strip()
    told = client.get("/api/v1/statistics/reports/2023-24/").json()
    assert json.loads(out.getvalue()).items() <= told.items()


def test_a_form_that_there_is_not_is_refused(room: Room) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("annual_report", "2023/24", "--format", "docx")
