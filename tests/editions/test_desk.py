"""Editions on the desk: who gets in, looking before proposing, files, deciding, stale pages, nonsense,
queries."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.criteria.editions import as_table
from notifications.criteria.reference import read_regime
from notifications.editions.causes import as_table as causes_as_table
from regulator import clock
from regulator.accounts.roles import Role
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from tests.editions.scene import CLOCK, LETTER, WHY, Two, clock_of, in_days, letter, regime
from tests.factories import EmployerFactory, notification_in, person
from tests.notifications.pages import boxes, browser, text
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db
NOW = "/desk/editions/edition/now/"


@pytest.fixture
def two() -> Two:
    ship_reference()
    return Two()


def proposing(kind: str, what: str = "") -> str:
    if what:
        return reverse("admin:editions_edition_propose", args=[kind, what])
    return reverse("admin:editions_edition_propose_whole", args=[kind])


def at(edition: Edition, name: str = "") -> str:
    if not name:
        return reverse("admin:editions_edition_change", args=[edition.pk])
    return reverse("admin:editions_edition_do", args=[edition.pk, name])


def typed(client: Client, address: str, **more: Any) -> dict[str, Any]:
    return boxes(client.get(address)) | {"reason": WHY, "holds_from": clock.today().isoformat()} | more


READ = {Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.mark.parametrize("role", sorted(Role))
def test_administrators_and_auditors_read_and_administrators_alone_change(two: Two, role: Role) -> None:
    client = browser(person(role, EmployerFactory.create()))
    edition = two.propose("letter", LETTER, letter("Reply"))
    reads = [NOW, reverse("admin:editions_edition_changelist"), at(edition)]
    changes = [
        proposing("letter", LETTER),
        proposing("criteria"),
        proposing("causes"),
        proposing("clock", CLOCK),
        *(at(edition, name) for name in ("approve", "refuse", "withdraw")),
    ]
    for address in reads:
        assert client.get(address).status_code == (200 if role in READ else 403), address
        assert client.post(address).status_code == (405 if role in READ else 403), address
    for address in changes:
        assert client.get(address).status_code == (200 if role == Role.ADMINISTRATOR else 403), address
        if role != Role.ADMINISTRATOR:
            assert client.post(address, {"version": 1, "step": "propose"}).status_code == 403
    assert Client().get(proposing("criteria")).status_code == 302


@pytest.mark.parametrize("what", sorted(dict(KINDS.get("letter").whats())))
def test_the_page_of_every_letter_opens_with_what_it_says(two: Two, what: str) -> None:
    page = browser(two.one).get(proposing("letter", what))
    assert page.status_code == 200
    kept = boxes(page)
    now = KINDS.get("letter").present(what, clock.today())
    assert kept["body"] == [now["body"]]
    assert kept["subject"] == [now["subject"]]


def test_looking_shows_what_would_change_and_proposes_nothing(two: Two) -> None:
    client = browser(two.one)
    address = proposing("letter", LETTER)
    sent = typed(client, address, body="Reply by {{ due_on|day }}: {{ case_url }}", step="look")
    looked = client.post(address, sent)
    shown = text(looked)
    assert looked.status_code == 200
    assert "Nothing is proposed yet" in shown
    assert "Reply by Wednesday 1 April 2026: https://portal.example/a/page/" in shown
    assert not Edition.objects.exists()
    assert boxes(looked)["reason"] == [WHY]
    done = client.post(address, boxes(looked) | {"step": "propose"})
    assert done["Location"] == at(Edition.objects.get())


def test_a_second_administrator_approves_on_its_page(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    own, other = browser(two.one), browser(two.other)
    assert at(edition, "approve") not in text(own.get(at(edition)))
    assert at(edition, "withdraw") in text(own.get(at(edition)))
    assert own.post(at(edition, "approve"), {"version": 1}).status_code == 409
    page = other.get(at(edition))
    assert at(edition, "approve") in text(page)
    assert "Reply by" in text(page)
    approve = at(edition, "approve")
    assert other.post(approve, boxes(other.get(approve))).status_code == 302
    shown = text(other.get(at(edition)))
    assert "Approved" in shown
    assert f"?again={edition.pk}" in shown
    assert f"Edition {edition.pk}" in text(own.get(NOW))
    assert own.post(approve, {"version": 1}).status_code == 409


def test_a_refusal_says_why(two: Two) -> None:
    edition = two.propose("clock", CLOCK, clock_of(90))
    client, refuse = browser(two.other), at(edition, "refuse")
    silent = client.post(refuse, boxes(client.get(refuse)))
    assert silent.status_code == 400
    assert "There is a problem" in text(silent)
    assert client.post(refuse, {"version": 1, "reason": "Not yet published."}).status_code == 302
    assert "Not yet published." in text(client.get(at(edition)))


def test_a_stale_decision_answers_409_and_shows_how_it_stands(two: Two) -> None:
    edition = two.propose("clock", CLOCK, clock_of(90))
    Edition.objects.filter(pk=edition.pk).update(version=2)
    answer = browser(two.other).post(at(edition, "refuse"), {"version": 1, "reason": "No."})
    assert answer.status_code == 409
    assert "Someone else changed this edition" in text(answer)
    assert boxes(answer)["reason"] == ["No."]
    assert boxes(answer)["version"] == ["2"]


def test_an_earlier_edition_is_taken_up_anew_from_its_page(two: Two) -> None:
    first = two.hold("letter", LETTER, letter("First"))
    two.hold("letter", LETTER, letter("Wrong"))
    client = browser(two.one)
    address = f"{proposing('letter', LETTER)}?again={first.pk}"
    page = client.get(address)
    assert boxes(page)["body"] == [first.content["body"]]
    sent = boxes(page) | {"reason": WHY, "holds_from": clock.today().isoformat(), "step": "propose"}
    assert client.post(proposing("letter", LETTER), sent).status_code == 302
    back = Edition.objects.order_by("-pk")[0]
    assert (back.again, back.content) == (first, first.content)


@pytest.mark.parametrize("again", ["x", "0", "9" * 40, "-1", "%00", "٣"])
def test_taking_up_what_there_is_not_shows_what_holds(two: Two, again: str) -> None:
    page = browser(two.one).get(f"{proposing('letter', LETTER)}?again={again}")
    assert page.status_code == 200
    assert boxes(page)["again"] == [""]


def files() -> dict[str, tuple[str, bytes]]:
    content = regime()
    rules = read_regime(content | {"effective_from": None, "effective_to": None}).rules
    return {
        "json": ("rules.json", json.dumps(content["rules"]).encode()),
        "json with a mark": ("rules.json", b"\xef\xbb\xbf" + json.dumps(content).encode()),
        "csv": ("rules.csv", as_table(rules).encode()),
    }


@pytest.mark.parametrize("form", ["json", "json with a mark", "csv"])
def test_criteria_come_from_a_file_which_is_looked_at_first(two: Two, form: str) -> None:
    notification_in("submitted")
    client, address = browser(two.one), proposing("criteria")
    name, given = files()[form]
    sent = typed(client, address, key="SAUE-2026", label="April 2026", step="look", text="")
    looked = client.post(address, sent | {"file": SimpleUploadedFile(name, given)})
    shown = text(looked)
    assert looked.status_code == 200, shown
    assert "total_effective_dose &gt;= 5 mSv (adult)" in shown
    assert not Edition.objects.exists()
    done = client.post(address, boxes(looked) | {"step": "propose"})
    assert done.status_code == 302
    assert Edition.objects.get().content["rules"] == regime()["rules"]


@pytest.mark.parametrize(("kind", "ending"), [("criteria", "csv"), ("criteria", "json"), ("causes", "csv")])
def test_what_holds_is_handed_out_as_a_file_that_changes_nothing(two: Two, kind: str, ending: str) -> None:
    client = browser(two.one)
    address = reverse("admin:editions_edition_file", args=[kind, ending])
    assert address in text(client.get(proposing(kind)))
    handed = client.get(address)
    assert handed["Content-Disposition"] == f'attachment; filename="{kind}.{ending}"'
    sent = typed(client, proposing(kind), key="new", text="", step="propose")
    answer = client.post(proposing(kind), sent | {"file": SimpleUploadedFile("x", handed.content)})
    assert "This says what holds on that day already" in text(answer)


@pytest.mark.parametrize("name", ["criteria.exe", "letter.csv", "nonsense.csv", "causes.json"])
def test_other_files_are_not_there(two: Two, name: str) -> None:
    assert browser(two.one).get(f"{NOW}{name}").status_code == 404


def test_causes_come_from_a_file_too(two: Two) -> None:
    client, address = browser(two.one), proposing("causes")
    content = dict(KINDS.get("causes").present("", clock.today()))
    content["causes"] = content["causes"][1:]
    sent = typed(client, address, key="2026-27", label="2026/27", step="look", text="")
    given = SimpleUploadedFile("causes.csv", causes_as_table(content).encode())
    looked = client.post(address, sent | {"file": given})
    assert "di-employer-equipment-not-fit-for-purpose" in text(looked)
    assert client.post(address, boxes(looked) | {"step": "propose"}).status_code == 302
    assert len(Edition.objects.get().content["causes"]) == 88


@pytest.mark.parametrize(
    "given",
    [b"", b"\xff\xfe\x00", b"{", b"[1]", b'{"a": 1}', b"[" * 100_000, b"a,b\n1,2", b"\x00", b"x" * 1_000_001],
)
@pytest.mark.parametrize("kind", ["criteria", "causes"])
def test_a_file_that_is_no_list_is_told_beside_its_box(two: Two, kind: str, given: bytes) -> None:
    client, address = browser(two.one), proposing(kind)
    sent = typed(client, address, key="new", label="New", text="", step="propose")
    answer = client.post(address, sent | {"file": SimpleUploadedFile("x.csv", given)})
    assert answer.status_code == 400
    assert "There is a problem" in text(answer)
    assert boxes(answer)["key"] == ["new"]
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"holds_from": ""},
        {"holds_from": "tomorrow"},
        {"holds_from": "0001-01-01"},
        {"holds_from": "9999-12-31", "days": "0"},
        {"reason": ""},
        {"reason": "Asked by Dr Anna Smith"},
        {"days": "x"},
        {"days": "9" * 40},
        {"counting": "fortnights"},
        {"running": "\x00"},
        {"again": "x"},
        {"again": "9" * 40},
        {"source": ""},
    ],
)
@pytest.mark.parametrize("step", ["look", "propose", "nonsense"])
def test_nonsense_is_told_and_proposes_nothing(two: Two, wrong: dict[str, str], step: str) -> None:
    client, address = browser(two.one), proposing("clock", CLOCK)
    sent = typed(client, address, days="90") | wrong if wrong else {}
    answer = client.post(address, sent | {"step": step})
    only_of_proposing = wrong == {"reason": "Asked by Dr Anna Smith"} and step == "look"
    assert answer.status_code == (200 if only_of_proposing else 400)
    assert not Edition.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "propose/nonsense/",
        "propose/letter/nonsense/",
        "propose/letter/",
        "propose/clock/comply/",
        "propose/criteria/x/",
        "0/change/",
        f"{'9' * 40}/change/",
        "abc/change/",
        "1/do/nonsense/",
        "1/do/approve/",
        "1/delete/",
        "1/history/",
        "add/",
    ],
)
def test_what_there_is_not_is_not_found(two: Two, address: str) -> None:
    client = browser(two.one)
    where = reverse("admin:editions_edition_changelist") + address
    assert client.get(where).status_code == 404
    assert client.post(where, {"version": 1, "step": "propose"}).status_code in (404, 405)


@pytest.mark.parametrize("query", ["kind=x", "state__exact=x", "p=abc", "q=%00", "o=9.x", "e=1", "foo=bar"])
def test_no_address_breaks_the_list(two: Two, query: str) -> None:
    answer = browser(two.one).get(f"{reverse('admin:editions_edition_changelist')}?{query}", follow=True)
    assert answer.status_code == 200


def test_an_edition_of_what_is_there_no_more_is_still_read(two: Two) -> None:
    edition = two.propose("letter", LETTER, letter("Reply"))
    Edition.objects.filter(pk=edition.pk).update(
        what="a_letter_of_before", state="withdrawn", decided_at=clock.now()
    )
    assert "a_letter_of_before" in text(browser(two.one).get(reverse("admin:editions_edition_changelist")))


def count(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_lists_and_pages_take_as_many_queries_at_any_size(two: Two) -> None:
    notification_in("submitted")
    client = browser(two.other)
    edition = two.propose("criteria", "", regime(), in_days(-30))
    moving = two.propose("clock", CLOCK, clock_of(100, running="recount"))
    pages = [
        NOW,
        reverse("admin:editions_edition_changelist"),
        at(edition),
        at(moving),
        at(edition, "approve"),
    ]
    few = {address: count(client, address) for address in pages}
    for number in range(5):
        notification_in("submitted")
        two.hold("letter", LETTER, letter(f"Reply {number}"))
    assert {address: count(client, address) for address in pages} == few
    assert all(few[address] <= 8 for address in pages[:2]), few
    assert all(few[address] <= 15 for address in pages), few
