"""What search engines are shown."""

from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import get_resolver

from enforcement.register import sitemap
from enforcement.register.models import RegisterEntry
from enforcement.register.services import remove_entry
from regulator.accounts.policies import policy_of
from tests.platform.test_routes import filled, routes
from tests.register.entries import entry

pytestmark = pytest.mark.usefixtures("provisions")
NS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def places(client: Client, path: str) -> list[str]:
    answer = client.get(path)
    assert answer.status_code == 200
    whole = answer.getvalue()
    return [urlsplit(each.text or "").path for each in ElementTree.fromstring(whole).iter(f"{NS}loc")]  # noqa: S314


def every_place(client: Client) -> list[str]:
    return [place for part in places(client, "/sitemap.xml") for place in places(client, part)]


def test_every_entry_and_page_is_in_it_once_and_answers(client: Client) -> None:
    made = [entry() for _ in range(3)]
    found = every_place(client)
    assert {each.get_absolute_url() for each in made} < set(found)
    assert len(found) == len(set(found))
    for place in found:
        assert client.get(place).status_code == 200


def test_a_part_holds_no_more_than_it_may(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "PER_PAGE", 2)
    for _ in range(7):
        entry()
    remove_entry(RegisterEntry.objects.order_by("pk")[3].slug)
    parts = places(client, "/sitemap.xml")
    assert all(len(places(client, part)) <= 2 for part in parts[1:])
    assert len(every_place(client)) == 6 + len(sitemap.PAGES)


def test_what_was_removed_is_gone_from_it(client: Client) -> None:
    made = entry()
    remove_entry(made.slug)
    assert made.get_absolute_url() not in every_place(client)


@pytest.mark.parametrize("name", ["0", "2", "99999", "999999999999", "x", "-1", "1-1"])
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
