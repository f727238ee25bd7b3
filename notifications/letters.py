"""The letters that notifications send; ``contributions`` registers them, ``templates/email`` has their text.

Letters name a case by its reference and its line in lists; they never quote a narrative, a question or an
answer, so that no mailbox holds them.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse

from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.casework.recipients import lead_or, only_reference
from regulator.outbox.letters import Letter
from regulator.outbox.services import enqueue

REMINDER: Final = Letter(
    "notifications_reminder", 3, "{{ deadline_label }}: {{ 'your draft' if is_draft else reference }}"
)
"""Context: deadline_label, due_on, days_left (negative: overdue), reference, is_draft, case_summary,
employer, case_url. Written by the deadlines task."""

RECEIPT: Final = Letter("notifications_receipt", 3, "Notification {{ reference }} received")
"""Context: that of ``case_context``; notify_due_on, report_due_on (None where none runs); late (bool);
kind (in words), discovered_on, why (the rule of each of the two clocks, by its kind); receipt_url (of the
PDF)."""

ACKNOWLEDGED: Final = Letter("notifications_acknowledged", 1, "CQC has read notification {{ reference }}")
"""Context: that of ``case_context``, and role (of who read it, in words)."""

QUESTION: Final = Letter("notifications_question", 2, "CQC needs information about {{ reference }}")
"""Context: that of ``case_context``, and due_on."""

ANSWER: Final = Letter(
    "notifications_answer", 1, "{{ employer }} answered your question about {{ reference }}"
)
"""Context: that of ``case_context``."""

EXTENSION: Final = Letter("notifications_extension", 2, "More time for the report on {{ reference }}")
"""Context: that of ``case_context``, and due_on."""

PROVISIONAL: Final = Letter(
    "notifications_provisional", 2, "Notification {{ reference }} provisionally closed"
)
CLOSURE: Final = Letter("notifications_closure", 2, "Notification {{ reference }} closed")
REOPENED: Final = Letter("notifications_reopened", 2, "Notification {{ reference }} reopened")
"""Context of these three: that of ``case_context``."""

ENDED: Final = Letter("notifications_ended", 2, "Notification {{ reference }}: {{ outcome|lower }}")
"""Context: that of ``case_context``, and outcome (the label of the state it ended in)."""

MORE_TIME_ASKED: Final = Letter("notifications_more_time_asked", 2, "More time asked for: {{ reference }}")
"""To CQC. Context: that of ``case_context``, desk_url, asked_until and due_on."""

MORE_TIME_REFUSED: Final = Letter(
    "notifications_more_time_refused", 2, "The date of the report on {{ reference }} stands"
)
"""Context: that of ``case_context``, and due_on."""

AMENDED: Final = Letter("notifications_amended", 2, "{{ employer }} corrected {{ reference }}")
"""To CQC. Context: that of ``case_context``, desk_url, and redated (the date of discovery changed)."""

DRAFT_REMINDER: Final = Letter("notifications_draft_reminder", 2, "Your draft notification has not been sent")
"""Context: that of ``case_context``, begun_on, and is_dated (whether the day of discovery is known)."""

REMOVAL: Final = Letter(
    "notifications_removal", 2, "Your draft notification will be removed on {{ remove_on|day }}"
)
REMOVAL_SOON: Final = Letter(
    "notifications_removal_soon",
    2,
    "Last notice: your draft notification will be removed on {{ remove_on|day }}",
)
"""Context of both: that of ``case_context``, begun_on, unchanged_since and remove_on (dates)."""

SIGN_OFF_REQUEST: Final = Letter(
    "notifications_sign_off_request",
    2,
    "{{ employer }} asks you to sign off a draft notification",
    forgotten=True,
)
"""Context: that of ``case_context``; link (the secret address), role (label), until (date)."""

SIGN_OFF_CODE: Final = Letter(
    "notifications_sign_off_code", 2, "Your code for the IR(ME)R portal", forgotten=True
)
"""Context: code, minutes (how long it is good)."""

SIGN_OFF_RESULT: Final = Letter(
    "notifications_sign_off_result", 2, "Your request for a sign-off: {{ outcome|lower }}"
)
"""Context: that of ``case_context``; role and outcome (labels)."""

ALL: Final = (
    SIGN_OFF_REQUEST,
    SIGN_OFF_CODE,
    SIGN_OFF_RESULT,
    REMINDER,
    RECEIPT,
    ACKNOWLEDGED,
    QUESTION,
    ANSWER,
    EXTENSION,
    PROVISIONAL,
    CLOSURE,
    REOPENED,
    ENDED,
    MORE_TIME_ASKED,
    MORE_TIME_REFUSED,
    AMENDED,
    DRAFT_REMINDER,
    REMOVAL,
    REMOVAL_SOON,
)


def case_context(case: Case) -> dict[str, Any]:
    """What every letter about a case says: reference, case_summary, employer, case_url."""
    return {
        "reference": case.reference or "",
        "case_summary": case.summary,
        "employer": case.employer.name,
        "case_url": case_url(case, for_staff=False),
    }


def path_of(case: Case, for_staff: bool) -> str:
    """Where a notification is found: staff on the desk, others by its reference or as their draft."""
    if for_staff:
        return reverse("admin:casework_case_change", args=[case.pk])
    if case.reference:
        return reverse("notifications:detail", args=[case.reference])
    return reverse("notifications:draft", args=[case.pk])


def check_page(case: Case, subject: int) -> str:
    """Where a draft is checked and submitted."""
    return reverse("notifications:check", args=[case.pk])


def report_page(case: Case, subject: int) -> str:
    """Where the investigation report is filed."""
    return reverse("notifications:report", args=[case.reference])


def answer_page(case: Case, subject: int) -> str:
    """Where the question with the primary key ``subject`` is answered."""
    return reverse("notifications:answer", args=[case.reference, subject])


def action_page(case: Case, subject: int) -> str:
    """Where the corrective action with the primary key ``subject`` is kept up to date."""
    return reverse("notifications:action", args=[case.reference, subject])


def post_to_desk(letter: Letter, *, case: Case, **context: Any) -> None:
    """Write ``letter`` about a held case to its lead at CQC, or to all who triage where it has none."""
    to = [person.email for person in lead_or(case, permission="notifications.triage")]
    desk_url = case_url(case, for_staff=True)
    post(letter, case=case, to=to, desk_url=desk_url, **only_reference(case), **context)


def post(letter: Letter, *, case: Case, to: Iterable[str], **context: Any) -> None:
    """Write ``letter`` about a held case to each address, once for each version of the case."""
    for address in to:
        enqueue(
            letter=letter.name,
            to=address,
            context={**case_context(case), **context},
            dedupe_key=f"{letter.name}:{case.pk}:{case.version}",
            case=case,
        )
