"""What a program does after writing: files, answers, more time, following; and each deed once for its key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from notifications.idempotency import forget_requests
from notifications.models import ApiRequest, Notification
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Attachment, Case, Event, InformationRequest
from tests.casework.documents import pdf
from tests.factories import Cast, EmployerFactory, notification_in, person
from tests.reference import ship_reference

LIST = "/api/v1/notifications/"
PATHS = ("follow/", "attachments/", "withdraw/", "more-time/", "questions/1/answer/")


def program(user: User, key: str = "") -> APIClient:
    client = APIClient(headers={"Idempotency-Key": key} if key else None)
    client.force_authenticate(user)
    return client


def url(notification: Notification, then: str = "") -> str:
    return f"{LIST}{notification.pk}/{then}"


@pytest.mark.usefixtures("reference")
class TestFollowing:
    def test_where_it_stands_with_the_reason_for_each_date(self) -> None:
        cast = Cast()
        sent = notification_in("awaiting_report", cast=cast)
        stands = program(cast.reporter).get(url(sent, "follow/")).json()
        assert (stands["status"], stands["version"]) == ("awaiting_report", sent.case.version)
        assert {date["kind"] for date in stands["dates"]} == {"notify", "report"}
        assert all("calendar days" in date["rule"] for date in stands["dates"])
        assert f"{cast.reporter.name} submitted the notification." in {
            each["sentence"] for each in stands["happenings"]
        }

    def test_a_question_is_answered_once(self) -> None:
        cast = Cast()
        sent = notification_in("further_information", cast=cast)
        client = program(cast.reporter)
        [question] = client.get(url(sent, "follow/")).json()["questions"]
        path = url(sent, f"questions/{question['id']}/answer/")
        said = {"version": sent.case.version, "answer": "The protocol was changed."}
        answered = client.post(path, said, format="json")
        assert (answered.status_code, answered.json()["answer"]) == (200, said["answer"])
        assert InformationRequest.objects.get().answered_by == cast.reporter
        again = client.post(path, said | {"version": Case.objects.get(pk=sent.pk).version}, format="json")
        assert again.status_code == 409
        assert client.post(url(sent, "questions/999/answer/"), said, format="json").status_code == 404

    def test_more_time_is_asked_for(self) -> None:
        cast = Cast()
        sent = notification_in("awaiting_report", cast=cast)
        until = clock.today() + timedelta(days=120)
        asked = {
            "version": sent.case.version,
            "asked_until": until.isoformat(),
            "reason": "An expert is ill.",
        }
        answer = program(cast.reporter).post(url(sent, "more-time/"), asked, format="json")
        assert answer.status_code == 200
        wrong = program(cast.reporter).post(url(sent, "more-time/"), {"version": 1}, format="json")
        assert (wrong.status_code, set(wrong.json()["errors"])) == (400, {"asked_until", "reason"})

    def test_a_notification_is_withdrawn_with_its_reason(self) -> None:
        cast = Cast()
        sent = notification_in("submitted", cast=cast)
        reason = {"version": sent.case.version, "reason": "It was no exposure."}
        assert (
            program(cast.reporter).post(url(sent, "withdraw/"), reason, format="json").json()["status"]
            == "withdrawn"
        )
        stale = program(cast.reporter).post(url(sent, "withdraw/"), reason, format="json")
        assert (stale.status_code, stale["Content-Type"]) == (409, "application/problem+json")

    def test_a_file_is_sent_and_listed(self) -> None:
        cast = Cast()
        sent = notification_in("submitted", cast=cast)
        client = program(cast.reporter)
        file = SimpleUploadedFile("plan.pdf", pdf(), "application/pdf")
        made = client.post(url(sent, "attachments/"), {"file": file}, format="multipart")
        assert (made.status_code, made.json()["scan"]) == (201, "pending")
        [kept] = client.get(url(sent, "attachments/")).json()
        assert kept["name"] == "plan.pdf"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("plan.pdf", b"MZ\x90\x00"),
            ("plan.pdf", b""),
            ("plan.exe", b"MZ"),
            ("scan.dcm", b"\0" * 128 + b"DICM"),
        ],
    )
    def test_a_file_that_may_not_be_kept_is_refused_in_words(self, name: str, content: bytes) -> None:
        cast = Cast()
        sent = notification_in("submitted", cast=cast)
        events = Event.objects.count()
        file = SimpleUploadedFile(name, content)
        refused = program(cast.reporter).post(url(sent, "attachments/"), {"file": file}, format="multipart")
        assert (refused.status_code, list(refused.json()["errors"])) == (400, ["file"])
        assert not Attachment.objects.exists()
        assert Event.objects.count() == events

    @pytest.mark.parametrize("path", PATHS)
    def test_another_employers_notification_is_not_found(self, path: str) -> None:
        sent = notification_in("further_information", cast=Cast())
        stranger = program(person(Role.EMPLOYER_LEAD, EmployerFactory.create()))
        file = SimpleUploadedFile("plan.pdf", pdf(), "application/pdf")
        bodies: dict[str, Any] = {
            "attachments/": {"file": file},
            "withdraw/": {"version": 1, "reason": "Mine."},
            "more-time/": {"version": 1, "asked_until": "2026-12-01", "reason": "Mine."},
            "questions/1/answer/": {"version": 1, "answer": "Mine."},
        }
        if path not in bodies:
            assert stranger.get(url(sent, path)).status_code == 404
            return
        shape = "multipart" if path == "attachments/" else "json"
        assert stranger.post(url(sent, path), bodies[path], format=shape).status_code == 404

    def test_following_takes_as_many_queries_for_much_as_for_little(
        self, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        cast = Cast()
        sent = notification_in("further_information", cast=cast)
        client = program(cast.reporter)
        for _ in range(2):
            with django_assert_max_num_queries(11):
                client.get(url(sent, "follow/"))
            for number in range(10):
                InformationRequest.objects.create(
                    case=sent.case, question=str(number), asked_by=cast.officer, due_on=clock.today()
                )


@pytest.mark.usefixtures("reference")
class TestOnceForItsKey:
    def test_a_repeated_call_makes_one_case(self) -> None:
        cast = Cast()
        client = program(cast.reporter, "first")
        answers = [client.post(LIST, {"modality": "radiotherapy"}, format="json") for _ in range(3)]
        assert [each.status_code for each in answers] == [201] * 3
        assert [each.json() for each in answers] == [answers[0].json()] * 3
        assert [each.headers.get("Idempotency-Replayed") for each in answers] == [None, "true", "true"]
        assert Case.objects.count() == 1

    def test_a_repeated_submission_is_one_and_answers_the_same_reference(self) -> None:
        cast = Cast()
        draft = notification_in("draft", cast=cast)
        client, body = program(cast.reporter, "send"), {"version": draft.case.version}
        first, second = (client.post(url(draft, "submit/"), body, format="json") for _ in range(2))
        assert first.json()["reference"] == second.json()["reference"] != ""
        assert (first.status_code, second.status_code) == (200, 200)
        assert Event.objects.filter(type="notifications.submitted").count() == 1

    def test_the_same_file_sent_twice_is_kept_once(self) -> None:
        cast = Cast()
        sent = notification_in("submitted", cast=cast)
        client = program(cast.reporter, "plan")
        for _ in range(2):
            file = SimpleUploadedFile("plan.pdf", pdf(), "application/pdf")
            assert (
                client.post(url(sent, "attachments/"), {"file": file}, format="multipart").status_code == 201
            )
        assert Attachment.objects.count() == 1

    def test_the_key_of_another_request_is_refused(self) -> None:
        cast = Cast()
        client = program(cast.reporter, "one")
        client.post(LIST, {"modality": "radiotherapy"}, format="json")
        other = client.post(LIST, {"modality": "nuclear_medicine"}, format="json")
        assert (other.status_code, other["Content-Type"]) == (422, "application/problem+json")
        assert Case.objects.count() == 1

    def test_two_callers_may_use_the_same_word(self) -> None:
        for cast in (Cast(), Cast()):
            made = program(cast.reporter, "one").post(LIST, {"modality": "radiotherapy"}, format="json")
            assert made.status_code == 201
        assert Case.objects.count() == 2

    def test_a_refusal_leaves_the_key_free(self) -> None:
        cast = Cast()
        client = program(cast.reporter, "one")
        assert client.post(LIST, {"modality": "dentistry"}, format="json").status_code == 400
        assert not ApiRequest.objects.exists()
        assert client.post(LIST, {"modality": "radiotherapy"}, format="json").status_code == 201

    @pytest.mark.parametrize("key", ["x" * 256, "tab\tbed", "é"])
    def test_a_key_that_is_none_is_refused(self, key: str) -> None:
        client = APIClient()
        client.force_authenticate(Cast().reporter)
        made = client.post(LIST, {"modality": "radiotherapy"}, format="json", HTTP_IDEMPOTENCY_KEY=key)
        assert (made.status_code, list(made.json()["errors"])) == (400, ["Idempotency-Key"])
        assert not Case.objects.exists()

    def test_after_a_week_the_key_is_forgotten(self) -> None:
        cast = Cast()
        program(cast.reporter, "one").post(LIST, {"modality": "radiotherapy"}, format="json")
        with time_machine.travel(clock.now() + timedelta(days=6), tick=False):
            assert forget_requests() == 0
        with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
            assert forget_requests() == 1


@pytest.mark.usefixtures("flushable")
def test_of_several_at_once_with_one_key_one_makes_the_case_and_all_get_its_answer() -> None:
    ship_reference()
    cast = Cast()
    together = Barrier(4, timeout=60)

    def attempt(ask: Callable[[], Any]) -> Any:
        while True:
            try:
                return ask()
            except OperationalError:  # SQLite in memory answers "locked" at once instead of waiting
                continue

    def call() -> tuple[int, int]:
        together.wait()
        try:
            client = program(cast.reporter, "at once")
            made = attempt(lambda: client.post(LIST, {"modality": "radiotherapy"}, format="json"))
            return made.status_code, made.json()["id"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = [future.result(timeout=120) for future in [pool.submit(call) for _ in range(4)]]
    assert {status for status, _ in answers} == {201}
    assert len({number for _, number in answers}) == 1
    assert Case.objects.count() == 1
    assert first_broken_link() is None


@pytest.mark.usefixtures("reference")
@pytest.mark.parametrize(
    ("employer_type", "basis", "who"),
    [
        ("independent", "statutory", "An independent provider must still send"),
        ("nhs_acute", "statutory", "An NHS employer must still send"),
        ("independent", "voluntary", "CQC has this only if you send it here"),
    ],
)
def test_a_program_that_says_already_on_lfpse_is_told_what_is_left_to_do(
    employer_type: str, basis: str, who: str
) -> None:
    cast = Cast(EmployerFactory.create(type=employer_type))
    draft = notification_in("draft", cast=cast, basis=basis, on_lfpse=True)
    client = program(cast.reporter)
    notice = client.get(url(draft)).json()["lfpse_notice"]
    assert notice.startswith("Telling LfPSE does not tell CQC.")
    assert who in notice
    [listed] = client.get(LIST).json()["results"]
    assert listed["lfpse_notice"] == notice
    other = notification_in("draft", cast=cast)
    assert client.get(url(other)).json()["lfpse_notice"] == ""
