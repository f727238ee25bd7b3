"""What a letter about a deadline says, and to whom it goes. The texts lie in ``templates/email``."""

from collections.abc import Iterable
from typing import Any, Final

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.links import case_url
from regulator.casework.recipients import only_reference
from regulator.deadlines.models import Deadline
from regulator.outbox.payload import DAY, DAYS_LEFT, EMPLOYER, FLAG, LINK, MAYBE_TEXT, TEXT, Payload
from regulator.outbox.services import enqueue

PAYLOAD: Final[Payload] = {
    "deadline_label": TEXT,
    "due_on": DAY,
    "days_left": DAYS_LEFT,
    "reference": TEXT,
    "is_draft": FLAG,
    "case_summary": MAYBE_TEXT,
    "employer": EMPLOYER,
    "case_url": LINK,
}
"""What every letter about a deadline may say; ``days_left`` is negative once it is overdue."""


def write(*, letter: str, deadline: Deadline, to: Iterable[str], dedupe_key: str) -> int:
    """Put ``letter`` about ``deadline`` into the outbox for each address; answers how many addresses.

    Whoever is staff gets the link to the desk, everybody else the employer's own page.
    """
    addresses = sorted({address.strip().lower() for address in to})
    staff = set(User.objects.filter(email__in=addresses).exclude(role="").values_list("email", flat=True))
    for address in addresses:
        context = _context(deadline, for_staff=address in staff)
        enqueue(letter=letter, to=address, context=context, dedupe_key=dedupe_key, case=deadline.case)
    return len(addresses)


def _context(deadline: Deadline, *, for_staff: bool) -> dict[str, Any]:
    case = deadline.case
    return {
        "deadline_label": deadline.label,
        "due_on": deadline.due_on,
        "days_left": (deadline.due_on - clock.today()).days,
        "reference": str(case),
        "is_draft": case.reference is None,
        "case_summary": case.summary,
        "employer": case.employer.name,
        "case_url": case_url(case, for_staff=for_staff),
        **(only_reference(case) if for_staff else {}),
    }
