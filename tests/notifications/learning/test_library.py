"""The public library: search, filters with their counts, pages, addresses for ever, caches, the feed."""

import re
from html import unescape
from typing import Final
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from notifications.learning.finding import A_PAGE, found
from notifications.learning.library import put, take_out
from notifications.learning.models import PublishedLearning
from notifications.learning.published import published_since
from notifications.learning.words import LONGEST, sought, words_of
from regulator import clock
from tests.notifications.learning.told import published, told

pytestmark = pytest.mark.django_db

LIST: Final = "/learning/"
ATOM: Final = "{http://www.w3.org/2005/Atom}"
MOST_QUERIES: Final = 6


def titles(typed: str = "", **marks: str) -> list[str]:
    return [each.title for each in found(typed, marks)]


def test_the_list_leads_to_the_page_and_the_page_says_it_in_its_order(client: Client) -> None:
    made = published(title="A calibrator stood at another isotope")
    listed = client.get(LIST).content.decode()
    assert made.get_absolute_url() in listed
    page = client.get(made.get_absolute_url()).content.decode()
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert headings[:4] == ["What in the system let it happen", "What happened", "Actions taken", "Learning"]
    assert "Published in 2026" in page
    assert 'type="application/ld+json"' in page


def test_words_are_found_in_any_order_and_by_their_beginnings() -> None:
    first = published(title="A calibrator stood at another isotope")
    second = published(title="Adult settings on a mobile unit")
    assert titles("isotope calibrator") == [first.title]
    assert titles("calib") == [first.title]
    assert titles("CALIBRATORS") == [first.title], "a plural finds its singular"
    assert titles("the unit") == [second.title], "small words narrow nothing"
    assert titles("calibrator mobile") == []
    assert titles("wrong patient") == [second.title, first.title], "the words of the cause are found too"


def test_signs_alone_find_nothing_and_are_no_operator() -> None:
    published()
    assert titles("%") == titles("_") == titles("* OR '") == []
    assert len(titles("  ")) == 1


@given(st.text(max_size=LONGEST))
def test_what_is_sought_holds_no_sign(typed: str) -> None:
    for term in sought(typed) or ():
        assert words_of(term) == {term}


NONSENSE: Final = (
    *("q=%00", "q=" + "x" * 400, "page=0", "page=" + "9" * 30, "page=x", "page=²"),
    *("theme=%27", "cause=../x", "equipment=none-such", "modality=" + "a" * 300),
)


@pytest.mark.parametrize("query", NONSENSE)
def test_nonsense_is_answered_with_a_page(client: Client, query: str) -> None:
    published()
    assert client.get(f"{LIST}?{query}").status_code == 200
    assert client.get(f"{LIST}feed.atom?{query}").status_code in (200, 400)


@pytest.mark.parametrize(
    ("query", "label"),
    [
        ("modality=zz", "Modality"),
        ("modality=radiotherapy--zz", "Modality"),
        ("cause=nobody", "Cause"),
        ("equipment=none-such", "Equipment"),
        ("theme=zz", "Theme"),
        ("theme=%3C", "Theme"),
    ],
)
def test_a_filter_that_there_is_not_is_said_beside_its_box(client: Client, query: str, label: str) -> None:
    made = published()
    answer = client.get(f"{LIST}?{query}&q=lists")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert page.count(f"Choose one of the answers offered for “{label}”") == 2
    assert str(made.title) in page
    assert list(chips(page)) == ["Search: lists"]
    refused = client.get(f"{LIST}feed.atom?{query}")
    assert refused.status_code == 400
    assert refused.content.decode().startswith(query.partition("=")[0])


def test_an_address_outlives_what_it_asks_for(client: Client) -> None:
    """What a case could have is no error where none has it; nor is a cause that only a later edition has."""
    published(tiers=("Assistant", "", ""))
    for query, found_ in (
        ("modality=nuclear_medicine--pet", 0),
        ("cause=operator", 0),
        ("equipment=injector", 0),
        ("theme=workforce", 0),
        ("cause=assistant", 1),
    ):
        page = client.get(f"{LIST}?{query}").content.decode()
        assert "There is a problem" not in page, query
        assert page.count("<article") == found_, query


