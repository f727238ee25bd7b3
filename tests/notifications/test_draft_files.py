"""Files on a draft: attached, listed, read back and removed by the employer's people before CQC sees any."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from notifications import services
from notifications.models import ApiRequest, Notification
from regulator.accounts.roles import Role
from regulator.casework import chain
from regulator.casework.models import Attachment
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach, attachments
from regulator.casework.uploads import prepared
from tests.casework.documents import docx, pdf, png
from tests.factories import Cast, member, notification_in, staff
from tests.notifications.pages import boxes, browser, problems, send, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def made(cast: Cast) -> Notification:
    return notification_in("draft", cast=cast)


def at(name: str, made: Notification, *more: int) -> str:
    return reverse(f"notifications:{name}", args=[made.pk, *more])


def put(made: Notification, cast: Cast, name: str = "a.txt", content: bytes = b"The log.") -> Attachment:
    return attach(case=made.case, upload=SimpleUploadedFile(name, content), by=cast.reporter)


def test_a_file_is_attached_listed_read_and_removed(cast: Cast, made: Notification) -> None:
    client = browser(cast.reporter)
    sent: Any = client.post(at("attach_to_draft", made), {"file": SimpleUploadedFile("log.pdf", pdf())})
    assert sent["Location"] == at("draft", made)
    kept = Attachment.objects.get()
    shown = text(client.get(at("draft", made)))
    assert "log.pdf" in shown
    waiting = client.get(at("draft_attachment", made, kept.pk))
    assert (waiting.status_code, waiting["Cache-Control"]) == (409, "private, no-store")
    scan_pending()
    answer: Any = client.get(at("draft_attachment", made, kept.pk))
    assert answer.getvalue().startswith(b"%PDF-")
    assert "no-store" in answer["Cache-Control"]
    removing = at("remove_attachment", made, kept.pk)
    assert removing in text(client.get(at("draft", made)))
    assert Attachment.objects.exists()  # looking at it removes nothing
    gone: Any = send(client, removing)
    assert gone["Location"] == at("draft", made)
    assert not Attachment.objects.exists()
    assert client.post(removing, {"version": made.case.version}).status_code == 404


def test_a_file_of_a_draft_goes_with_it_to_cqc_and_is_then_not_removed(
    cast: Cast, made: Notification
) -> None:
    kept = put(made, cast)
    officer = browser(staff(Role.CASE_OFFICER))
    on_desk = f"/desk/casework/case/{made.pk}/files/{kept.pk}/"
    scan_pending()
    assert officer.get(on_desk).status_code == 404
    services.submit(notification=made, by=cast.reporter, version=made.case.version)
    assert officer.get(on_desk).status_code == 200
    client = browser(cast.reporter)
    for name in ("remove_attachment", "draft_attachment"):
        assert client.get(at(name, made, kept.pk)).status_code == 404
    assert client.post(at("remove_attachment", made, kept.pk), {"version": 1}).status_code == 404
    assert client.get(at("attach_to_draft", made)).status_code == 404
    assert Attachment.objects.exists()


def test_a_stranger_finds_nothing_and_staff_are_not_let_in(cast: Cast, made: Notification) -> None:
    kept = put(made, cast)
    scan_pending()
    colleague = browser(member(cast.employer, Role.EMPLOYER_LEAD))
    assert colleague.get(at("draft_attachment", made, kept.pk)).status_code == 200
    stranger = browser(Cast().reporter)
    other = notification_in("draft")
    for address in (
        at("attach_to_draft", made),
        at("draft_attachment", made, kept.pk),
        at("remove_attachment", made, kept.pk),
    ):
        assert stranger.get(address).status_code == 404
        assert stranger.post(address).status_code in (404, 405)
        assert browser(staff()).get(address).status_code in (403, 404)
        assert browser().get(address).status_code == 302
    owner = browser(cast.reporter)
    assert owner.get(at("draft_attachment", other, kept.pk)).status_code == 404
    assert owner.get(at("draft_attachment", made, 10**20)).status_code == 404
    assert Attachment.objects.exists()


def test_a_file_that_identifies_somebody_is_asked_about_and_must_be_chosen_again(
    cast: Cast, made: Notification
) -> None:
    client = browser(cast.reporter)
    path = at("attach_to_draft", made)
    content = docx("Seen by Mr Patel")
    refused: Any = client.post(path, {"file": SimpleUploadedFile("a.docx", content)})
    assert refused.status_code == 400
    assert any("a person’s name on line" in each for each in problems(refused))
    assert "Choose the file again" in text(refused)
    assert not Attachment.objects.exists()
    typed = boxes(refused) | {
        "identifies_nobody": "An invented name.",
        "file": SimpleUploadedFile("a.docx", content),
    }
    assert client.post(path, typed).status_code == 302
    assert Attachment.objects.get().name == "a.docx"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", "The file is empty"),
        ("program.pdf", b"MZ\x90\x00" + bytes(300), "not what its ending"),
        ("big.txt", b"a" * (26 * 1024 * 1024), "25 MB or smaller"),
        ("scan.png", bytes(128) + b"DICM" + bytes(50), "patient data"),
        ("page.html", b"<html></html>", "must be a PDF"),
        ("drawing.svg", b"<svg/>", "must be a PDF"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_the_draft_is_intact(
    cast: Cast, made: Notification, name: str, content: bytes, why: str
) -> None:
    client = browser(cast.reporter)
    before = made.case.events.count()
    refused: Any = client.post(at("attach_to_draft", made), {"file": SimpleUploadedFile(name, content)})
    assert refused.status_code == 400
    assert any(why in each for each in problems(refused))
    made.case.refresh_from_db()
    assert (made.case.status, made.case.events.count()) == ("draft", before)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/log.txt", "a" * 300 + ".txt", "log\u202etxt.exe.txt", "b\x07\x1f.txt"]
)
def test_an_odd_name_is_cleaned(cast: Cast, made: Notification, name: str) -> None:
    client = browser(cast.reporter)
    sent = client.post(at("attach_to_draft", made), {"file": SimpleUploadedFile(name, b"The log.")})
    assert sent.status_code == 302
    kept = Attachment.objects.get()
    assert len(kept.name) <= 200
    assert kept.name.isprintable()
    assert "/" not in kept.name
    assert kept.name in text(client.get(at("draft", made)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    ending=st.sampled_from([".pdf", ".docx", ".xlsx", ".png", ".jpg", ".txt", ".csv", ""]),
    content=st.one_of(
        st.binary(max_size=300),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=300).map(str.encode),
        st.sampled_from([pdf(), docx(), png()]),
    ),
)
def test_nothing_that_is_sent_makes_the_page_fail(
    cast: Cast, made: Notification, name: str, ending: str, content: bytes
) -> None:
    client = browser(cast.reporter)
    upload = SimpleUploadedFile("x", content)
    vars(upload)["_name"] = f"{name}{ending}"
    answer = client.post(at("attach_to_draft", made), {"file": upload})
    assert answer.status_code in (302, 400)
    assert client.get(at("draft", made)).status_code == 200


@pytest.mark.parametrize("files", [1, 15])
def test_the_draft_s_page_takes_as_many_queries_for_one_file_as_for_many(
    cast: Cast, made: Notification, files: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(files):
        put(made, cast, f"{number}.txt")
    client = browser(cast.reporter)
    client.get(at("draft", made))
    with django_assert_max_num_queries(9):
        assert f"{files - 1}.txt" in text(client.get(at("draft", made)))


def test_a_file_is_taken_apart_before_anybody_is_kept_from_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a large document takes seconds; whoever holds the chain keeps every other writer waiting."""

    cast = Cast()
    draft = notification_in("draft", cast=cast)
    held: list[bool] = []

    def watched(**given: Any) -> Any:
        held.append(chain._held.get() is not None)
        return prepared(**given)

    monkeypatch.setattr(attachments, "prepared", watched)
    client = browser(cast.reporter)
    for key in ("", "first"):
        headers = {"Idempotency-Key": key} if key else {}
        sent = {"file": SimpleUploadedFile("log.txt", b"The log.")}
        address = f"/api/v1/notifications/{draft.pk}/attachments/"
        for _ in range(2 if key else 1):
            sent["file"].seek(0)
            assert client.post(address, sent, headers=headers).status_code == 201
    assert held == [False, False, False]
    assert Attachment.objects.count() == 2
    assert [asked.case_id for asked in ApiRequest.objects.all()] == [draft.pk]
