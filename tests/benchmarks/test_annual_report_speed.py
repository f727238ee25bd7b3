"""How long the annual report's PDF takes: as a ratio to setting one plain page in the same run."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulator.accounts.roles import Role
from regulator.documents import render
from regulator.organisations.models import Modality
from regulator.statistics.reports import files
from regulator.statistics.reports.composing import composed
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.outline import ready_texts
from regulator.statistics.reports.setting import set_content
from tests.factories import EmployerFactory, staff
from tests.reference import ship_reference
from tests.statistics.reports.room import YEAR
from tests.statistics.reports.test_forms import content_of

MOMENT = datetime(2024, 5, 1, 9, tzinfo=UTC)
MOST_RATIO = 60
MOST_SECONDS = 10


@pytest.fixture
def content(db: None) -> Content:
    """Of every cause of every modality some notifications, with every text that ships."""
    ship_reference()
    drawn = [(modality, place, place, 2) for modality in Modality for place in range(40)]
    held = content_of(drawn, EmployerFactory.create(), staff(Role.CASE_OFFICER))
    full = composed(YEAR, ready_texts(YEAR.slug))
    assert full.tables == held.tables
    return full


def seconds(deed: Callable[[], object], times: int = 5) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        deed()
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def test_the_whole_pdf_against_one_plain_page(content: Content, tmp_path: Path) -> None:
    plain = tmp_path / "plain.typ"
    plain.write_text(
        '#set document(title: "Plain")\n#set text(lang: "en", font: "Arimo")\n= Plain\nOne sentence.\n'
    )
    floor = seconds(lambda: render(plain, {}, made_at=MOMENT))
    about = {"edition": 1, "freeze": 1, "corrected": ""}
    whole = seconds(lambda: set_content(content, made_at=MOMENT, about=about))
    sheets = seconds(lambda: files.whole_ods(content))
    print(f"\nPDF {whole:.2f} s, one plain page {floor:.3f} s, ratio {whole / floor:.1f}; ODS {sheets:.3f} s")  # noqa: T201
    assert whole < MOST_SECONDS
    assert whole / floor < MOST_RATIO
