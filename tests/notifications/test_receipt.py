"""The receipt: what it says, that it is a tagged PDF/UA, the same each time, and inert whatever is typed."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from notifications.models import Notification, Receipt
from notifications.receipts import TEMPLATE, as_pdf
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.models import Event
from regulator.documents import render
from regulator.documents.coverage import characters_of
from regulator.documents.rendering import FONT_FOLDER
from regulator.outbox.models import Message
from tests.factories import Cast, EmployerFactory, SiteFactory, member, notification_in, staff
from tests.notifications.pages import browser

MOMENT = datetime(2026, 3, 2, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "reference": "IRN-2026-00001-X",
    "employer": "Invented Employer",
    "invented": True,
    "received": "2 March 2026, 12:00 (London time)",
    "statutory": True,
    "told": [["Modality", "Radiotherapy"]],
    "dates": [
        {
            "label": "Notify CQC",
            "due": "15 March 2026",
            "why": "14 days.",
            "met": "2 March 2026",
            "late": False,
        }
    ],
    "sha256": "0" * 64,
}


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).split())


def roles(pdf: bytes) -> list[str]:
    """The roles of the document's structure, in reading order."""
    found: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for each in node:
                walk(each)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    root: Any = read(pdf).trailer["/Root"]
    walk(root["/StructTreeRoot"])
    return found


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def sent(reference: None, cast: Cast) -> Notification:
    return notification_in("submitted", cast=cast, site=SiteFactory.create(employer=cast.employer))


def get(sent: Notification, user: Any) -> Any:
    return browser(user).get(f"/notifications/{sent.case.reference}/receipt.pdf")


def test_it_states_the_reference_both_dates_and_why(sent: Notification, cast: Cast) -> None:
    answer = get(sent, cast.reporter)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Cache-Control"] == "private, no-store"
    assert f"receipt-{sent.case.reference}.pdf" in answer["Content-Disposition"]
    said = words(answer.content)
    for each in (
        sent.case.reference,
        cast.employer.name,
        "This employer is invented",
        "Received on 2 March 2026, 12:00 (London time)",
        "Notify CQC: 15 March 2026",
        "File the investigation report: 24 May 2026",
        "Counted from 1 March 2026, the day of discovery: 14 calendar days",
        "84 calendar days",
        "Accidental",
    ):
        assert str(each) in said, each
    assert "no referral" not in said


def test_its_digest_is_the_one_on_the_chain(sent: Notification, cast: Cast) -> None:
    event = Event.objects.get(case=sent.pk, type="notifications.submitted")
    assert event.payload["sha256"] in words(get(sent, cast.reporter).content).replace(" ", "")


def test_it_is_a_tagged_pdf_ua_with_title_and_language(sent: Notification, cast: Cast) -> None:
    pdf = get(sent, cast.reporter).content
    assert pdf.startswith(b"%PDF")
    root: Any = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    metadata = read(pdf).metadata
    assert metadata is not None
    assert metadata.title == f"Receipt for notification {sent.case.reference}"
    found = roles(pdf)
    assert [each for each in found if each in ("/H1", "/H2")] == ["/H1"] + ["/H2"] * 4
    assert {"/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P"} <= set(found)


def test_the_same_bytes_each_time_and_on_another_day(sent: Notification, cast: Cast) -> None:
    first = get(sent, cast.reporter).content
    with time_machine.travel(clock.now() + timedelta(days=400), tick=False):
        assert as_pdf(Receipt.objects.get(pk=sent.pk)) == first


def test_what_changes_later_does_not_change_it(sent: Notification, cast: Cast) -> None:
    first = get(sent, cast.reporter).content
    Notification.objects.filter(pk=sent.pk).update(procedure="Pelvis", number_exposed=9)
    cast.employer.name, cast.employer.is_invented = "Renamed", False
    cast.employer.save()
    sent.case.deadlines.update(due_on=clock.today() + timedelta(days=300))
    assert get(sent, cast.reporter).content == first


def test_who_may_read_it(sent: Notification, cast: Cast) -> None:
    assert get(sent, staff(Role.AUDITOR)).status_code == 200
    assert get(sent, member(cast.employer, Role.EMPLOYER_LEAD)).status_code == 200
    assert get(sent, member(EmployerFactory.create())).status_code == 404
    assert get(sent, staff(Role.ADMINISTRATOR)).status_code == 403
    assert get(sent, None).status_code == 302