def offered(page: str, name: str) -> list[str]:
    """What a filter of the page offers."""
    [box] = re.findall(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    return [unescape(each).strip() for each in re.findall(r"<option[^>]*>([^<]*)<", box)]


def chips(page: str) -> dict[str, str]:
    """What the page says is asked for, each with the address without it."""
    found_ = re.findall(r'portal-chip" href="([^"]*)"><span[^>]*>Remove </span>([^<]*)<', page)
    return {unescape(told_): unescape(without) for without, told_ in found_}


def test_each_filter_counts_what_is_shown(client: Client) -> None:
    published(themes=("workforce",))
    published(modality="radiotherapy", sub_modality="", tiers=("Operator", "Treatment", ""), equipment="")
    page = client.get(f"{LIST}?modality=radiotherapy").content.decode()
    assert "1 learning case<" in page
    assert offered(page, "cause") == ["Any", "Operator (1)", "Operator > Treatment (1)"]
    assert offered(page, "theme") == ["Any", "Identifying the patient (1)"]
    assert offered(page, "equipment") == ["Any"]
    both = client.get(f"{LIST}?modality=radiotherapy&theme=workforce").content.decode()
    assert "No learning case fits all of this together." in both
    assert offered(both, "theme") == ["Any", "workforce (0)"]


def test_a_chip_takes_one_thing_away_and_addresses_can_be_shared(client: Client) -> None:
    published(themes=("workforce",))
    page = client.get(f"{LIST}?theme=workforce&q=lists").content.decode()
    assert chips(page) == {
        "Search: lists": "/learning/?theme=workforce",
        "Theme: Staffing and workload": "/learning/?q=lists",
    }
    assert 'rel="canonical" href="http://testserver/learning/?q=lists&amp;theme=workforce"' in page


def test_pages_hold_twenty_and_keep_what_was_asked(client: Client) -> None:
    for _ in range(A_PAGE + 2):
        published()

    def shown(query: str) -> tuple[int, list[str]]:
        page = client.get(f"{LIST}{query}").content.decode()
        pages = re.findall(r'href="([^"]*)" rel="(?:prev|next)"', page)
        return page.count("<article"), [unescape(each) for each in pages]

    assert shown("?q=lists") == (A_PAGE, ["/learning/?q=lists&page=2"])
    assert shown("?q=lists&page=2") == (2, ["/learning/?q=lists"])
    assert shown("?page=99") == (2, ["/learning/"])


def test_an_address_stays_and_a_withdrawn_one_is_gone(client: Client) -> None:
    made = published(title="Before")
    former = made.get_absolute_url()
    put(told(title="Afterwards"), number=made.number, revision=2)
    moved = client.get(former)
    assert (moved.status_code, moved["Location"]) == (302, f"/learning/{made.number}/afterwards/")
    assert "revised since" in client.get(moved["Location"]).content.decode()
    take_out(made.number)
    for address in (former, moved["Location"]):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "was withdrawn" in gone.content.decode()
        assert "Afterwards" not in gone.content.decode()
    assert titles() == []
    assert client.get("/learning/99999999999999999999999/x/").status_code == 404


def test_a_title_that_is_taken_up_again_leads_nobody_round_in_circles(client: Client) -> None:
    """A browser follows a permanent redirect that it keeps without asking: none may have been given."""
    made = published(title="Before")
    before = made.get_absolute_url()
    after = put(told(title="Afterwards"), number=made.number, revision=2).get_absolute_url()
    led = client.get(before)
    assert (led.status_code, led["Location"], led.get("Cache-Control")) == (302, after, None)
    put(told(title="Before"), number=made.number, revision=3)
    back = client.get(after)
    assert (back.status_code, back["Location"], back.get("Cache-Control")) == (302, before, None)
    assert client.get(before).status_code == 200


def test_what_was_withdrawn_cannot_be_said_anew() -> None:
    made = published()
    take_out(made.number)
    with pytest.raises(PublishedLearning.DoesNotExist):
        put(told(), number=made.number)
    with pytest.raises(PublishedLearning.DoesNotExist):
        take_out(made.number)


def test_who_has_the_present_page_is_told_so_until_the_library_changes(client: Client) -> None:
    made = published()
    for address in (LIST, f"{LIST}feed.atom", made.get_absolute_url()):
        first = client.get(address)
        assert "max-age=60" in first["Cache-Control"]
        with CaptureQueriesContext(connection) as captured:
            again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, len(captured)) == (304, 1)
    tag = client.get(LIST)["ETag"]
    published()
    assert client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("query", ["", "?q=lists+wrong+patient&modality=diagnostic_imaging&theme=workforce"])
def test_a_list_takes_the_same_queries_at_any_size(client: Client, query: str) -> None:
    taken = []
    for size in (1, A_PAGE + 5):
        while PublishedLearning.objects.count() < size:
            published(themes=("workforce",))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{LIST}{query}").status_code == 200
        taken.append(len(captured))
    assert taken[0] == taken[1] <= MOST_QUERIES
    address = published().get_absolute_url()
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) == 2


def test_the_feed_is_atom_and_asks_as_the_list_does(client: Client) -> None:
    mine = published(themes=("workforce",), title="Nights & <weekends>")
    published()
    answer = client.get(f"{reverse('learning:feed')}?theme=workforce")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    tree = ElementTree.fromstring(answer.content)  # noqa: S314 (our own)
    entries = tree.findall(f"{ATOM}entry")
    assert [each.findtext(f"{ATOM}title") for each in entries] == [mine.title]
    for each in (tree, *entries):
        for needed in ("id", "title", "updated"):
            assert each.findtext(f"{ATOM}{needed}"), needed
    assert entries[0].findtext(f"{ATOM}id", "").endswith(f"learning/{mine.number}")
    links = {each.get("rel", "alternate"): each.get("href") for each in tree.findall(f"{ATOM}link")}
    assert links["self"].endswith("/learning/feed.atom?theme=workforce")  # type: ignore[union-attr]
    assert client.get(f"{reverse('learning:feed')}?theme=%3C").status_code == 400


def test_an_empty_feed_is_a_feed(client: Client) -> None:
    tree = ElementTree.fromstring(client.get(reverse("learning:feed")).content)  # noqa: S314 (our own)
    assert tree.findtext(f"{ATOM}updated")
    assert tree.findall(f"{ATOM}entry") == []


def test_what_came_since_a_moment_is_told_oldest_first() -> None:
    moment = clock.now()
    gone, first, second = published(), published(), published()
    take_out(gone.number)
    PublishedLearning.objects.filter(pk__in=(first.pk, second.pk)).update(
        published_at=clock.now().replace(hour=23)
    )
    assert list(published_since(moment)) == [first, second]
    assert list(published_since(clock.now().replace(hour=23))) == []
