"""Retention on the desk: who gets in, what is told of restricted cases, deciding, nonsense, and what pages
cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.desk import HOME_PANELS
from regulator.casework.models import Case
from regulator.casework.services import add_note, restrict
from regulator.retention import services
from regulator.retention.models import LegalHold, RetentionBatch
from regulator.retention.views import paging
from tests.casework.closing import interest_of
from tests.factories import Cast, EmployerFactory, person, staff
from tests.notifications.pages import boxes, browser, text
from tests.retention.scene import SECRET, WHY, Deciders, long_ago

pytestmark = pytest.mark.django_db
READ = {Role.ENFORCEMENT_MANAGER, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR}
APPROVE = {Role.ENFORCEMENT_MANAGER, Role.ADMINISTRATOR}
MANAGE = {Role.ENFORCEMENT_MANAGER}
OVERVIEW = "/desk/retention/retentionbatch/overview/"
SIMULATE = "/desk/retention/retentionbatch/simulate/"
THINGS = "/desk/retention/retentionbatch/simulate/things/"
BATCHES = "/desk/retention/retentionbatch/"
HOLDS = "/desk/retention/legalhold/"


def at(batch: RetentionBatch, name: str = "") -> str:
    if name:
        return reverse("admin:retention_retentionbatch_do", args=[batch.pk, name])
    return reverse("admin:retention_retentionbatch_change", args=[batch.pk])


def proposing(policy: str = "notification") -> str:
    return reverse("admin:retention_propose", args=[policy])


def held_at(hold: LegalHold, then: str = "change/") -> str:
    return f"{HOLDS}{hold.pk}/{then}"


def today() -> str:
    return clock.today().isoformat()


@pytest.fixture
def case(deciders: Deciders) -> Case:
    return long_ago()


@pytest.fixture
def hold(deciders: Deciders) -> LegalHold:
    return services.place_hold(employer=EmployerFactory.create(), by=deciders.manager, reason=WHY)


def closed_to(lead: User) -> Case:
    """A restricted case that is due, open to its lead alone."""
    case = long_ago()
    restrict(case=case, by=lead, version=case.version, reason="In confidence.", people=[lead])
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_gets_where_it_should(deciders: Deciders, case: Case, hold: LegalHold, role: Role) -> None:
    batch = deciders.propose()
    client = browser(person(role, EmployerFactory.create()))
    reads = [OVERVIEW, SIMULATE, f"{SIMULATE}?as_of={today()}", THINGS, f"{THINGS}?as_of={today()}"]
    reads += [BATCHES, HOLDS, at(batch), held_at(hold)]
    for address in reads:
        assert client.get(address).status_code == (200 if role in READ else 403), address
        assert client.post(address).status_code == (405 if role in READ else 403), address
    for address, allowed in (
        (proposing(), MANAGE),
        *((at(batch, name), APPROVE) for name in ("approve", "refuse", "withdraw")),
        (f"{HOLDS}add/", MANAGE),
        (held_at(hold, "release/"), MANAGE),
    ):
        assert client.get(address).status_code == (200 if role in allowed else 403), address
        if role not in allowed:
            assert client.post(address, {"version": 1, "reason": WHY}).status_code == 403, address
    assert RetentionBatch.objects.get().version == 1


def test_the_overview_says_what_holds_and_what_waits(deciders: Deciders, case: Case, hold: LegalHold) -> None:
    deciders.propose()
    shown = text(browser(deciders.manager).get(OVERVIEW))
    for words in ("7 years from the closing of the case", "November 2012", "for you: 1", "on employers: 1"):
        assert words in shown, words
    assert "for you: 0" in text(browser(deciders.proposer).get(OVERVIEW))
    assert "for you" not in text(browser(staff(Role.AUDITOR)).get(OVERVIEW))


def test_simulating_changes_nothing_and_tells_why_each_case_is_kept(deciders: Deciders, case: Case) -> None:
    kept = long_ago()
    services.place_hold(case=kept, by=staff(), reason=WHY)
    client = browser(deciders.proposer)
    before = Case.objects.values_list("pk", "version", "redacted_at")
    page = client.get(SIMULATE, {"as_of": today()})
    shown = text(page)
    assert "Notifications: 1 due" in shown
    assert "A legal hold stands on it or on its employer." in shown
    assert str(case) in shown
    assert str(kept) in shown
    assert f"{proposing()}?as_of={today()}" in shown
    assert list(Case.objects.values_list("pk", "version", "redacted_at")) == list(before)
    later = text(client.get(SIMULATE, {"as_of": (clock.today() + timedelta(days=900)).isoformat()}))
    assert "Notifications: 1 due" in later
    assert proposing() not in later
    assert proposing() not in text(browser(deciders.administrator).get(SIMULATE, {"as_of": today()}))
    counted = text(client.get(THINGS, {"as_of": today()}))
    assert "What people wrote" in counted
    assert "Notes" in counted


def test_whoever_reads_no_case_is_told_references_and_nothing_else(deciders: Deciders, case: Case) -> None:
    batch = deciders.propose()
    client = browser(deciders.administrator)
    for address in (f"{SIMULATE}?as_of={today()}", at(batch)):
        shown = text(client.get(address))
        assert str(case) in shown
        for words in (SECRET, case.employer.name, f"/desk/casework/case/{case.pk}/"):
            assert words not in shown, (address, words)


def test_a_restricted_case_is_counted_for_whoever_may_not_open_it(deciders: Deciders, case: Case) -> None:
    lead = staff(Role.ENFORCEMENT_MANAGER)
    hidden = closed_to(lead)
    batch = deciders.propose()
    assert batch.cases == 2
    for who, sees in (
        (lead, True),
        (deciders.manager, False),
        (deciders.administrator, False),
        (staff(Role.AUDITOR), False),
        (staff(Role.ANALYST), False),
    ):
        for address in (f"{SIMULATE}?as_of={today()}", at(batch)):
            shown = text(browser(who).get(address))
            assert str(case) in shown
            assert (str(hidden) in shown) == sees, address
            assert ("1 restricted case that you may not open" in shown) != sees
    interest_of(lead, hidden.employer)
    assert str(hidden) not in text(browser(lead).get(at(batch)))


def test_a_list_goes_its_way_on_the_pages(deciders: Deciders, case: Case) -> None:
    proposer, one = browser(deciders.proposer), browser(deciders.manager)
    other = browser(deciders.administrator)
    sent = proposer.post(proposing(), boxes(proposer.get(f"{proposing()}?as_of={today()}")))
    batch = RetentionBatch.objects.get()
    assert sent["Location"] == at(batch)
    shown = text(proposer.get(at(batch)))
    assert batch.digest in shown
    assert at(batch, "withdraw") in shown
    assert at(batch, "approve") not in shown
    assert proposer.post(at(batch, "approve"), {"version": 1}).status_code == 409
    approve = at(batch, "approve")
    assert approve in text(one.get(at(batch)))
    assert one.post(approve, boxes(one.get(approve))).status_code == 302
    after = text(one.get(at(batch)))
    assert "Somebody else approves it as well" in after
    assert f'href="{approve}"' not in after
    assert one.post(approve, {"version": 2}).status_code == 409
    stale = other.post(approve, {"version": 1})
    assert stale.status_code == 409
    assert "Someone else changed this list" in text(stale)
    assert other.post(approve, boxes(stale)).status_code == 302
    services.redact_due()
    done = text(other.get(at(batch)))
    assert "Removed" in done
    assert "Done" in done
    page = text(one.get(f"/desk/casework/case/{case.pk}/"))
    assert "was removed on 3 May 2033 under the retention policy" in page
    assert SECRET not in page


def test_what_keeps_a_listed_case_is_told_on_the_page(deciders: Deciders, case: Case) -> None:
    other = long_ago()
    batch = deciders.propose()
    services.place_hold(case=case, by=staff(), reason=WHY)
    assert "changed" not in text(browser(deciders.manager).get(at(batch))).lower()
    add_note(case=other, text="Asked again by an inquiry.", by=staff())
    shown = text(browser(deciders.manager).get(at(batch)))
    assert "Changed since, to be passed over" in shown
    assert "It was changed after the list was made, and will be passed over." in shown
    deciders.carried_out(batch)
    shown = text(browser(deciders.manager).get(at(batch)))
    assert "Passed over. A legal hold stands on it or on its employer." in shown
    assert "Passed over. It was changed after the list was made." in shown


def test_a_refusal_is_asked_for_a_reason_and_shown_with_it(deciders: Deciders, case: Case) -> None:
    batch = deciders.propose()
    client, refuse = browser(deciders.manager), at(batch, "refuse")
    silent = client.post(refuse, boxes(client.get(refuse)))
    assert silent.status_code == 400
    assert "There is a problem" in text(silent)
    named = client.post(refuse, {"version": 1, "reason": "Dr Anna Smith asked."})
    assert named.status_code == 400
    assert boxes(named)["reason"] == ["Dr Anna Smith asked."]
    assert client.post(refuse, {"version": 1, "reason": "An inquiry is announced."}).status_code == 302
    assert "An inquiry is announced." in text(client.get(at(batch)))


def test_whoever_has_an_interest_is_told_why_they_do_not_approve(deciders: Deciders) -> None:
    cast = Cast()
    long_ago(cast)
    batch = deciders.propose()
    interest_of(deciders.manager, cast.employer)
    client = browser(deciders.manager)
    shown = text(client.get(at(batch)))
    assert "You have declared an interest in this employer" in shown
    assert f'href="{at(batch, "approve")}"' not in shown
    assert f'href="{at(batch, "refuse")}"' in shown
    refused = client.post(at(batch, "approve"), {"version": 1})
    assert refused.status_code == 403
    assert "You have declared an interest in this employer" in text(refused)


def test_home_counts_what_waits_for_each(deciders: Deciders, case: Case) -> None:
    batch = deciders.propose()
    mine, for_me = "My batches, for two others", "Batches that wait for you"
    assert _counts(deciders.proposer) == {mine: 1, for_me: 0}
    assert _counts(deciders.administrator) == {for_me: 1}
    deciders.approve(batch, deciders.administrator)
    assert _counts(deciders.administrator) == {for_me: 0}
    assert _counts(deciders.manager) == {mine: 0, for_me: 1}
    assert "Batches that wait for you" not in text(browser(staff(Role.AUDITOR)).get("/desk/"))


def _counts(who: User) -> dict[str, int]:
    """What the home counts of retention; each count is that of the list to which it leads."""
    panel = HOME_PANELS.get("retention.second_person")(who)
    assert panel is not None
    client = browser(who)
    for line in panel.lines:
        answer: Any = client.get(line.url)
        assert answer.context["cl"].result_count == line.count
    return {line.label: line.count for line in panel.lines}


def test_holds_on_employers_are_placed_and_released_on_their_pages(deciders: Deciders) -> None:
    employer = EmployerFactory.create(name="Held Trust")
    one, other = browser(deciders.manager), browser(deciders.other)
    place = f"{HOLDS}add/"
    assert one.post(place, {"employer": "Nobody", "reason": WHY}).status_code == 400
    assert one.post(place, {"employer": employer.key, "reason": ""}).status_code == 400
    sent = one.post(place, {"employer": "held", "reason": WHY})
    hold = LegalHold.objects.get()
    assert sent["Location"] == held_at(hold)
    shown = text(one.get(held_at(hold)))
    assert WHY in shown
    assert "Every case of Held Trust" in shown
    assert "Somebody else releases it" in shown
    release = held_at(hold, "release/")
    assert one.post(release, {"reason": "Over."}).status_code == 409
    assert release in text(other.get(held_at(hold)))
    assert other.post(release, {"reason": ""}).status_code == 400
    assert other.post(release, {"reason": "Over."}).status_code == 302
    assert "Over." in text(other.get(held_at(hold)))
    assert other.post(release, {"reason": "Over."}).status_code == 409


def test_a_hold_on_a_case_stands_on_its_page_with_its_history(deciders: Deciders, case: Case) -> None:
    officer, manager = browser(staff()), browser(deciders.manager)
    page, place = f"/desk/casework/case/{case.pk}/", f"/desk/casework/case/{case.pk}/do/hold/"
    assert place in text(officer.get(page))
    assert officer.post(place, boxes(officer.get(place)) | {"reason": WHY}).status_code == 302
    services.place_hold(employer=case.employer, by=deciders.other, reason="All of it.")
    shown = text(officer.get(page))
    for words in ("Legal holds", WHY, "Every case of the employer", "All of it.", "It stands."):
        assert words in shown, words
    release = f"/desk/casework/case/{case.pk}/do/release_hold/"
    assert f'href="{release}"' not in shown
    assert f'href="{release}"' in text(manager.get(page))
    hold = LegalHold.objects.get(case=case)
    answer = manager.post(release, boxes(manager.get(release)) | {"hold": hold.pk, "reason": "Over."})
    assert answer.status_code == 302
    after = text(officer.get(page))
    assert "Released 3 May 2033, 10:00" in after
    assert "Over." in after
    assert f'href="{release}"' not in text(manager.get(page))


def test_a_hold_on_a_case_tells_others_no_word_of_it(deciders: Deciders, case: Case) -> None:
    lead = staff(Role.ENFORCEMENT_MANAGER)
    hidden = closed_to(lead)
    holds = [services.place_hold(case=each, by=lead, reason=WHY) for each in (case, hidden)]
    for who in (deciders.administrator, staff(Role.AUDITOR), deciders.manager):
        client = browser(who)
        for address in (HOLDS, *map(held_at, holds)):
            shown = text(client.get(address))
            assert WHY not in shown
            assert str(hidden) not in shown
        assert "A restricted case" in text(client.get(HOLDS))
        assert str(case) in text(client.get(HOLDS))
    sent = browser(deciders.manager).get(held_at(holds[0], "release/"))
    assert sent["Location"] == f"/desk/casework/case/{case.pk}/do/release_hold/"


NOWHERE = [
    f"{BATCHES}0/change/",
    f"{BATCHES}{'9' * 40}/change/",
    f"{BATCHES}abc/change/",
    f"{BATCHES}1/do/nonsense/",
    f"{BATCHES}1/delete/",
    f"{BATCHES}1/history/",
    f"{BATCHES}add/",
    f"{BATCHES}propose/nonsense/",
    f"{HOLDS}0/change/",
    f"{HOLDS}{'9' * 40}/release/",
    f"{HOLDS}1/delete/",
]


@pytest.mark.parametrize("address", NOWHERE)
def test_what_there_is_not_is_not_found(deciders: Deciders, address: str) -> None:
    client = browser(deciders.manager)
    assert client.get(address).status_code == 404
    assert client.post(address, {"version": 1}).status_code in (404, 405)


@pytest.mark.parametrize(
    "as_of", ["", "x", "%00", "2033-13-01", "0000-00-00", "99999-01-01", "٣", "2033-05-03 ", "1" * 500]
)
def test_a_day_that_is_none_is_told(deciders: Deciders, case: Case, as_of: str) -> None:
    client = browser(deciders.proposer)
    for address in (SIMULATE, THINGS):
        answer = client.get(f"{address}?as_of={as_of}")
        assert answer.status_code == (200 if as_of.strip() == "2033-05-03" else 400), address
    if as_of.strip() != "2033-05-03":
        assert client.post(proposing(), {"as_of": as_of}).status_code == 400
        assert client.get(f"{proposing()}?as_of={as_of}").status_code == 200
    assert not RetentionBatch.objects.exists()


@pytest.mark.parametrize("as_of", ["0001-01-01", "9999-12-31", "2032-02-29", "0007-12-31"])
def test_any_day_of_the_calendar_may_be_simulated(deciders: Deciders, case: Case, as_of: str) -> None:
    client = browser(deciders.proposer)
    for address in (SIMULATE, THINGS):
        assert client.get(address, {"as_of": as_of}).status_code == 200
    expected = 409 if as_of < "2032-03-04" else 400
    assert client.post(proposing(), {"as_of": as_of}).status_code == expected


@pytest.mark.parametrize(
    "query", ["after=x", "before=%00", "after=1~1&before=1~1", "page=2", "after=9999-99-99~1", "after=~"]
)
def test_no_place_that_there_is_not_breaks_a_list(deciders: Deciders, case: Case, query: str) -> None:
    batch = deciders.propose()
    client = browser(deciders.manager)
    assert client.get(f"{SIMULATE}?as_of={today()}&{query}").status_code == 404
    assert client.get(f"{at(batch)}?{query}").status_code == 404


@pytest.mark.parametrize(
    "query", ["state__exact=x", "whose=x", "p=abc", "o=9.x", "e=1", "foo=bar", "stands=x"]
)
def test_no_address_breaks_the_lists(deciders: Deciders, case: Case, hold: LegalHold, query: str) -> None:
    deciders.propose()
    client = browser(deciders.manager)
    for address in (BATCHES, HOLDS):
        assert client.get(f"{address}?{query}", follow=True).status_code == 200


WRONG: list[dict[str, Any]] = [
    {},
    {"version": "x"},
    {"version": "9" * 40},
    {"version": 0},
    {"version": "\x00"},
]


@pytest.mark.parametrize("sent", WRONG)
@pytest.mark.parametrize("name", ["approve", "refuse"])
def test_nonsense_decides_nothing(deciders: Deciders, case: Case, sent: dict[str, Any], name: str) -> None:
    batch = deciders.propose()
    answer = browser(deciders.manager).post(at(batch, name), {**sent, "reason": "No."})
    assert answer.status_code == (409 if sent.get("version") == 0 else 400)
    batch.refresh_from_db()
    assert (batch.version, batch.first_by) == (1, None)


def test_what_changes_something_needs_its_token(deciders: Deciders, case: Case, hold: LegalHold) -> None:
    batch = deciders.propose()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(deciders.manager)
    for address in (at(batch, "approve"), proposing(), f"{HOLDS}add/", held_at(hold, "release/")):
        assert strict.post(address, {"version": 1, "reason": WHY}).status_code == 403


def cost(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200
    return len([each for each in taken.captured_queries if "SAVEPOINT" not in each["sql"]])


def _pages(batch: RetentionBatch, hold: LegalHold) -> list[tuple[str, int]]:
    return [
        (OVERVIEW, 6),
        (f"{SIMULATE}?as_of={today()}", 8),
        (at(batch), 9),
        (BATCHES, 8),
        (HOLDS, 8),
        (held_at(hold), 6),
    ]


def test_the_pages_take_as_many_queries_at_any_size(deciders: Deciders, hold: LegalHold) -> None:
    lead = staff(Role.ENFORCEMENT_MANAGER)

    def grow(number: int) -> RetentionBatch:
        for _ in range(number):
            long_ago()
            services.place_hold(case=long_ago(), by=staff(), reason=WHY)
        closed_to(lead)
        batch = deciders.propose()
        for _ in range(number):
            long_ago()
        return batch

    client = browser(deciders.manager)
    few = [(cost(client, address), most) for address, most in _pages(grow(1), hold)]
    things = cost(client, f"{THINGS}?as_of={today()}")
    for taken, most in few:
        assert taken <= most, few
    many = [cost(client, address) for address, _ in _pages(grow(9), hold)]
    assert many == [taken for taken, _ in few]
    assert cost(client, f"{THINGS}?as_of={today()}") == things


def test_a_long_list_is_walked_by_its_keys(deciders: Deciders, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {str(long_ago()) for _ in range(7)}
    batch = deciders.propose()
    _small_pages(monkeypatch)
    client = browser(deciders.manager)
    for start in (f"{SIMULATE}?as_of={today()}", at(batch)):
        seen: list[str] = []
        address, where = start, start.partition("?")[0]
        for _ in range(4):
            shown = text(client.get(address))
            seen += [each for each in made if each in shown]
            following = _following(shown)
            if not following:
                break
            address = f"{where}?{following}"
        assert sorted(seen) == sorted(made)


def _following(shown: str) -> str:
    part = shown.partition('rel="next"')[0]
    return (
        part.rpartition('href="?')[2].partition('"')[0].replace("&amp;", "&") if 'rel="next"' in shown else ""
    )


def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = vars(paging)["page_at"]
    monkeypatch.setattr(paging, "page_at", lambda place, cases, order: real(place, cases, order, size=3))
