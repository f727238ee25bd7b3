"""What the register says of an entry holds in every state of it, and alike on the page, in the PDF, the
files, the API, the feed and the letters."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from enforcement.alerts.models import Alert, Subscriber
from enforcement.alerts.telling import tell_all
from enforcement.gate.comparing import compared
from enforcement.gate.content import content_of
from enforcement.gate.setting import as_pdf
from enforcement.register.columns import COLUMNS
from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot, put_entry, remove_entry
from enforcement.register.wording import (
    APPEAL_LEAVES,
    APPEAL_SUSPENDS,
    CITES_NONE,
    SHORT_MEANS,
    WHY_REMOVED,
    appeal_means,
    due_called,
)
from regulator.outbox.models import Message
from tests.alerts.test_alerts import subscribed
from tests.register.entries import entry, snapshot

pytestmark = pytest.mark.usefixtures("provisions", "empty_cache")
ATOM: Final = "{http://www.w3.org/2005/Atom}"
FIRST: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
BACK: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)


def _text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def _pdf(said: EntrySnapshot) -> str:
    written = as_pdf(content_of(said), made_at=FIRST)
    return " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(written)).pages).split())


def _linked(client: Client, slug: str) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', _text(client, f"/register/{slug}/")
    )
    assert found
    said: dict[str, Any] = json.loads(found[1])
    return said


def _fed(client: Client) -> ElementTree.Element:
    feed = ElementTree.fromstring(client.get("/register/feed.atom").content)  # noqa: S314
    found = feed.find(f"{ATOM}entry")
    assert found is not None
    return found


def _column(name: str) -> str:
    return next(each.about for each in COLUMNS if each.name == name)


def test_a_short_entry_is_short_for_one_reason_wherever_it_is_told(client: Client) -> None:
    """While the claim is open, and after it where it held: the register does not tell which."""
    said = snapshot(form="short", description="", timeline=(), compliance_due_on=None)
    put_entry(said)
    assert "and after it where the claim holds" in SHORT_MEANS
    assert SHORT_MEANS in _text(client, f"/register/{said.slug}/")
    assert SHORT_MEANS in _pdf(said)
    label = str(RegisterEntry.Form.SHORT.label)
    assert label in _text(client, "/register/columns/")
    for path in ("register_open:csvw", "register_open:schema"):
        assert label in json.dumps(client.get(reverse(path)).json())
    assert "while a claim" not in label


def test_a_prohibition_may_cite_no_provision_and_nothing_is_left_open(client: Client) -> None:
    """HSWA 1974 s22: it rests on a risk of serious personal injury."""
    with time_machine.travel(FIRST, tick=False):
        subscribed(client)
        said = snapshot(notice_type="prohibition_immediate", citations=(), compliance_due_on=None)
        made = put_entry(said)
    page = _text(client, f"/register/{said.slug}/")
    assert CITES_NONE in page
    assert "Provisions breached" not in page
    assert "Breach on or before" not in page
    assert "Risk found on or before" in page
    for path in ("/register/", f"/register/employers/{made.employer_slug}/"):
        listed = _text(client, path)
        assert CITES_NONE in listed
        assert "Breach of" not in listed
    paper = _pdf(said)
    assert CITES_NONE in paper
    assert "Provisions breached" not in paper
    assert "Risk found on or before" in paper
    assert "citation" not in _linked(client, said.slug)
    assert client.get(f"/api/v1/register/{said.slug}/").json()["provisions"] == []
    assert "reach of" not in (_fed(client).findtext(f"{ATOM}summary") or "")
    assert "none" in _column("provisions")
    assert "risk" in _column("breach_on")
    with time_machine.travel(FIRST, tick=False):
        assert tell_all() == 1
    assert "reach of" not in Message.objects.latest("pk").body


def test_one_that_cites_says_what_was_breached(client: Client) -> None:
    made = entry()
    page = _text(client, f"/register/{made.slug}/")
    assert "Breach on or before" in page
    assert "Provisions breached" in page
    assert "Breach of regulation 6(5)(b), regulation 17(4)." in _text(client, "/register/")


@pytest.mark.parametrize("kind", ["prohibition_immediate", "prohibition_deferred"])
def test_a_prohibition_cites_provisions_and_alleges_no_breach_of_them(client: Client, kind: str) -> None:
    """HSWA 1974 s22: it is for a risk of serious personal injury, whether or not anything was breached."""
    said = snapshot(notice_type=kind)
    made = put_entry(said)
    page, paper = _text(client, f"/register/{said.slug}/"), _pdf(said)
    for told in (page, paper):
        assert "Provisions cited" in told
        assert "reached" not in told
    assert "as they stood on the day on which the risk was found." in page
    paths = (
        f"/register/employers/{made.employer_slug}/",
        reverse("register:regulation", args=["17(4)"]),
        "/register/",
    )
    for path in paths:
        listed = _text(client, path)
        assert "Cites regulation 6(5)(b), regulation 17(4)." in listed
        assert "Breach of" not in listed


@pytest.mark.parametrize(
    ("kind", "called"),
    [("improvement", "Comply by"), ("prohibition_deferred", "Takes effect at the end of")],
)
def test_the_day_of_a_notice_is_called_what_it_is(client: Client, kind: str, called: str) -> None:
    """HSWA 1974 s22(4): a deferred prohibition is not complied with by a day, it takes effect at its end."""
    said = snapshot(notice_type=kind, compliance_due_on=date(2026, 3, 2))
    put_entry(said)
    assert due_called(kind) == called
    other = {"Comply by", "Takes effect at the end of"} - {called}
    for told in (_text(client, f"/register/{said.slug}/"), _pdf(said)):
        assert called in told
        assert not any(each in told for each in other)
    assert called in [line.label for line in compared(None, said)]
    assert "takes effect" in _column("compliance_due_on")


def test_what_an_appeal_does_is_said_as_the_law_has_it(client: Client) -> None:
    """HSWA 1974 s24: it suspends an improvement notice where it is lodged in time, or late with leave."""
    assert "within 21 days of service" in APPEAL_SUSPENDS
    assert "a later one that the tribunal allows" in APPEAL_SUSPENDS
    for kind in RegisterEntry.Type:
        made = put_entry(snapshot(slug=f"one-{kind}", notice_type=kind))
        expected = APPEAL_SUSPENDS if kind == RegisterEntry.Type.IMPROVEMENT else APPEAL_LEAVES
        assert appeal_means(kind) == expected
        assert expected in _text(client, made.get_absolute_url())


def test_why_an_entry_goes_is_said_alike_where_it_stood_in_its_pdf_and_of_the_copies(client: Client) -> None:
    said = snapshot()
    put_entry(said)
    remove_entry(said.slug)
    gone = _text(client, f"/register/{said.slug}/", 410)
    for words in ("withdrawn", "cancelled", "while an appeal against it is pending"):
        assert words in WHY_REMOVED
    assert WHY_REMOVED in gone
    assert "some years" not in gone
    assert WHY_REMOVED in _pdf(said)
    assert WHY_REMOVED in _text(client, reverse("snapshots:index"))


def test_what_is_promised_of_emails_is_what_comes(client: Client) -> None:
    """A removal is told of what was told of before; an address goes with the last of what it is told of."""
    with time_machine.travel(FIRST, tick=False):
        before = entry()
        asking = _text(client, "/register-alerts/")
        assert "when one that we told you of is removed" in asking
        subscribed(client, "type=improvement")
        assert "unless it is told of another list" in Message.objects.latest("pk").body
        kept = subscribed(client, "type=prohibition_immediate")
        remove_entry(before.slug)
        assert tell_all() == 0
        entry()
        assert tell_all() == 1
    told = Message.objects.latest("pk").body
    assert "deletes your address" not in asking
    assert "delete your address" not in told
    stopped = re.search(r"/register-alerts/stop/\S+", told)
    assert stopped
    client.post(stopped[0])
    assert list(Alert.objects.values_list("pk", flat=True)) == [kept.pk]
    assert Subscriber.objects.filter(pk=kept.subscriber_id).exists()


def test_what_is_said_of_an_appeal_holds_however_it_ends(client: Client) -> None:
    """It may be given up, and it may end before the time for appeal does."""
    made = entry()
    assert "until the tribunal decides" not in _text(client, f"/register/{made.slug}/")
    assert "once that has ended and the notice stands" in _text(client, "/register/")


def test_the_day_of_compliance_is_not_called_the_day_on_which_cqc_was_satisfied() -> None:
    assert "was satisfied" not in _column("complied_on")
    assert "complied" in _column("complied_on")


def test_an_entry_that_comes_back_keeps_the_moment_at_which_it_was_first_published(client: Client) -> None:
    said = snapshot()
    with time_machine.travel(FIRST, tick=False):
        put_entry(said)
        remove_entry(said.slug)
    with time_machine.travel(BACK, tick=False):
        made = put_entry(said, former_version=1)
    assert (made.published_at, made.updated_at, made.version) == (FIRST, BACK, 2)
    page = _text(client, f"/register/{said.slug}/")
    assert "First published here on 2 March 2026. This is version 2, last changed on 4 May 2026." in page
    assert _linked(client, said.slug)["datePublished"].startswith("2026-03-02T12:00")
    assert client.get(f"/api/v1/register/{said.slug}/").json()["published_at"] == "2026-03-02T12:00:00Z"
    assert (_fed(client).findtext(f"{ATOM}published") or "").startswith("2026-03-02T12:00")
    with time_machine.travel(BACK, tick=False):
        assert put_entry(replace(said, location="East Wing")).published_at == FIRST


@pytest.mark.parametrize("day", [date(2025, 2, 21), date(2025, 9, 1)])
def test_one_not_complied_with_speaks_of_the_time_that_held_in_the_end(client: Client, day: date) -> None:
    """CQC may have given more than the notice did."""
    made = entry(status="not_complied", compliance_due_on=day)
    assert "that the notice gave" not in _text(client, f"/register/{made.slug}/")