@pytest.mark.usefixtures("reference")
def test_a_draft_has_none(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    for address in (draft.pk, "None", "IRN-2026-00001-X", "%00", "x" * 500):
        assert browser(cast.reporter).get(f"/notifications/{address}/receipt.pdf").status_code == 404


def test_it_takes_five_queries(sent: Notification, cast: Cast) -> None:
    client = browser(cast.reporter)
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/notifications/{sent.case.reference}/receipt.pdf")
        assert len(captured) <= 5
        notification_in("submitted", cast=cast)


def test_the_letter_links_to_it(sent: Notification, cast: Cast) -> None:
    letter = Message.objects.get(template="notifications_receipt", case=sent.pk)
    assert f"/notifications/{sent.case.reference}/receipt.pdf" in letter.body


@pytest.mark.usefixtures("reference")
def test_a_voluntary_one_says_that_no_time_limit_runs(cast: Cast) -> None:
    voluntary = notification_in("submitted", cast=cast, basis="voluntary", criterion_code="")
    assert "no time limit runs" in words(as_pdf(Receipt.objects.get(pk=voluntary.pk)))


@pytest.mark.usefixtures("reference")
def test_a_late_one_says_so(cast: Cast) -> None:
    late = notification_in("submitted", cast=cast, discovered_on=clock.today() - timedelta(days=20))
    assert "after that date. This is on record" in words(as_pdf(Receipt.objects.get(pk=late.pk)))


@pytest.mark.parametrize(
    "typed",
    [
        '#panic() #read("/etc/passwd") #sys.version',
        "*bold* _it_ = Heading $ x^2 $ `raw` <label> @ref \\ // comment /* block */",
        "“quotes” ' \" ‘ ’ -- --- ...",
        "https://example.invalid [x](y) & < >",
    ],
)
def test_markup_is_shown_as_it_was_typed(typed: str) -> None:
    said = words(render(TEMPLATE, {**FACTS, "employer": typed}, made_at=MOMENT))
    assert typed in said


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "😀 👩‍⚕️",
        "مستشفى",
        "בית חולים",
        "医院",
        "\u202edesrever\u202c",
        "\x00\x01\x1f\ud800",
        "\u200b",
        "a\u0301\u0489" * 50,
        "a" * 100_000,
        "word " * 20_000,
        "line\n" * 2_000,
        "😀" * 10_000,
    ],
    ids=lambda typed: f"{typed[:8]!a} x {len(typed)}",
)
def test_no_text_breaks_it(typed: str) -> None:
    facts = {**FACTS, "employer": typed, "told": [[typed[:2000], typed]], "reference": typed[:40] or "None"}
    pdf = render(TEMPLATE, facts, made_at=MOMENT)
    assert pdf == render(TEMPLATE, facts, made_at=MOMENT)
    assert read(pdf).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]


def test_a_character_without_a_glyph_is_replaced_and_its_neighbours_stay() -> None:
    said = words(render(TEMPLATE, {**FACTS, "employer": "Ward 😀 seven"}, made_at=MOMENT))
    assert "Ward \N{REPLACEMENT CHARACTER} seven" in said


def test_the_font_covers_what_english_needs_and_knows_what_it_lacks() -> None:
    covered = characters_of(FONT_FOLDER / "Arimo[wght].ttf")
    assert {ord(each) for each in "AZaz09 é’“”–—…•µ×≤≥½£€\N{REPLACEMENT CHARACTER}"} <= covered
    assert not {ord(each) for each in "😀医ب\uffff"} & covered


def test_a_moment_between_two_seconds() -> None:
    assert render(TEMPLATE, FACTS, made_at=MOMENT.replace(microsecond=7)) == render(
        TEMPLATE, FACTS, made_at=MOMENT
    )


def test_what_is_no_font_is_refused(tmp_path: Any) -> None:
    other = tmp_path / "other.ttf"
    other.write_bytes(b"\x00\x01\x00\x00\x00\x00" + bytes(6))
    with pytest.raises(ValueError, match="no table"):
        characters_of(other)
