"""What may be asked of the employer before the visit, and taking what it sends. Asking for it is
``inspections.correspondence``."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.models import Inspection
from inspections.ready_documents import documents_for
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework import services as casework
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case, InformationRequest
from regulator.casework.visibility import permit_on
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import BEYOND_REACH, meet_deadline, open_deadline, within_reach
from regulator.organisations.policies import NotPermitted

MOST_AT_ONCE: Final = 40
LONGEST_DOCUMENT: Final = 300


def send_document(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    request: InformationRequest,
    answer: str,
    identifies_nobody: str = "",
) -> InformationRequest:
    """Answer one request of an inspection, once; files are attached beside it. With the last one the clock
    stops, and the lead is told.

    Raises ``NotPermitted``, ``NotAllowedNow`` where it was answered before or the inspection is over,
    ``ValidationError`` for no answer, ``IdentifiersFound`` for one that seems to identify somebody, unless
    ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("Documents are sent by a person.")
    if request.case_id != inspection.pk:
        raise ValidationError({"request": "This request belongs to another case."})
    with holding(inspection, version=version) as held:
        permit_on(held, "casework.answer_request", by)
        if held.is_over:
            raise NotAllowedNow("The inspection is over, so nothing more is needed.")
        answered = casework.answer_request(
            request=request, answer=answer, by=by, identifies_nobody=identifies_nobody
        )
        if not keep_clock(held, by):
            meet_deadline(case=held, kind="evidence", by=by)
            letters.tell_documents_are_in(held)
    return answered


def keep_clock(held: Case, by: Actor) -> bool:
    """Let the clock of a held case run to the first day of the documents that are still owed; whether any are
    (two queries)."""
    owed = held.information_requests.filter(answered_at__isnull=True).order_by("due_on", "pk").first()
    if owed is None:
        return False
    running = Deadline.objects.open().filter(case=held, kind="evidence").first()
    if running is None or running.due_on != owed.due_on:
        open_deadline(case=held, kind="evidence", start_on=clock.today(), due_on=owed.due_on, by=by)
    return True


def wanted_documents(
    *, ready: Sequence[str], documents: Sequence[str], modality: str, due_on: date | None
) -> list[str]:
    """What the employer is to read: those of the ready list for the modality, by key, then others as they
    were typed, each once. Raises ``ValidationError`` by field."""
    return _checked([*_texts(ready, modality), *documents], due_on)


def _texts(ready: Sequence[str], modality: str) -> list[str]:
    """What the employer reads for these keys, in the order of the list."""
    listed = {each.key: each.text for each in documents_for(modality)}
    if not set(ready) <= set(listed):
        raise ValidationError({"ready": "Choose documents of the list for this modality."})
    return [text for key, text in listed.items() if key in ready]


def _checked(documents: Sequence[str], due_on: date | None) -> list[str]:
    """The lines that say something, each once. Raises ``ValidationError`` by field."""
    wanted = list(dict.fromkeys(line for each in documents if (line := " ".join(each.split()))))
    errors: dict[str, str] = {}
    if not wanted:
        errors["documents"] = "Say which documents you need, each on a line of its own."
    elif len(wanted) > MOST_AT_ONCE:
        errors["documents"] = f"Ask for {MOST_AT_ONCE} documents or fewer at once."
    elif any(len(each) > LONGEST_DOCUMENT for each in wanted):
        errors["documents"] = f"Use {LONGEST_DOCUMENT} characters or fewer for each document."
    if due_on is None:
        errors["due_on"] = "Give the date to send them by."
    elif due_on < clock.today():
        errors["due_on"] = "The date to send them by must not be in the past."
    elif not within_reach(due_on):
        errors["due_on"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)
    return wanted
