"""What the public reads: approved versions whose day has come, each at its own address, and nothing else."""

import re
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.guidance import queries, services
from notifications.guidance.models import Turn, Version
from notifications.guidance.wording import Action
from regulator import clock
from regulator.frontend.caching import CONTROL
from regulator.organisations.models import Modality
from tests.guidance.scene import ACTIONS, Room
from tests.notifications.pages import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
LONDON = ZoneInfo("Europe/London")
ATOM = "{http://www.w3.org/2005/Atom}"
Travel = time_machine.TimeMachineFixture
fill = import_module("notifications.guidance.migrations.0002_turn").fill


def ask(address: str, client: Client | None = None) -> Any:
    return (client or browser()).get(address)


def queries_of(address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert ask(address).status_code in (200, 410)
    return len(counted)


def test_drafts_and_versions_to_come_are_not_there(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    room.draft(title="Written")
    room.sent(room.draft(title="Sent"))
    later = room.shown(title="Later", valid_from=clock.today() + timedelta(days=3))
    dropped = room.draft(title="Dropped")
    services.discard(draft=dropped, by=room.writer, version=dropped.version)
    page = text(ask("/guidance/"))
    assert "There is no guidance yet." in page
    for slug in ("written", "sent", "later", "dropped", "nothing"):
        assert ask(f"/guidance/{slug}/").status_code == 404
        assert ask(f"/guidance/{slug}/versions/1/").status_code == 404
        assert ask(f"/feedback/guidance/{slug}/").status_code == 404
    assert "Later" not in text(ask("/guidance/feed.atom"))
    time_machine.move_to(datetime(2026, 6, 4, 0, tzinfo=LONDON), tick=False)
    assert "Later" in text(ask("/guidance/"))
    assert ask(f"/guidance/{later.topic.slug}/").status_code == 200


def test_an_earlier_version_says_when_it_was_replaced_and_what_changed(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 3, 28, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown()
    changed = (ACTIONS[0], Action("Keep a register of them.", ("8(3)",)))
    room.approved(room.next(first, actions=changed, valid_from=clock.today() + timedelta(days=1)))
    time_machine.move_to(datetime(2026, 3, 29, 0, 0, tzinfo=LONDON), tick=False)
    present = text(ask("/guidance/carers-and-comforters/"))
    assert "Version 2, since 29 March 2026." in present
    assert "Keep a register of them." in present
    assert "Regulation 6(1), Schedule 2(n)" in present
    assert "More is said of leaflets." in present
    earlier = text(ask("/guidance/carers-and-comforters/versions/1/"))
    assert "It was replaced on 29 March 2026." in earlier
    assert "Ask those who use it what is missing." in earlier
    changes = text(ask("/guidance/carers-and-comforters/changes/2/"))
    assert "Taken out:</strong> Ask those who use it what is missing." in changes
    assert "Added:</strong> Keep a register of them. (Regulation 8(3))" in changes
    assert "Why it matters" not in changes, "what is the same is left out"
    for nowhere in ("changes/1/", "changes/3/", "versions/3/", "versions/0/"):
        assert ask(f"/guidance/carers-and-comforters/{nowhere}").status_code == 404


def test_a_withdrawn_topic_says_so_and_keeps_what_it_said() -> None:
    room = Room()
    first = room.shown()
    room.approved(room.withdrawal(first))
    gone = ask(first.topic.get_absolute_url())
    assert gone.status_code == 410
    assert "Others say it better." in text(gone)
    assert ACTIONS[0].text not in text(gone)
    earlier = text(ask(first.get_absolute_url()))
    assert "It was withdrawn on" in earlier
    assert ACTIONS[0].text in earlier
    assert first.title not in text(ask("/guidance/"))


def test_the_list_is_filtered_by_modality_and_theme() -> None:
    room = Room()
    room.shown(title="Of radiotherapy", modalities=(Modality.RADIOTHERAPY.value,), theme="learning")
    room.shown(title="Of the scanner", modalities=(Modality.DIAGNOSTIC_IMAGING.value,), theme="learning")
    room.shown(title="Of people", theme="people")
    told = {
        query: [title for title in ("Of radiotherapy", "Of the scanner", "Of people") if title in page]
        for query in ("", "modality=radiotherapy", "theme=learning", "modality=nuclear_medicine&theme=people")
        for page in [text(ask(f"/guidance/?{query}"))]
    }
    assert told == {
        "": ["Of radiotherapy", "Of the scanner", "Of people"],
        "modality=radiotherapy": ["Of radiotherapy"],
        "theme=learning": ["Of radiotherapy", "Of the scanner"],
        "modality=nuclear_medicine&theme=people": ["Of people"],
    }
    assert "no guidance for that together" in text(ask("/guidance/?theme=experts"))


@pytest.mark.parametrize("query", ["modality=magnets", "theme=%00", "modality=" + "x" * 5000])
def test_a_filter_that_there_is_not_is_answered_in_words(query: str) -> None:
    Room().shown()
    answer = ask(f"/guidance/?{query}")
    assert answer.status_code == 200
    label = query.partition("=")[0].capitalize()
    assert "There is a problem" in text(answer)
    assert text(answer).count(f"Choose one of the answers offered for “{label}”") == 2
    assert "Carers and comforters" in text(answer)


def test_the_filter_that_can_be_read_holds_beside_one_that_cannot() -> None:
    room = Room()
    room.shown(title="Of people", theme="people")
    room.shown(title="Of learning", theme="learning")
    page = text(ask("/guidance/?theme=people&modality=magnets"))
    assert "There is a problem" in page
    assert "Of people" in page
    assert "Of learning" not in page


def test_the_own_address_of_a_withdrawal_says_withdrawn_in_title_and_text(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown()
    room.approved(room.withdrawal(first))
    own = "/guidance/carers-and-comforters/versions/2/"
    answer = ask(own)
    page = text(answer)
    assert answer.status_code == 200, "what was published stays at its own address"
    assert "<title>Withdrawn: Carers and comforters, version 2 – Guidance" in page
    assert ">Withdrawn: Carers and comforters</h1>" in page
    assert "This guidance was withdrawn on 1 June 2026, by version 2." in page
    assert "Others say it better." in page
    assert 'rel="canonical"' not in page, "the topic's own address is gone"
    earlier = text(ask("/guidance/carers-and-comforters/versions/1/"))
    assert "<title>Carers and comforters, version 1 – Guidance" in earlier
    time_machine.shift(timedelta(days=1))
    room.approved(room.next(first, withdraws=False))
    page = text(ask(own))
    assert "<title>Withdrawn: Carers and comforters, version 2 – Guidance" in page
    assert "by version 2. Version 3 took its place on 2 June 2026." in page
    assert "See what holds now" in page
    assert "Withdrawn" not in text(ask("/guidance/carers-and-comforters/"))


def test_the_feed_tells_what_is_new_changed_and_withdrawn(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    first = room.shown(why="It <b>matters</b> & more.")
    time_machine.shift(timedelta(hours=1))
    room.approved(room.next(first))
    time_machine.shift(timedelta(hours=1))
    room.approved(room.withdrawal(first))
    answer = ask("/guidance/feed.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314  # our own
    entries = root.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == [
        "Withdrawn: Carers and comforters",
        "Changed: Carers and comforters",
        "New: Carers and comforters",
    ]
    assert len({each.findtext(f"{ATOM}id") for each in entries}) == 3
    assert root.findtext(f"{ATOM}updated") == "2026-06-01T13:00:00+00:00"
    time_machine.shift(timedelta(days=1))
    assert ask("/guidance/feed.atom").content == answer.content


def test_what_nobody_saw_before_is_new_in_the_feed_as_in_the_digest(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room = Room()
    planned = room.shown(valid_from=clock.today() + timedelta(days=3), why="They accept a dose to help.")
    room.approved(room.next(planned, valid_from=planned.valid_from))
    time_machine.shift(timedelta(days=4))
    [entry] = ElementTree.fromstring(ask("/guidance/feed.atom").content).findall(f"{ATOM}entry")  # noqa: S314
    assert entry.findtext(f"{ATOM}title") == "New: Carers and comforters"
    assert entry.findtext(f"{ATOM}summary") == "They accept a dose to help."
    assert "What changed" not in text(ask(planned.topic.get_absolute_url()))
    [item] = queries.news(clock.now() - timedelta(days=30), clock.now(), ())
    assert item.title == "Carers and comforters (new)"


def compared(address: str, tag: str) -> tuple[int, list[str]]:
    """What is answered to whoever has the answer with this tag, and which of guidance's tables were read."""
    with CaptureQueriesContext(connection) as captured:
        answer = browser().get(address, headers={"if-none-match": tag})
    read = re.findall(r'FROM "?(\w+)', " ".join(each["sql"] for each in captured.captured_queries))
    return answer.status_code, read


def test_pages_may_be_kept_by_caches_and_are_compared_without_reading_a_topic() -> None:
    room = Room()
    first = room.shown()
    room.approved(room.next(first))
    one = "/guidance/carers-and-comforters/"
    for address in ("/guidance/", one, f"{one}versions/1/", f"{one}changes/2/", "/guidance/feed.atom"):
        answer = ask(address)
        assert answer["Cache-Control"] == CONTROL
        assert not answer.cookies
        assert compared(address, answer["ETag"]) == (304, ["guidance_turn"])
    assert "csrf" not in text(ask(one))


def test_a_kept_page_is_asked_for_anew_once_something_else_is_shown(time_machine: Travel) -> None:
    """Approved, its day come without anybody's doing, withdrawn: each makes another answer; a draft, and what
    is planned, make none."""
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    room, address = Room(), "/guidance/carers-and-comforters/"
    first = room.shown()
    tag = ask(address)["ETag"]
    room.draft(title="Another")
    tomorrow = room.approved(room.next(first, valid_from=clock.today() + timedelta(days=1)))
    assert compared(address, tag)[0] == 304
    assert compared("/guidance/", ask("/guidance/")["ETag"])[0] == 304
    time_machine.move_to(datetime(2026, 6, 1, 23, 59, 59, tzinfo=LONDON), tick=False)
    assert compared(address, tag)[0] == 304
    time_machine.move_to(datetime(2026, 6, 2, 0, tzinfo=LONDON), tick=False)
    assert compared(address, tag)[0] == 200
    assert "Version 2" in text(ask(address))
    tag = ask(address)["ETag"]
    room.approved(room.withdrawal(tomorrow))
    assert compared(address, tag)[0] == 410


def test_a_page_says_when_it_changed_last(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    Room().shown()
    time_machine.shift(timedelta(minutes=1))
    assert ask("/guidance/")["Last-Modified"] == "Mon, 01 Jun 2026 11:00:00 GMT"
    since = {"if-modified-since": "Mon, 01 Jun 2026 11:00:00 GMT"}
    assert browser().get("/guidance/", headers=since).status_code == 304


def test_versions_that_were_approved_before_there_were_turns_have_theirs() -> None:
    room = Room()
    room.approved(room.next(room.shown()))
    room.approved(room.next(room.shown(title="Planned"), valid_from=clock.today() + timedelta(days=3)))
    moments = sorted(Turn.objects.values_list("at", flat=True))
    Turn.objects.all().delete()
    fill(apps, None)
    assert sorted(Turn.objects.values_list("at", flat=True)) == moments


def test_what_somebody_signed_in_reads_is_kept_by_nobody() -> None:
    room = Room()
    room.shown()
    answer = ask("/guidance/", browser(room.writer))
    assert answer["Cache-Control"] == "private, no-store"


def test_a_page_takes_few_queries_however_much_there_is() -> None:
    room = Room()
    first = room.shown()
    room.approved(room.next(first))
    addresses = ["/guidance/", "/guidance/feed.atom"]
    addresses += [f"/guidance/{first.topic.slug}/{rest}" for rest in ("", "versions/1/", "changes/2/")]
    few = [queries_of(address) for address in addresses]
    for number in range(12):
        room.shown(title=f"Another {number}")
        room.approved(room.next(first, why=f"Anew {number}."))
    assert [queries_of(address) for address in addresses] == few
    assert max(few) <= 6
    assert Version.objects.filter(state=Version.State.APPROVED).count() == 26


def test_every_page_of_the_first_set_is_shown() -> None:
    assert services.load_first_topics() == 12
    assert services.load_first_topics() == 0
    page = text(ask("/guidance/"))
    for version in Version.objects.all():
        assert f"/guidance/{version.topic.slug}/" in page
        shown = text(ask(f"/guidance/{version.topic.slug}/"))
        for action in version.action_list:
            assert action.rests_on in shown
