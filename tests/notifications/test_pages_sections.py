"""Section pages and the check page: where saving leads, colleagues, the way back, dates and why."""

import re
from typing import Any

import pytest

from notifications.content import content_of
from notifications.models import Notification
from notifications.queries import whole
from regulator.casework.models import Case
from regulator.outbox.models import Message
from tests.factories import Cast, member, notification_in
from tests.notifications.pages import boxes, browser, problems, send, text, version

pytestmark = pytest.mark.usefixtures("reference")

CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)


def path(draft: Notification, slug: str) -> str:
    return f"/notifications/draft/{draft.pk}/{slug}/"


def plain(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(answer)))


def test_saving_leads_on_or_to_the_list_or_back_to_the_check_page() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    saved: Any = send(client, path(draft, "people"), number_exposed="2")
    assert saved["Location"] == path(draft, "exposure")
    saved = send(client, path(draft, "people"), number_exposed="3", then="list")
    assert saved["Location"] == f"/notifications/draft/{draft.pk}/"
    saved = send(client, path(draft, "people") + "?from=check", number_exposed="4")
    assert saved["Location"] == path(draft, "check")
    saved = send(client, path(draft, "people"), then="https://elsewhere.example.invalid/")
    assert saved["Location"] == path(draft, "exposure")
    assert content_of(whole().get(pk=draft.pk)).number_exposed == 4


@pytest.mark.parametrize("basis", ["statutory", "voluntary", "licence_breach"])
def test_every_row_of_the_check_page_leads_to_its_own_box(basis: str) -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast, basis=basis, modality="radiotherapy")
    client = browser(cast.reporter)
    page = text(client.get(path(draft, "check")))
    rows = page.count('<div class="govuk-summary-list__row')
    links = re.findall(r'govuk-summary-list__actions">\s*<a class="govuk-link" href="([^"]+)"', page)
    dates = page.count("the day of discovery:")
    assert len(links) == rows - dates
    pages = {address: text(client.get(address)) for address in {link.partition("#")[0] for link in links}}
    for link in links:
        address, _, box = link.partition("#")
        assert not box or f'id="{box}"' in pages[address], link


def test_half_a_section_with_an_error_keeps_everything_typed() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    typed = {"actual_effective_dose_msv": "seven", "estimation_method": "By <hand>", "tissue_reaction": "no"}
    answer = send(browser(cast.reporter), path(draft, "exposure"), **typed)
    assert answer.status_code == 400
    assert {name: boxes(answer)[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert problems(answer) == ["Actual effective dose must be a number, like 12.5"]


def test_two_colleagues_see_their_differing_answers_side_by_side() -> None:
    cast = Cast()
    colleague = member(cast.employer)
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(path(draft, "circumstances")))
    send(browser(colleague), path(draft, "circumstances"), narrative="Theirs <now>", anatomy="Head")
    mine = opened | {"narrative": "Mine <typed>", "procedure": "Abdomen"}
    answer = client.post(path(draft, "circumstances"), mine)
    assert answer.status_code == 409
    table = re.search(r'<table class="govuk-table portal-stacked">.*?</table>', text(answer), re.DOTALL)
    assert table
    assert f"{colleague.name} saved last, on 2 March 2026 at 12:00pm." in text(answer)
    rows = [
        [cell.strip() for cell in CELL.findall(row)]
        for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL)
    ][1:]
    assert rows == [
        ["Examination or treatment", "Abdomen", "Chest"],
        ["Part of the body", "No answer", "Head"],
        ["What happened?", "Mine &lt;typed&gt;", "Theirs &lt;now&gt;"],
    ]
    assert boxes(answer)["narrative"] == ["Mine <typed>"]
    assert client.post(path(draft, "circumstances"), boxes(answer)).status_code == 302


def test_a_colleague_who_saved_another_section_is_named() -> None:
    cast = Cast()
    colleague = member(cast.employer)
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(path(draft, "circumstances")))
    send(browser(colleague), path(draft, "people"), number_exposed="5")
    answer = client.post(path(draft, "circumstances"), opened)
    assert answer.status_code == 409
    assert f"{colleague.name} saved another section on 2 March 2026" in plain(answer)


def test_going_back_shows_what_is_saved_and_an_old_page_overwrites_nothing() -> None:
    """No page of a draft is kept by the browser, so Back asks again; a page still open is stale."""
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    first = client.get(path(draft, "people"))
    assert first["Cache-Control"] == "private, no-store"
    old = boxes(first)
    assert send(client, path(draft, "people"), number_exposed="8").status_code == 302
    again = client.get(path(draft, "people"))
    assert boxes(again)["number_exposed"] == ["8"]
    assert version(again) == int(old["version"][0]) + 1
    assert client.post(path(draft, "people"), old | {"number_exposed": "2"}).status_code == 409
    assert content_of(whole().get(pk=draft.pk)).number_exposed == 8
    for slug in ("check", "kind", "discard"):
        assert client.get(path(draft, slug))["Cache-Control"] == "private, no-store"


def test_the_confirmation_gives_the_reference_both_dates_and_why() -> None:
    cast = Cast()
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    checked = plain(client.get(path(draft, "check")))
    sent: Any = send(client, path(draft, "check"), declaration="true")
    confirmed = client.get(sent["Location"])
    assert f">{Case.objects.get().reference}</strong>" in text(confirmed)
    page = plain(confirmed)
    letter = Message.objects.get().body
    for words in ("15 March 2026", "24 May 2026", "14 calendar days", "84 calendar days", "1 March 2026"):
        assert words in checked, words
        assert words in page, words
        assert words in letter, words
    assert "What happens next" in page
    assert browser(member(Cast().employer)).get(sent["Location"]).status_code == 404
