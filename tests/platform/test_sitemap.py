"""What search engines are shown: every public page that stands, each once, and nothing else."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from enforcement.register.models import RegisterEntry
from enforcement.register.services import remove_entry
from notifications.learning.library import put, take_out
from notifications.learning.models import PublishedLearning
from regulator import clock, sitemap
from regulator.accounts.policies import policy_of
from regulator.frontend.sitemaps import SITEMAPS
from regulator.periods import reporting_year
from regulator.statistics.totals.models import Total
from tests.guidance.scene import Room as Guidance
from tests.notifications.learning.told import published, told
from tests.platform.test_routes import filled, routes
from tests.reference import ship_provisions
from tests.register.entries import entry
from tests.statistics.reports.room import Room as Reports
from tests.totals.rows import put as put_totals
from tests.totals.rows import spread

Travel = time_machine.TimeMachineFixture
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(autouse=True)
def _provisions(db: None) -> None:
    ship_provisions()


def told_of(client: Client, path: str) -> dict[str, str]:
    """By place what is said of its last change, ``""`` where nothing is."""
    answer: Any = client.get(path)
    assert answer.status_code == 200
    found = {}
    for each in ElementTree.fromstring(answer.getvalue()):  # noqa: S314
        parts = urlsplit(each.findtext(f"{NS}loc") or "")
        where = f"{parts.path}?{parts.query}" if parts.query else parts.path
        assert where not in found
        found[where] = each.findtext(f"{NS}lastmod") or ""
    return found


def places(client: Client, path: str) -> list[str]:
    return list(told_of(client, path))


def every_place(client: Client) -> list[str]:
    return [place for part in places(client, "/sitemap.xml") for place in places(client, part)]


def test_every_entry_and_page_is_in_it_once_and_answers(client: Client) -> None:
    made = [entry() for _ in range(3)]
    found = every_place(client)
    assert {each.get_absolute_url() for each in made} < set(found)
    assert len(found) == len(set(found))
    for place in found:
        assert client.get(place).status_code == 200


def everything(reports: bool = True) -> dict[str, set[str]]:
    """Two of each kind of page that comes and goes, by the name of its sitemap; and some that are none."""
    room = Guidance()
    first, second = room.shown(), room.shown(title="Another")
    room.approved(room.next(first))
    room.draft(title="Not sent")
    room.shown(title="To come", valid_from=clock.today() + timedelta(days=3))
    if not Total.objects.exists():
        put_totals(spread(600, date(2023, 4, 1), date(2025, 3, 31)), counted_on=date(2025, 3, 31))
    made = {
        "register": {entry().get_absolute_url() for _ in range(2)},
        "learning": {published().get_absolute_url() for _ in range(2)},
        "guidance": {each.topic.get_absolute_url() for each in (first, second)},
        "statistics": {"/statistics/?year=2023%2F24", "/statistics/?year=2024%2F25"},
    }
    if reports:
        office = Reports()
        office.corrected(office.published())
        office.started(reporting_year("2022/23"))
        of_year = "/statistics/reports/2023-24/"
        made["reports"] = {of_year, f"{of_year}editions/1/"}
    return made


def parts_by_name(client: Client) -> Iterator[tuple[str, dict[str, str]]]:
    for part in places(client, "/sitemap.xml"):
        name = part.removeprefix("/sitemap-").removesuffix(".xml").rpartition("-")[0]
        yield ("register" if part[9:-4].isdigit() else name), told_of(client, part)


def test_all_that_is_published_is_in_it_with_its_last_change_and_answers_anybody(client: Client) -> None:
    made = everything()
    assert set(made) == set(SITEMAPS)
    found: dict[str, dict[str, str]] = {}
    for name, told_there in parts_by_name(client):
        found.setdefault(name, {}).update(told_there)
    del found[""]  # the fixed pages
    assert {name: set(each) for name, each in found.items()} == made
    for place, changed in (each for part in found.values() for each in part.items()):
        assert client.get(place).status_code == 200, place
        assert datetime.fromisoformat(changed) <= clock.now(), place


def test_it_says_when_a_page_changed(client: Client, time_machine: Travel) -> None:
    time_machine.move_to(NOON, tick=False)
    room, made = Guidance(), published(title="The first")
    first = room.shown()
    room.approved(room.next(first, valid_from=clock.today() + timedelta(days=1)))
    assert list(told_of(client, "/sitemap-learning-1.xml").values()) == ["2026-03-02T12:00:00Z"]
    topic = first.topic.get_absolute_url()
    assert told_of(client, "/sitemap-guidance-1.xml") == {topic: "2026-03-02T12:00:00Z"}
    time_machine.move_to(NOON + timedelta(hours=12), tick=False)
    put(told(title="The second"), number=made.number, revision=2)
    assert told_of(client, "/sitemap-learning-1.xml") == {
        f"/learning/{made.number}/the-second/": "2026-03-03T00:00:00Z"
    }
    assert told_of(client, "/sitemap-guidance-1.xml") == {topic: "2026-03-03T00:00:00Z"}
    assert told_of(client, "/sitemap.xml")["/sitemap-guidance-1.xml"] == "2026-03-03T00:00:00Z"


def test_what_is_withdrawn_is_gone_at_once_also_for_whoever_kept_a_copy(client: Client) -> None:
    room = Guidance()
    first, made, other = room.shown(), published(), published()
    kept = {path: client.get(path)["ETag"] for path in ("/sitemap.xml", "/sitemap-learning-1.xml")}
    kept["/sitemap-guidance-1.xml"] = client.get("/sitemap-guidance-1.xml")["ETag"]
    for path, tag in kept.items():
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
    take_out(made.number)
    room.approved(room.withdrawal(first))
    for path, tag in kept.items():
        assert client.get(path, headers={"if-none-match": tag}).status_code != 304, path
    found = every_place(client)
    assert other.get_absolute_url() in found
    assert not any(f"/learning/{made.number}/" in place for place in found)
    assert first.topic.get_absolute_url() not in found
    assert "/sitemap-guidance-1.xml" not in places(client, "/sitemap.xml"), "nothing of it is left"
    assert client.get("/sitemap-guidance-1.xml").status_code == 404


def test_who_has_the_present_one_is_told_so_without_a_page_being_read(client: Client) -> None:
    everything(reports=False)
    most_of = dict.fromkeys(places(client, "/sitemap.xml"), 1) | {"/sitemap.xml": len(SITEMAPS)}
    for path, most in most_of.items():
        tag = client.get(path)["ETag"]
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        assert len(captured) <= most, path
        read = " ".join(each["sql"] for each in captured.captured_queries)
        for table in ("register_registerentry", "learning_publishedlearning", "guidance_v", "totals_total"):
            assert table not in read


def test_a_sitemap_takes_few_queries_however_many_pages(client: Client) -> None:
    taken = []
    for _ in range(2):
        everything(reports=False)
        counts = {}
        for path in ("/sitemap.xml", *places(client, "/sitemap.xml")):
            with CaptureQueriesContext(connection) as captured:
                told_of(client, path)
            counts[path] = len(captured)
        taken.append(counts)
    assert taken[0] == taken[1]
    assert max(count for path, count in taken[1].items() if path != "/sitemap.xml") <= 9
    assert taken[1]["/sitemap.xml"] <= 2 * len(SITEMAPS) + 2


def test_a_part_holds_no_more_than_it_may(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PER_PAGE", 2)
    for _ in range(7):
        entry()
    remove_entry(RegisterEntry.objects.order_by("pk")[3].slug)
    cases = [published() for _ in range(7)]
    for gone in cases[2:4]:
        take_out(gone.number)
    room = Guidance()
    for number in range(5):
        room.shown(title=f"Topic {number}")
    parts = places(client, "/sitemap.xml")
    assert all(1 <= len(places(client, part)) <= 2 for part in parts[1:])
    assert len(every_place(client)) == 6 + 5 + 5 + len(sitemap.PAGES)
    assert PublishedLearning.objects.count() == 7


def test_what_was_removed_is_gone_from_it(client: Client) -> None:
    made = entry()
    remove_entry(made.slug)
    assert made.get_absolute_url() not in every_place(client)


NO_PARTS: Final = [
    *("0", "2", "01", "99999", "999999999999", "x", "-1", "1-1"),
    *("register-1", "learning-1", "learning-0", "desk-1"),
]


@pytest.mark.parametrize("name", NO_PARTS)
def test_a_part_that_is_not_there(client: Client, name: str) -> None:
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_robots_read_the_register_and_nothing_of_anybodys(client: Client) -> None:
    entry()
    told = client.get("/robots.txt").content.decode()
    parser = RobotFileParser()
    parser.parse(told.splitlines())
    assert parser.site_maps() == ["http://localhost:8000/sitemap.xml"]
    for place in every_place(client):
        assert parser.can_fetch("*", place), place
    for place in ("/register/enforcement-register.csv", "/api/v1/register/", "/register/feed.atom"):
        assert parser.can_fetch("*", place), place
    for where, route in routes(get_resolver()):
        policy = policy_of(route.callback)
        assert policy is not None
        if not policy.public:
            assert not parser.can_fetch("*", filled(where)), where
