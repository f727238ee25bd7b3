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
from regulator.deadlines.letters import PAYLOAD as OF_A_DEADLINE
from regulator.outbox.letters import Letter
from regulator.outbox.payload import (
    DAY,
    EMPLOYER,
    FLAG,
    LINK,
    MAYBE_DAY,
    MAYBE_TEXT,
    TEXT,
    Payload,
    Value,
)
from regulator.outbox.services import enqueue

OF_A_CASE: Final[Payload] = {
    "reference": TEXT,
    "case_summary": MAYBE_TEXT,
    "employer": EMPLOYER,
    "case_url": LINK,
}
"""What every letter about a case may say (``case_context``)."""
_TO_DESK: Final[Payload] = {**OF_A_CASE, "desk_url": LINK}
_RULES: Final = Value(
    (
        {
            "notify": "14 calendar days (CQC, when to notify)",
            "report": "84 calendar days (CQC, when to notify)",
        },
    )
)
"""The rule of each of the two clocks, by its kind."""


def _letter(
    name: str, version: int, subject: str, payload: Payload, *needs: str, forgotten: bool = False
) -> Letter:
    return Letter(
        f"notifications_{name}", version, subject, payload=payload, needs=needs, forgotten=forgotten
    )


REMINDER: Final = _letter(
    "reminder",
    3,
    "{{ deadline_label }}: {{ 'your draft' if is_draft else reference }}",
    OF_A_DEADLINE,
    "due_on",
)
"""Written by the deadlines task."""

RECEIPT: Final = _letter(
    "receipt",
    3,
    "Notification {{ reference }} received",
    {
        **OF_A_CASE,
        "notify_due_on": MAYBE_DAY,
        "report_due_on": MAYBE_DAY,
        "late": FLAG,
        "kind": TEXT,
        "discovered_on": MAYBE_DAY,
        "why": _RULES,
        "receipt_url": LINK,
    },
    "reference",
    "receipt_url",
)
"""``notify_due_on`` and ``report_due_on`` are empty where no clock runs; ``kind`` is in words, ``why`` the
rule of each clock, ``receipt_url`` the address of the PDF."""

ACKNOWLEDGED: Final = _letter(
    "acknowledged",
    1,
    "CQC has read notification {{ reference }}",
    {**OF_A_CASE, "role": TEXT},
    "reference",
    "role",
)
"""``role`` is that of who read it, in words."""

QUESTION: Final = _letter(
    "question",
    2,
    "CQC needs information about {{ reference }}",
    {**OF_A_CASE, "due_on": DAY},
    "case_url",
    "due_on",
)
ANSWER: Final = _letter(
    "answer", 1, "{{ employer }} answered your question about {{ reference }}", OF_A_CASE, "reference"
)
EXTENSION: Final = _letter(
    "extension", 2, "More time for the report on {{ reference }}", {**OF_A_CASE, "due_on": DAY}, "due_on"
)
PROVISIONAL: Final = _letter(
    "provisional", 2, "Notification {{ reference }} provisionally closed", OF_A_CASE, "reference"
)
CLOSURE: Final = _letter("closure", 2, "Notification {{ reference }} closed", OF_A_CASE, "reference")
REOPENED: Final = _letter("reopened", 2, "Notification {{ reference }} reopened", OF_A_CASE, "reference")
ENDED: Final = _letter(
    "ended",
    2,
    "Notification {{ reference }}: {{ outcome|lower }}",
    {**OF_A_CASE, "outcome": TEXT},
    "reference",
    "outcome",
)
"""``outcome`` is the label of the state it ended in."""

MERGED: Final = _letter(
    "merged",
    1,
    "Notification {{ reference }} merged into {{ into }}",
    {**OF_A_CASE, "into": TEXT},
    "reference",
    "into",
)
"""``into`` is the reference of the notification that goes on."""

MORE_TIME_ASKED: Final = _letter(
    "more_time_asked",
    2,
    "More time asked for: {{ reference }}",
    {**_TO_DESK, "asked_until": DAY, "due_on": DAY},
    "desk_url",
)
"""To CQC."""

MORE_TIME_REFUSED: Final = _letter(
    "more_time_refused",
    2,
    "The date of the report on {{ reference }} stands",
    {**OF_A_CASE, "due_on": DAY},
    "due_on",
)
AMENDED: Final = _letter(
    "amended", 2, "{{ employer }} corrected {{ reference }}", {**_TO_DESK, "redated": FLAG}, "desk_url"
)
"""To CQC. ``redated``: the date of discovery changed, and a clock was counted anew by it."""

DRAFT_REMINDER: Final = _letter(
    "draft_reminder",
    2,
    "Your draft notification has not been sent",
    {**OF_A_CASE, "begun_on": DAY, "is_dated": FLAG, "notify_within": TEXT},
    "case_url",
)
"""``is_dated``: whether the day of discovery is known; ``notify_within``: how long there is from it."""
_REMOVAL: Final[Payload] = {**OF_A_CASE, "begun_on": DAY, "unchanged_since": DAY, "remove_on": DAY}
REMOVAL: Final = _letter(
    "removal",
    2,
    "Your draft notification will be removed on {{ remove_on|day }}",
    _REMOVAL,
    "remove_on",
    "case_url",
)
REMOVAL_SOON: Final = _letter(
    "removal_soon",
    2,
    "Last notice: your draft notification will be removed on {{ remove_on|day }}",
    _REMOVAL,
    "remove_on",
    "case_url",
)
SIGN_OFF_REQUEST: Final = _letter(
    "sign_off_request",
    2,
    "{{ employer }} asks you to sign off a draft notification",
    {**OF_A_CASE, "link": LINK, "role": TEXT, "until": DAY},
    "link",
    forgotten=True,
)
"""``link`` is the secret address, ``role`` a label."""

SIGN_OFF_CODE: Final = _letter(
    "sign_off_code",
    2,
    "Your code for the IR(ME)R portal",
    {"code": TEXT, "minutes": Value((15,))},
    "code",
    forgotten=True,
)
"""``minutes``: how long the code is good."""

SIGN_OFF_RESULT: Final = _letter(
    "sign_off_result",
    2,
    "Your request for a sign-off: {{ outcome|lower }}",
    {**OF_A_CASE, "role": TEXT, "outcome": TEXT},
    "outcome",
)
"""``role`` and ``outcome`` are labels."""

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
    MERGED,
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
