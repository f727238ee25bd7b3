"""The employer's files on a notification, through the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from notifications.models import Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Attachment
from regulator.casework.scanning import scan_pending
from regulator.casework.services import attach
from tests.factories import Cast, member, notification_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def notification(cast: Cast) -> Notification:
    return notification_in("submitted", cast=cast)


def page(notification: Notification, name: str, *more: object) -> str:
    return reverse(f"notifications:{name}", args=[notification.case.reference, *more])


def test_an_employer_sends_a_file_and_reads_it_back_once_it_was_checked(
    cast: Cast, notification: Notification
) -> None:
    client = signed_in(cast.reporter)
    assert b'enctype="multipart/form-data"' in client.get(page(notification, "attach")).content
    sent = client.post(page(notification, "attach"), {"file": SimpleUploadedFile("a.txt", b"The log.")})
    assert sent["Location"] == page(notification, "detail")
    kept = Attachment.objects.get()
    address = page(notification, "attachment", kept.pk)
    waiting = client.get(address)
    assert (waiting.status_code, waiting["Cache-Control"]) == (409, "private, no-store")
    assert b"waiting to be checked" in waiting.content
    assert address not in client.get(page(notification, "detail")).content.decode()
    scan_pending()
    shown = client.get(page(notification, "detail")).content.decode()
    assert address in shown
    assert "checked by content only; no virus scanner is configured" in shown
    answer = client.get(address)
    assert answer.getvalue() == b"The log."
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    colleague = signed_in(member(cast.employer, Role.EMPLOYER_LEAD))
    assert colleague.get(address).status_code == 200


def test_an_infected_file_is_not_served(cast: Cast, notification: Notification) -> None:
    kept = attach(case=notification.case, upload=SimpleUploadedFile("a.txt", b"x"), by=cast.reporter)
    Attachment.objects.filter(pk=kept.pk).update(scan="infected")
    answer = signed_in(cast.reporter).get(page(notification, "attachment", kept.pk))
    assert answer.status_code == 409
    assert b"infected" in answer.content


def test_an_employer_s_people_see_neither_cqc_s_files_nor_those_of_another_employer(
    cast: Cast, notification: Notification
) -> None:
    of_staff = attach(case=notification.case, upload=SimpleUploadedFile("plan.txt", b"x"), by=cast.officer)
    own = attach(case=notification.case, upload=SimpleUploadedFile("own.txt", b"x"), by=cast.reporter)
    scan_pending()
    client = signed_in(cast.reporter)
    assert client.get(page(notification, "attachment", of_staff.pk)).status_code == 404
    assert b"plan.txt" not in client.get(page(notification, "detail")).content
    stranger = signed_in(Cast().reporter)
    for address in (page(notification, "attachment", own.pk), page(notification, "attach")):
        assert stranger.get(address).status_code == 404


def test_what_is_not_a_document_is_refused_beside_the_field(cast: Cast, notification: Notification) -> None:
    client = signed_in(cast.reporter)
    refused = client.post(page(notification, "attach"), {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert refused.status_code == 400
    assert "The file must be a PDF" in refused.content.decode()
    assert client.post(page(notification, "attach")).status_code == 400
    assert not Attachment.objects.exists()
