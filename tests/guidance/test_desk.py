"""Guidance on the desk: written, compared, sent, approved and given back; and who may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.guidance import services
from notifications.guidance.content import content_of
from notifications.guidance.models import Version
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import HOME_PANELS
from tests.factories import staff
from tests.guidance.scene import ACTIONS, Room, content
from tests.notifications.pages import boxes, browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]
DESK = "/desk/guidance/version/"


def written(**changes: Any) -> dict[str, Any]:
    """What the form of a version is sent with."""
    said = {
        "title": "Carers and comforters",
        "theme": "people",
        "modalities": ["nuclear_medicine"],
        "why": "They accept a dose to help.",
        "actions": "Write a procedure. [reg. 6(1), Sch 2(n)]\nAsk them.",
        "what_changed": "",
        "valid_from": clock.today().isoformat(),
    }
    return said | changes


def do(user: User, version: Version, name: str, **said: Any) -> Any:
    version.refresh_from_db()
    where = "decide" if name in ("approve", "give_back") else "do"
    return browser(user).post(f"{DESK}{version.pk}/{where}/{name}/", {"version": version.version} | said)


def test_a_version_goes_from_the_first_word_to_the_public() -> None:
    room = Room(other=staff(Role.ENFORCEMENT_MANAGER))
    answer = browser(room.writer).post(f"{DESK}add/", written())
    version = Version.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{DESK}{version.pk}/change/")
    assert version.regulations == ("6(1)", "Sch2(n)")
    assert do(room.writer, version, "send").status_code == 302
    assert do(room.other, version, "give_back", reason="Say more.").status_code == 302
    page = browser(room.writer).get(f"{DESK}{version.pk}/change/")
    assert "Say more." in text(page)
    form = browser(room.writer).get(f"{DESK}{version.pk}/write/")
    assert boxes(form)["actions"] == ["Write a procedure. [6(1), Sch2(n)]\nAsk them."]
    said = written(title="Helpers", version=boxes(form)["version"][0])
    assert browser(room.writer).post(f"{DESK}{version.pk}/write/", said).status_code == 302
    assert do(room.writer, version, "send").status_code == 302
    assert do(room.other, version, "approve").status_code == 302
    assert "Helpers" in text(browser().get("/guidance/carers-and-comforters/"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"title": ""}, "Enter the title"),
        ({"actions": "Do it. [six]"}, "Line 1: Cannot read"),
        ({"actions": "Do it. [99]"}, "There is no provision 99"),
        ({"why": "Mr Patel told us"}, "seems to identify somebody"),
        ({"modalities": []}, "Modalities"),
        ({"modalities": ["magnets"]}, "Modalities"),
        ({"valid_from": "soon"}, "Holds from"),
        ({"valid_from": "2020-01-01"}, "must be today or later"),
        ({"title": "a\x00b"}, "must not contain hidden characters"),
    ],
)
def test_what_is_wrong_stands_beside_its_box_and_nothing_is_lost(changes: dict[str, Any], why: str) -> None:
    answer = browser(staff(Role.ANALYST)).post(f"{DESK}add/", written(**changes))
    assert answer.status_code == 400
    assert why in text(answer)
    assert "There is a problem" in text(answer)
    kept = written(**changes)
    assert boxes(answer)["why"] == [kept["why"]]
    assert boxes(answer)["actions"] == [kept["actions"]]
    assert not Version.objects.exists()


def test_somebody_elses_change_is_not_written_over() -> None:
    room = Room()
    draft = room.draft()
    theirs = content(
        title="Other", why="They asked for it.\nTwice.", valid_from=clock.today() + timedelta(days=9)
    )
    services.change(draft=draft, content=theirs, by=room.other, version=draft.version)
    actions = "Write a procedure for it. [6(1), Sch2(n)]\r\nAsk those who use it what is missing."
    mine = written(version=draft.version, why="Mine.\r\nTwice.", actions=actions)
    answer = browser(room.writer).post(f"{DESK}{draft.pk}/write/", mine)
    assert answer.status_code == 409
    assert "Someone else changed this version" in text(answer)
    day = theirs.valid_from
    assert answer.context["theirs"] == [
        ("Title", "Other"),
        ("Modalities", "Diagnostic imaging, Nuclear medicine"),
        ("Why it matters", "They asked for it.\nTwice."),
        ("Holds from", f"{day.day} {day:%B %Y}"),
    ], "the actions are the same but for how lines end"
    assert "They asked for it.<br>Twice." in text(answer)
    assert boxes(answer)["why"] == ["Mine.\r\nTwice."]
    assert boxes(answer)["version"] == ["2"], "sent again, knowingly, it replaces theirs"
    refused = browser(room.writer).post(f"{DESK}{draft.pk}/write/", mine | {"version": 2, "title": ""})
    assert refused.context["theirs"] == []


def test_somebody_elses_change_of_a_withdrawal_is_shown_as_well() -> None:
    room = Room()
    draft = room.withdrawal(room.shown())
    said = {"why": "Mine.", "valid_from": clock.today().isoformat(), "version": draft.version}
    services.change(
        draft=draft, content=replace(content_of(draft), why="Theirs."), by=room.other, version=draft.version
    )
    answer = browser(room.writer).post(f"{DESK}{draft.pk}/write/", said)
    assert answer.status_code == 409
    assert answer.context["theirs"] == [("Why it is withdrawn", "Theirs.")]


@pytest.mark.parametrize("name", ["send", "discard"])
def test_whoever_sends_what_a_colleague_changed_reads_what_changed(name: str) -> None:
    room = Room()
    draft = room.draft()
    client, page = browser(room.writer), f"{DESK}{draft.pk}/do/{name}/"
    read = {box: values[0] for box, values in boxes(client.get(page)).items()}
    theirs = content(why="They asked for it.\nTwice.", actions=ACTIONS[:1])
    services.change(draft=draft, content=theirs, by=room.other, version=draft.version)
    answer = client.post(page, read)
    assert answer.status_code == 409
    assert answer.context["theirs"] == [
        ("Why it matters", "They asked for it.\nTwice."),
        ("Actions", "Write a procedure for it. [6(1), Sch2(n)]"),
    ]
    assert "What changed since you opened this page" in text(answer)
    assert "They asked for it.<br>Twice." in text(answer)
    again = {box: values[0] for box, values in boxes(answer).items()}
    services.change(draft=draft, content=content(title="Helpers"), by=room.other, version=2)
    second = client.post(page, again)
    assert ("Title", "Helpers") in second.context["theirs"], "and what changed since that"
    sent = client.post(page, {box: values[0] for box, values in boxes(second).items()})
    assert sent.status_code == 302


def test_whoever_decides_on_what_was_taken_back_meanwhile_reads_what_changed_and_loses_nothing() -> None:
    room = Room()
    sent = room.sent(room.draft())
    client, reason = browser(room.other), "Say what a leaflet must say."
    pages = {name: f"{DESK}{sent.pk}/decide/{name}/" for name in ("approve", "give_back")}
    read = {
        name: {box: values[0] for box, values in boxes(client.get(page)).items()}
        for name, page in pages.items()
    }
    taken = services.take_back(draft=sent, by=room.writer, version=sent.version)
    services.change(draft=taken, content=content(title="Helpers"), by=room.writer, version=taken.version)
    for name, page in pages.items():
        answer = client.post(page, read[name] | {"reason": reason})
        assert answer.status_code == 409
        assert answer.context["theirs"] == [("State", "Being written"), ("Title", "Helpers")]
        assert "This can no longer be done." in text(answer)
        assert answer.context["button"] == ""
    assert boxes(answer)["reason"] == [reason]


def test_a_deed_whose_page_brought_nothing_back_is_told_of_no_change() -> None:
    room = Room()
    draft = room.draft()
    services.change(draft=draft, content=content(title="Helpers"), by=room.other, version=draft.version)
    for stands in ("", "x y", "é"):
        answer = browser(room.writer).post(f"{DESK}{draft.pk}/do/send/", {"version": 1, "stands": stands})
        assert answer.status_code == 409
        assert bool(answer.context["theirs"]) is bool(stands)


def test_the_page_shows_what_changes_and_compares_with_any_version() -> None:
    room = Room()
    first = room.shown()
    second = room.approved(room.next(first, why="Anew."))
    third = room.next(second, title="Helpers", actions=ACTIONS[:1])
    client = browser(room.other)
    page = text(client.get(f"{DESK}{third.pk}/change/"))
    assert "otherwise than version 2" in page
    assert "Taken out:</strong> Ask those who use it what is missing." in page
    assert "Departments differ." not in page
    assert "Departments differ." in text(client.get(f"{DESK}{third.pk}/change/?against=1"))
    for against in ("9", "x", "None", "%00"):
        assert client.get(f"{DESK}{third.pk}/change/?against={against}").status_code == 404
    assert "otherwise than version 1" in text(client.get(f"{DESK}{second.pk}/change/"))


def test_buttons_are_offered_to_those_who_may() -> None:
    room = Room()
    manager, auditor = staff(Role.ENFORCEMENT_MANAGER), staff(Role.AUDITOR)
    people = (room.writer, room.other, manager, auditor)
    draft = room.draft()

    def offered() -> list[list[str]]:
        return [
            [name for name, _ in browser(who).get(f"{DESK}{draft.pk}/change/").context["deeds"]]
            for who in people
        ]

    assert offered() == [["send", "discard"], ["send", "discard"], [], []]
    draft = room.sent(draft)
    assert offered() == [["take_back"], ["approve", "give_back"], ["approve", "give_back"], []]
    draft = services.approve(draft=draft, by=manager, version=draft.version)
    assert offered() == [[], [], [], []]


@pytest.mark.parametrize("name", ["approve", "give_back", "send", "nothing"])
def test_a_deed_is_refused_to_those_who_may_not(name: str) -> None:
    room = Room()
    sent = room.sent(room.draft())
    told = {
        role: do(staff(role), sent, name, reason="No.").status_code
        for role in (Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR)
    }
    assert set(told.values()) == {403}
    own = do(room.writer, sent, name, reason="No.").status_code
    assert own == (404 if name == "nothing" else 409)
    sent.refresh_from_db()
    assert sent.state == Version.State.SENT


def test_a_topic_is_withdrawn_by_two_as_well() -> None:
    room = Room()
    first = room.shown()
    where = f"{DESK}topics/{first.topic.slug}/withdraw/"
    assert "Why it is withdrawn" in text(browser(room.writer).get(where))
    refused = browser(room.writer).post(where, {"why": "", "valid_from": clock.today().isoformat()})
    assert refused.status_code == 400
    said = {"why": "Others say it better.", "valid_from": clock.today().isoformat()}
    assert browser(room.writer).post(where, said).status_code == 302
    draft = Version.objects.get(withdraws=True)
    assert browser(room.writer).get(f"{DESK}{draft.pk}/write/").status_code == 200
    assert browser(room.writer).post(where, said).status_code == 409, "another is open"
    do(room.writer, draft, "send")
    do(room.other, draft, "approve")
    assert browser().get(first.topic.get_absolute_url()).status_code == 410


def test_the_second_person_is_told_what_is_never_shown_then() -> None:
    room = Room()
    first, day = room.shown(), clock.today() + timedelta(days=30)
    planned = room.approved(room.next(first, valid_from=day))
    told = f"Version {planned.number}, approved to hold from {day.day} {day:%B %Y}"
    client = browser(room.other)
    later = room.sent(room.next(first, valid_from=day + timedelta(days=1)))
    assert "they are never shown" not in text(client.get(f"{DESK}{later.pk}/decide/approve/"))
    room.approved(services.take_back(draft=later, by=room.writer, version=later.version))
    gone = room.sent(room.withdrawal(first))
    for address in (f"{DESK}{gone.pk}/decide/approve/", f"{DESK}{gone.pk}/change/"):
        page = text(client.get(address))
        assert told in page
        assert "Version 3, approved to hold from" in page
    assert "otherwise than version 1" in page, "it is compared with what the public reads until then"
    assert told not in text(client.get(f"{DESK}{gone.pk}/decide/give_back/"))
    assert do(room.other, gone, "approve").status_code == 302
    assert "they are never shown" not in text(client.get(f"{DESK}{gone.pk}/change/"))
    assert "Approved, and replaced before its day" in text(client.get(f"{DESK}{planned.pk}/change/"))


def test_the_home_counts_what_waits_for_whom() -> None:
    room = Room()
    room.sent(room.draft())
    room.draft(title="Another")
    panel = HOME_PANELS.get("guidance.second_person")

    def counts(user: User) -> list[int]:
        found = panel(user)
        return [line.count for line in found.lines] if found else []

    assert counts(room.writer) == [1, 0]
    assert counts(room.other) == [0, 1]
    assert counts(staff(Role.ENFORCEMENT_MANAGER)) == [1]
    assert counts(staff(Role.INSPECTOR)) == [0]
    assert counts(staff(Role.CASE_OFFICER)) == []
    shown = panel(room.other)
    assert shown is not None
    for line in shown.lines:
        page = browser(room.other).get(line.url)
        assert page.context["cl"].result_count == line.count


def test_the_desk_takes_as_many_queries_at_any_size() -> None:
    room = Room()
    first = room.shown()
    client = browser(room.other)

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    addresses = [DESK, f"{DESK}{first.pk}/change/"]
    few = [counted(address) for address in addresses]
    for number in range(10):
        room.approved(room.next(first, why=f"Anew {number}."))
        room.shown(title=f"Another {number}")
    many = [counted(address) for address in addresses]
    assert [more <= less for more, less in zip(many, few, strict=True)] == [True, True]
    assert max(few) <= 8
