"""After submission: the notification's own page, answers to CQC, withdrawing."""

from typing import Any

import pytest

from notifications import services
from notifications.models import Notification
from regulator.casework.models import Case, InformationRequest
from tests.factories import Cast, notification_in
from tests.notifications.pages import boxes, browser, problems, send, text

pytestmark = pytest.mark.usefixtures("reference")


def page(notification: Notification, then: str = "") -> str:
    return f"/notifications/{notification.case.reference}/{then}"


def test_a_submitted_notification_shows_its_dates_and_what_was_told() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast, narrative="Nobody <checked>.")
    shown = text(browser(cast.reporter).get(page(sent)))
    for words in ("15 March 2026", "24 May 2026", "Nobody &lt;checked&gt;.", "7.5 mSv", "1 March 2026"):
        assert words in shown, words
    assert browser(cast.reporter).get(page(sent).lower()).status_code == 200


def test_a_question_is_answered_once() -> None:
    cast = Cast()
    asked = notification_in("further_information", cast=cast)
    question = InformationRequest.objects.get()
    client = browser(cast.reporter)
    path = page(asked, f"requests/{question.pk}/")
    assert f'href="{path}"' in text(client.get(page(asked)))
    opened, shown = boxes(client.get(path)), text(client.get(path))
    for words in ("Which check?", "16 March 2026", page(asked, "attach/")):
        assert words in shown, words
    empty = send(client, path, answer=" ")
    assert (empty.status_code, problems(empty)) == (400, ["Enter your answer"])
    assert send(client, path, answer="The <identity> check.").status_code == 302
    shown = text(client.get(page(asked)))
    assert "The &lt;identity&gt; check." in shown
    assert f'href="{path}"' not in shown
    again = client.post(path, opened | {"answer": ["Another answer"]})
    assert again.status_code == 409
    for words in ("Another answer", "This was not sent.", "The &lt;identity&gt; check."):
        assert words in text(again), words
    asked.case.refresh_from_db()
    knowing = opened | {"answer": ["Another answer"], "version": [str(asked.case.version)]}
    once_more = client.post(path, knowing)
    assert (once_more.status_code, problems(once_more)) == (409, ["This request has been answered already."])
    assert "Another answer" in text(once_more)
    told = text(client.get(path))
    assert f"{cast.reporter.name} answered it on 2 March 2026" in told
    assert "textarea" not in told
    question.refresh_from_db()
    assert question.answer == "The <identity> check."


def test_no_answer_is_asked_for_once_cqc_works_on_it_no_more_and_none_that_was_typed_is_lost() -> None:
    cast = Cast()
    asked = notification_in("further_information", cast=cast)
    question = InformationRequest.objects.get()
    client, path = browser(cast.reporter), page(asked, f"requests/{question.pk}/")
    opened = boxes(client.get(path))
    services.withdraw(
        notification=asked, by=cast.reporter, version=asked.case.version, reason="It was sent twice."
    )
    assert f'href="{path}"' not in text(client.get(page(asked)))
    shown = text(client.get(path))
    assert "CQC is no longer working on this notification." in shown
    assert "Which check?" in shown
    assert "textarea" not in shown
    sent = client.post(path, opened | {"answer": ["The identity check."]})
    assert (sent.status_code, boxes(sent)["answer"]) == (409, ["The identity check."])
    assert "CQC is no longer working on this notification. What you typed was not sent." in text(sent)
    assert "Send the answer" not in text(sent)


def test_a_question_is_answered_only_under_its_own_notification() -> None:
    cast = Cast()
    notification_in("further_information", cast=cast)
    other = notification_in("submitted", cast=cast)
    question = InformationRequest.objects.get()
    assert browser(cast.reporter).get(page(other, f"requests/{question.pk}/")).status_code == 404


def test_a_notification_is_withdrawn_with_a_reason() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(sent, "withdraw/")))
    unsaid = send(client, page(sent, "withdraw/"))
    assert (unsaid.status_code, problems(unsaid)) == (400, ["Enter why you are withdrawing it"])
    assert send(client, page(sent, "withdraw/"), reason="Sent twice.").status_code == 302
    assert Case.objects.get().status == "withdrawn"
    assert page(sent, "withdraw/") not in text(client.get(page(sent)))
    assert "cannot be withdrawn" in text(client.get(page(sent, "withdraw/")))
    again: Any = client.post(page(sent, "withdraw/"), opened | {"reason": ["Once more"]})
    assert (again.status_code, boxes(again)["reason"]) == (409, ["Once more"])


def test_a_stale_withdrawal_keeps_its_reason_and_can_be_sent_again() -> None:
    cast = Cast()
    sent = notification_in("submitted", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(sent, "withdraw/"))) | {"reason": ["Sent twice."]}
    services.triage(
        notification=sent,
        by=cast.officer,
        version=sent.case.version,
        risk=Case.Risk.LOW,
        lead=cast.officer,
        reason="Seen by two officers.",
    )
    answer = client.post(page(sent, "withdraw/"), opened)
    assert (answer.status_code, boxes(answer)["reason"]) == (409, ["Sent twice."])
    assert client.post(page(sent, "withdraw/"), boxes(answer)).status_code == 302
