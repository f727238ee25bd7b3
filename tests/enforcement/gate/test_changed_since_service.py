"""A notice that was changed after it was served: its entry, its PDF and its employer's page say so."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from enforcement import services
from enforcement.gate import services as gate
from enforcement.legal_clock import earliest_compliance
from enforcement.models import Notice
from enforcement.register.wording import (
    CHANGED_MEANS,
    DAYS_ADDED,
    MORE_TIME,
    NEW_DAYS,
    TIME_CHANGED,
    until,
)
from regulator import clock
from tests.enforcement.compliance.test_pages import opened
from tests.enforcement.gate.stage import entry_of, open_of, published
from tests.enforcement.scene import Scene

Travel = time_machine.Traveller
NOT_AS_SERVED = "not the notice as it was served"
ON_ITS_PAGE = "The PDF is the notice as it was served."
LESS = {"changes": "Every second year is enough.", "required_action": "Review every second year."}


def _page(client: Client, notice: Notice) -> str:
    entry = entry_of(notice)
    assert entry is not None
    return " ".join(client.get(entry.get_absolute_url()).content.decode().split())


def _disposed(
    scene: Scene, travel: Travel, outcome: str, notice_type: str = "improvement", **changed: str
) -> Notice:
    notice = published(scene, travel, notice_type=notice_type)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    travel.shift(timedelta(days=3))
    scene.do(notice, services.dispose_appeal, outcome=outcome, on=clock.today(), **changed)
    scene.publish(notice)
    return notice


def test_one_that_stands_as_served_says_nothing_of_a_change(
    scene: Scene, travel: Travel, client: Client
) -> None:
    notice = published(scene, travel)
    page = _page(client, notice)
    assert CHANGED_MEANS not in page
    assert NOT_AS_SERVED in page
    assert ON_ITS_PAGE not in opened(scene, notice)


def test_what_the_tribunal_changed_is_the_entry_and_its_pdf_and_both_say_so(
    scene: Scene, travel: Travel, client: Client
) -> None:
    notice = _disposed(scene, travel, "modified", **LESS)
    page = _page(client, notice)
    for words in (CHANGED_MEANS, "Review every second year.", "Appeal decided: affirmed with changes"):
        assert words in page, words
    assert ON_ITS_PAGE in opened(scene, notice)


@pytest.mark.parametrize("outcome", ["affirmed", "dropped"])
def test_what_the_tribunal_left_as_it_was_is_not_called_changed(
    scene: Scene, travel: Travel, client: Client, outcome: str
) -> None:
    """It suspended nothing, so that no day moved."""
    notice = _disposed(scene, travel, outcome, notice_type="prohibition_deferred")
    page = _page(client, notice)
    assert CHANGED_MEANS not in page
    assert not any(words in page for words in NEW_DAYS)


@pytest.mark.parametrize(
    ("outcome", "ended"),
    [
        ("affirmed", "Appeal decided: affirmed"),
        ("dropped", "Appeal withdrawn by the employer: the notice stands"),
    ],
)
def test_the_day_that_an_appeal_moved_has_a_line_of_its_own(
    scene: Scene, travel: Travel, client: Client, outcome: str, ended: str
) -> None:
    notice = _disposed(scene, travel, outcome)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.compliance_due_on == earliest_compliance(date(2025, 3, 3)).on + timedelta(days=24)
    *_, lodged, decided, moved = entry.timeline
    assert lodged["what"] == "Appeal lodged with the employment tribunal"
    assert decided["what"] == ended
    assert moved == {"on": decided["on"], "what": until(DAYS_ADDED, entry.compliance_due_on)}
    page = _page(client, notice)
    assert moved["what"] in page
    assert CHANGED_MEANS in page
    assert ON_ITS_PAGE in opened(scene, notice)


def test_the_day_that_a_tribunal_set_has_a_line_of_its_own(
    scene: Scene, travel: Travel, client: Client
) -> None:
    notice = published(scene, travel)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    later = clock.today() + timedelta(days=90)
    scene.do(notice, services.dispose_appeal, outcome="affirmed", on=clock.today(), compliance_on=later)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.timeline[-1]["what"] == until(TIME_CHANGED, later)
    assert CHANGED_MEANS in _page(client, notice)


def test_a_corrected_day_to_comply_is_that_of_the_last_line_which_tells_one(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    first, second = (clock.today() + timedelta(days=days) for days in (60, 90))
    for day in (first, second):
        scene.do(notice, services.extend_compliance, compliance_on=day, reason="Delivery.")
        scene.publish(notice)
    right = second - timedelta(days=1)
    given = {"why": "A slip.", "changes": {"compliance_due_on": right}}
    scene.do(notice, gate.correct_entry, scene.inspector, **given)
    scene.publish(notice)
    entry = entry_of(notice)
    assert entry is not None
    assert entry.compliance_due_on == right
    told = [each["what"] for each in entry.timeline]
    assert told == ["Notice served", until(MORE_TIME, first), until(MORE_TIME, right)]


def test_a_corrected_day_that_no_line_tells_is_told_by_none(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    given = {"why": "A slip.", "changes": {"compliance_due_on": clock.today() + timedelta(days=50)}}
    made = scene.do(notice, gate.correct_entry, scene.inspector, **given)
    assert [each["what"] for each in made.content["timeline"]] == ["Notice served"]


def test_more_time_stands_on_the_timeline_of_the_entry(scene: Scene, travel: Travel, client: Client) -> None:
    notice = published(scene, travel)
    later = (notice.compliance_on or clock.today()) + timedelta(days=30)
    scene.do(notice, services.extend_compliance, compliance_on=later, reason="Delivery.")
    told = open_of(notice).content["timeline"][-1]
    assert told["on"] == clock.today().isoformat()
    assert told["what"] == f"CQC gave more time to comply, until {later.day} {later:%B %Y}"
    assert open_of(notice).cause == "extended"
    scene.publish(notice)
    assert CHANGED_MEANS in _page(client, notice)
    assert ON_ITS_PAGE in opened(scene, notice)


@pytest.mark.parametrize("outcome", ["modified", "affirmed", ""])
def test_the_pdf_says_that_it_was_changed_where_it_was(scene: Scene, travel: Travel, outcome: str) -> None:
    changed = LESS if outcome == "modified" else {}
    notice = _disposed(scene, travel, outcome, **changed) if outcome else published(scene, travel)
    entry = entry_of(notice)
    assert entry is not None
    pages = PdfReader(BytesIO(bytes(entry.document.content))).pages
    said = " ".join("".join(page.extract_text() for page in pages).split())
    assert (CHANGED_MEANS in said) == bool(outcome)
    assert NOT_AS_SERVED in said
