"""Readers say whether a page was useful: kept without a name, refused where it names somebody, read by staff
alone, and its comment removed in time."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.guidance import services
from notifications.guidance.models import Feedback
from notifications.guidance.services import listening
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework import identifiers
from regulator.casework.models import Event
from tests.factories import staff
from tests.guidance.scene import Room
from tests.notifications.pages import boxes, browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
HERE = "/feedback/guidance/carers-and-comforters/"
DESK = "/desk/guidance/feedback/"
LONDON = ZoneInfo("Europe/London")
Travel = time_machine.TimeMachineFixture


@pytest.fixture
def page(provisions: None) -> None:
    Room().shown()


def say(useful: str = "yes", comment: str = "", client: Client | None = None, **more: Any) -> Any:
    return (client or browser()).post(HERE, {"useful": useful, "comment": comment}, **more)


def said(number: int = 1, **changes: Any) -> None:
    """What readers said, without their pages."""
    row = {"kind": "guidance", "page_key": "carers-and-comforters", "useful": True, "comment": "Clear."}
    Feedback.objects.bulk_create(Feedback(**row | changes) for _ in range(number))


@pytest.mark.usefixtures("page")
def test_the_page_links_to_the_question_with_the_answer_chosen() -> None:
    assert f'action="{HERE}"' in text(browser().get("/guidance/carers-and-comforters/"))
    answer = browser().get(f"{HERE}?useful=no")
    assert boxes(answer)["useful"] == ["no"]
    assert not Feedback.objects.exists(), "a link that is opened says nothing"
    assert answer["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("page")
def test_an_answer_is_kept_without_a_name() -> None:
    answer = say("no", " More on leaflets. ", REMOTE_ADDR="203.0.113.7")
    assert answer.status_code == 302
    thanks = text(browser().get(answer["Location"]))
    assert "Thank you" in thanks
    assert 'href="/guidance/carers-and-comforters/">Go back to “Carers and comforters”' in thanks
    kept = Feedback.objects.get()
    assert (kept.kind, kept.page_key, kept.page_version) == ("guidance", "carers-and-comforters", 1)
    assert (kept.useful, kept.comment) == (False, "More on leaflets.")
    assert "203.0.113.7" not in str(vars(kept))
    assert not Event.objects.filter(type__contains="feedback").exists()


@pytest.mark.usefixtures("page")
def test_it_needs_the_token_of_the_form() -> None:
    assert say(client=Client(enforce_csrf_checks=True)).status_code == 403
    assert not Feedback.objects.exists()


@pytest.mark.usefixtures("page")
@pytest.mark.parametrize(
    ("useful", "comment", "why"),
    [
        ("", "", "Say whether the page was useful."),
        ("maybe", "", "Choose yes or no."),
        ("yes", "x" * 1201, "Use 1,200 characters or fewer."),
        ("yes", "a\x00b", "Null characters"),
        ("no", "Mr Patel in our department", "a person’s name: “Mr Patel”"),
        ("no", "patient 943 476 5919 had it", "an NHS number: “943 476 5919”"),
        ("no", "Write to me: me@example.org", "an e-mail address: “me@example.org”"),
        ("no", "Ring 020 7946 0018", "a telephone number"),
    ],
)
def test_nonsense_and_identifiers_are_refused_and_nothing_is_lost(
    useful: str, comment: str, why: str
) -> None:
    answer = say(useful, comment)
    assert answer.status_code == 400
    assert why in text(answer)
    assert not Feedback.objects.exists()
    if "\x00" not in comment:
        assert boxes(answer)["comment"] == [comment]
    if useful in ("yes", "no"):
        assert boxes(answer)["useful"] == [useful]


@pytest.mark.parametrize(
    "address", ["/feedback/guidance/nothing/", "/feedback/magnets/carers-and-comforters/", "/feedback/x/"]
)
def test_of_a_page_that_is_not_there_nothing_can_be_said(address: str) -> None:
    assert browser().get(address).status_code == 404
    assert browser().post(address, {"useful": "yes"}).status_code == 404


def test_a_flood_from_one_address_is_stopped_and_others_are_heard(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    cache.clear()
    slugs = [Room().shown(title=f"Topic {number}").topic.slug for number in range(21)]

    def say_of(slug: str, client: str) -> Any:
        answers = {"useful": "yes", "comment": "One more."}
        return browser().post(f"/feedback/guidance/{slug}/", answers, REMOTE_ADDR=client)

    for slug in slugs[:20]:
        assert say_of(slug, "203.0.113.7").status_code == 302
    stopped = say_of(slugs[20], "203.0.113.7")
    assert stopped.status_code == 429
    assert "Too much was sent from your network" in text(stopped)
    assert "One more." in text(stopped)
    assert say_of(slugs[20], "203.0.113.8").status_code == 302
    time_machine.shift(timedelta(hours=1))
    assert say_of(slugs[20], "203.0.113.7").status_code == 302
    assert Feedback.objects.count() == 22


@pytest.fixture
def at_noon(time_machine: Travel, provisions: None) -> Travel:
    """The clock stands at the beginning of an hour, with nothing counted and a page to speak of."""
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    cache.clear()
    Room().shown()
    return time_machine


@pytest.mark.usefixtures("at_noon")
def test_what_is_refused_counts_too_and_is_not_looked_at_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def find(comment: str) -> tuple[Any, ...]:
        looked.append(comment)
        return identifiers.find(comment)

    monkeypatch.setattr(listening, "find", find)
    answers = [say("no", "Mr Patel in our department").status_code for _ in range(22)]
    assert answers == [400] * 20 + [429] * 2
    assert len(looked) == 20
    assert say(comment="Sound.").status_code == 429
    assert not Feedback.objects.exists()


def test_one_address_answers_three_times_of_one_page_in_an_hour(at_noon: Travel) -> None:
    Room().shown(title="Another")
    assert say("no", "Ask Mr Patel.").status_code == 400, "what is refused is no answer"
    assert [say().status_code for _ in range(4)] == [302, 302, 302, 429]
    other = browser().post("/feedback/guidance/another/", {"useful": "no"})
    assert other.status_code == 302
    assert say(REMOTE_ADDR="203.0.113.8").status_code == 302
    at_noon.shift(timedelta(hours=1))
    assert say().status_code == 302


@pytest.mark.usefixtures("at_noon")
@pytest.mark.parametrize(
    ("same", "another"),
    [
        (["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:DB8::1:0:0:0:3"], "2001:db8:0:2::1"),
        (["203.0.113.7", "::ffff:203.0.113.7", "::FFFF:cb00:7107"], "::ffff:203.0.113.8"),
        (["203.0.113.7"] * 3, "203.0.113.8"),
    ],
)
def test_a_subscriber_has_many_addresses_of_ipv6_and_counts_once(same: list[str], another: str) -> None:
    assert [say(REMOTE_ADDR=address).status_code for address in same] == [302] * 3
    assert say(REMOTE_ADDR=same[0]).status_code == 429
    assert say(REMOTE_ADDR=another).status_code == 302


@pytest.mark.parametrize(
    "query",
    ["", "?kind=guidance", "?kind=magnets&page=x", "?kind=guidance&page=%00", "?kind=learning&page=../x"],
)
def test_thanks_for_a_page_that_is_not_there_lead_to_all_guidance(query: str) -> None:
    answer = browser().get(f"/feedback/thanks/{query}")
    assert answer.status_code == 200
    assert 'href="/guidance/">See the guidance for employers' in text(answer)
    assert "Go back" not in text(answer)


@pytest.mark.usefixtures("page")
def test_what_was_said_is_never_public() -> None:
    say("no", "Nowhere to be read.")
    for address in ("/guidance/", "/guidance/carers-and-comforters/", "/guidance/feed.atom", HERE):
        assert "Nowhere to be read." not in text(browser().get(address))


def test_comments_are_removed_after_two_years_and_counts_stay(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    said(2)
    said(1, comment="")
    time_machine.shift(timedelta(days=services.COMMENT_DAYS) - timedelta(seconds=1))
    assert services.forget_comments() == 0
    time_machine.shift(timedelta(seconds=1))
    assert services.forget_comments() == 2
    assert services.forget_comments() == 0
    assert Feedback.objects.filter(comment="", useful=True).count() == 3
    assert Feedback.objects.filter(comment_removed_at=clock.now()).count() == 2
    assert "Removed on 31 May 2028" in text(browser(staff(Role.ANALYST)).get(f"{DESK}said/"))


# The desk ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if not role.value.startswith("employer")])
def test_staff_who_read_cases_see_what_was_said(role: Role) -> None:
    client = browser(staff(role))
    expected = 403 if role is Role.ADMINISTRATOR else 200
    for address in (DESK, f"{DESK}said/", f"{DESK}said.csv"):
        assert client.get(address).status_code == expected


def test_the_page_with_most_answers_stands_first_also_where_another_was_answered_last(
    time_machine: Travel,
) -> None:
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=LONDON), tick=False)
    said(2, page_key="often", useful=False)
    said(1, page_key="often")
    time_machine.shift(timedelta(days=1))
    said(2, page_key="twice")
    time_machine.shift(timedelta(days=1))
    said(1, page_key="last")
    said(2, page_key="also-twice")
    rows = browser(staff(Role.ANALYST)).get(DESK).context["rows"]
    assert [row["page_key"] for row in rows] == ["often", "also-twice", "twice", "last"]


def test_answers_are_counted_by_page_and_filtered(time_machine: Travel) -> None:
    time_machine.move_to(datetime(2026, 10, 25, 0, 30, tzinfo=LONDON), tick=False)
    Room().shown()
    said(3)
    said(2, useful=False, comment="")
    said(1, page_key="gone-long-ago", comment="Elsewhere.")
    client = browser(staff(Role.CASE_OFFICER))
    counted = client.get(DESK).context["rows"]
    assert [(row["title"], row["yes"], row["no"], row["comments"]) for row in counted] == [
        ("Carers and comforters", 3, 2, 3),
        ("gone-long-ago", 1, 0, 1),
    ]
    told = {
        query: client.get(f"{DESK}said/?{query}").context["page"].paginator.count
        for query in (
            "",
            "useful=no",
            "comments=on",
            "page=gone-long-ago",
            "kind=learning",
            "since=2026-10-25&until=2026-10-25",
            "until=2026-10-24",
            "since=2026-10-26",
        )
    }
    assert list(told.values()) == [6, 2, 4, 1, 0, 6, 0, 0]


@pytest.mark.parametrize(
    "query", ["useful=maybe", "since=soon", "page=%00", "since=2026-02-02&until=2026-02-01", "kind=x"]
)
def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(query: str) -> None:
    said(1)
    client = browser(staff(Role.ANALYST))
    for address in (DESK, f"{DESK}said/"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert "There is a problem" in text(answer)
        assert "Clear." not in text(answer)
    assert client.get(f"{DESK}said.csv?{query}").status_code == 400


def test_the_file_holds_what_the_list_does_and_no_formula() -> None:
    said(1, comment='=HYPERLINK("https://evil.example")', useful=False)
    said(1, comment="Two\nlines, and a comma")
    answer = browser(staff(Role.ANALYST)).get(f"{DESK}said.csv?comments=on")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert rows[0] == ["Kind", "Page", "Version", "Useful", "Comment", "Received (London)"]
    assert [row[3:5] for row in rows[1:]] == [
        ["yes", "Two\nlines, and a comma"],
        ["no", '\'=HYPERLINK("https://evil.example")'],
    ]


def test_the_lists_take_as_many_queries_at_any_size() -> None:
    client = browser(staff(Role.ANALYST))
    room = Room()
    room.shown()
    said(1)

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    few = [counted(DESK), counted(f"{DESK}said/")]
    for number in range(60):
        said(2, page_key=f"page-{number}")
    assert [counted(DESK), counted(f"{DESK}said/")] == few
    assert max(few) <= 8
