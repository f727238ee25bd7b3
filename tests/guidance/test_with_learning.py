"""Learning cases in the digest, and what readers say of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from notifications.guidance import services, telling
from notifications.guidance.models import Feedback
from notifications.guidance.sources import SOURCES
from notifications.learning.library import take_out
from regulator.accounts.roles import Role
from regulator.outbox.models import Message
from tests.factories import EmployerFactory, member, staff
from tests.guidance.scene import Room
from tests.notifications.learning.told import published
from tests.notifications.pages import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
LONDON = ZoneInfo("Europe/London")
Travel = time_machine.TimeMachineFixture


def test_new_cases_are_told_with_new_guidance(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 3, 10, 9, tzinfo=LONDON), tick=False)
    reader = member(EmployerFactory.create())
    published(title="Before they asked")
    time_machine.shift(timedelta(minutes=1))
    services.wish_for_digest(by=reader, modalities=["diagnostic_imaging"])
    case = published(title="Two lists were open")
    published(title="Of another modality", modality="radiotherapy", sub_modality="brachytherapy")
    gone = published(title="Withdrawn since")
    take_out(gone.number)
    Room().shown()
    time_machine.move_to(datetime(2026, 4, 1, 0, tzinfo=LONDON), tick=False)
    published(title="Of the next month")
    assert telling.tell_all() == 1
    body = Message.objects.get(template="guidance_digest").body
    assert "Learning from incidents" in body
    assert (
        f"- Two lists were open. Diagnostic imaging. http://localhost:8000{case.get_absolute_url()}" in body
    )
    for other in ("Before they asked", "Of another modality", "Withdrawn since", "Of the next month"):
        assert other not in body
    time_machine.move_to(datetime(2026, 5, 1, 0, tzinfo=LONDON), tick=False)
    assert telling.tell_all() == 1
    assert "Of the next month" in Message.objects.filter(template="guidance_digest").latest("pk").body


def test_both_sources_answer_in_one_query_each(django_assert_num_queries: object) -> None:
    since, until = datetime(2026, 1, 1, tzinfo=LONDON), datetime(2026, 2, 1, tzinfo=LONDON)
    assert set(SOURCES) == {"guidance", "learning"}
    for source in SOURCES.values():
        with django_assert_num_queries(1):  # type: ignore[operator]
            assert list(source.find(since, until, ["radiotherapy"])) == []


def test_readers_say_whether_a_case_was_useful() -> None:
    case = published(title="Two lists were open")
    here = f"/feedback/learning/{case.number}/"
    page = browser().get(case.get_absolute_url())
    assert f'action="{here}"' in text(page)
    answer = browser().post(here, {"useful": "yes", "comment": "We have that system too."})
    assert answer.status_code == 302
    thanks = text(browser().get(answer["Location"]))
    assert f'href="{case.get_absolute_url()}">Go back to “Two lists were open”' in thanks
    kept = Feedback.objects.get()
    assert (kept.kind, kept.page_key, kept.page_version) == ("learning", str(case.number), 1)
    desk = text(browser(staff(Role.ANALYST)).get("/desk/guidance/feedback/said/"))
    assert "Learning: Two lists were open" in desk
    take_out(case.number)
    assert browser().post(here, {"useful": "yes"}).status_code == 404


@pytest.mark.parametrize("key", ["0", "007", "x", "99999999999999999999", "-1", "1-a"])
def test_a_case_that_there_is_not_is_not_there(key: str) -> None:
    published()
    assert browser().get(f"/feedback/learning/{key}/").status_code == 404
