"""The letters that notifications send; ``contributions`` registers them, ``templates/email`` has their text.

Letters name a case by its reference and its line in lists; they never quote a narrative, a question or an
answer, so that no mailbox holds them.
"""

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse

from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.outbox.letters import Letter
from regulator.outbox.services import enqueue

REMINDER: Final = Letter(
    "notifications_reminder", 1, "{{ deadline_label }}: {{ reference or 'your draft notification' }}"
)
"""Context: deadline_label, due_on, days_left (negative: overdue), reference ("" for a draft),
case_summary, employer, case_url. Written by the deadlines task."""

RECEIPT: Final = Letter("notifications_receipt", 2, "Notification {{ reference }} received")
"""Context: that of ``case_context``; notify_due_on, report_due_on (None where none runs); late (bool);
kind (in words), discovered_on, why (the rule of each of the two clocks, by its kind)."""

QUESTION: Final = Letter("notifications_question", 1, "CQC needs information about {{ reference }}")
"""Context: that of ``case_context``, and due_on."""

ANSWER: Final = Letter(
    "notifications_answer", 1, "{{ employer }} answered your question about {{ reference }}"
)
"""Context: that of ``case_context``."""

EXTENSION: Final = Letter("notifications_extension", 1, "More time for the report on {{ reference }}")
"""Context: that of ``case_context``, and due_on."""

PROVISIONAL: Final = Letter(
    "notifications_provisional", 1, "Notification {{ reference }} provisionally closed"
)
CLOSURE: Final = Letter("notifications_closure", 1, "Notification {{ reference }} closed")
REOPENED: Final = Letter("notifications_reopened", 1, "Notification {{ reference }} reopened")
"""Context of these three: that of ``case_context``."""

ENDED: Final = Letter("notifications_ended", 1, "Notification {{ reference }}: {{ outcome|lower }}")
"""Context: that of ``case_context``, and outcome (the label of the state it ended in)."""

ALL: Final = (REMINDER, RECEIPT, QUESTION, ANSWER, EXTENSION, PROVISIONAL, CLOSURE, REOPENED, ENDED)


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
