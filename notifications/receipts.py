"""A receipt: what CQC received and when, both due dates and why these. Facts first, then the document.

The facts are stated once, when a notification is submitted, in the words of that day; the document is set
from them whenever it is asked for (docs/decisions/0010). No free text stands on it: it may lie on a desk.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from notifications.models import Notification, Receipt
from regulator.casework.wording import as_text
from regulator.deadlines.models import Deadline
from regulator.documents import render

TEMPLATE: Final = Path(__file__).parent / "documents" / "receipt.typ"
_TOLD: Final = (
    ("Why CQC is told", "basis"),
    ("Kind of imaging or treatment", "sub_modality"),
    ("Examination or treatment", "procedure"),
    ("Accidental or unintended", "event_kind"),
    ("Date of the incident", "occurred_on"),
    ("Last date of the incident", "occurred_until"),
    ("Date of discovery", "discovered_on"),
    ("Code of the criterion", "criterion_code"),
    ("People exposed", "number_exposed"),
    ("Who was exposed", "exposed_group"),
)


def facts_of_submission(
    notification: Notification, *, sha256: str, notify: Deadline | None, report: Deadline | None
) -> dict[str, Any]:
    """What the receipt states of a notification that is being submitted, as JSON. No query.

    ``sha256`` is the digest of the content, the one on the chain.
    """
    case = notification.case
    return {
        "reference": case.reference,
        "employer": case.employer.name,
        "invented": case.employer.is_invented,
        "received": f"{as_text(case.opened_at)} (London time)",
        "statutory": notification.is_statutory,
        "told": [[label, text] for label, text in _told(notification)],
        "dates": [_date(each) for each in (notify, report) if each is not None],
        "sha256": sha256,
    }


def as_pdf(receipt: Receipt) -> bytes:
    """The receipt as a tagged PDF (PDF/UA-1); the same bytes each time."""
    return render(TEMPLATE, receipt.facts, made_at=receipt.made_at)


def _told(notification: Notification) -> Iterator[tuple[str, str]]:
    case = notification.case
    if case.site:
        yield "Site", case.site.name
    yield "Modality", case.get_modality_display()
    for label, name in _TOLD:
        display = getattr(notification, f"get_{name}_display", None)
        value = display() if display else getattr(notification, name)
        if value not in (None, ""):
            yield label, as_text(value)


def _date(deadline: Deadline) -> dict[str, Any]:
    """One due date and the reason for it; whether it was kept where that is known already."""
    start = as_text(deadline.start_on)
    late = deadline.met_on is not None and deadline.is_late
    return {
        "label": deadline.label,
        "due": as_text(deadline.due_on),
        "why": f"Counted from {start}, the day of discovery: {deadline.rule}.",
        "met": as_text(deadline.met_on) if deadline.met_on else "",
        "late": late,
    }
