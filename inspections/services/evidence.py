"""Asking the employer for documents before the visit."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.models import Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework import services as casework
from regulator.casework.models import Case, InformationRequest
from regulator.casework.services import move
from regulator.deadlines.services import BEYOND_REACH, open_deadline, within_reach
from regulator.organisations.policies import NotPermitted

MOST_AT_ONCE: Final = 40
LONGEST_DOCUMENT: Final = 300


def request_evidence(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    documents: Sequence[str],
    due_on: date,
    identifies_nobody: str = "",
) -> list[InformationRequest]:
    """Ask for documents, each a request of its own, by one day and in one letter.

    May be done again: what was asked before stands. One clock runs for what is still owed, to the first day
    of those. Raises ``NotPermitted``, ``NotAllowedNow`` before the announcement or after the visit,
    ``ValidationError`` by field, ``IdentifiersFound`` where a line seems to identify somebody, unless
    ``identifies_nobody`` says why.
    """
    if not isinstance(by, User):
        raise NotPermitted("Documents are asked for by a person.")
    with holding(inspection, version=version) as held:
        move(held, "request_evidence", by=by, payload={"due_on": due_on.isoformat()})
        wanted = _checked(documents, due_on)
        casework.refuse_identifiers(
            case=held, texts={"documents": "\n".join(wanted)}, by=by, reason=identifies_nobody
        )
        asked = [
            casework.request_information(
                case=held, question=each, due_on=due_on, by=by, identifies_nobody=identifies_nobody
            )
            for each in wanted
        ]
        inspection.evidence_requested_on = inspection.evidence_requested_on or clock.today()
        inspection.save(update_fields=["evidence_requested_on"])
        keep_clock(held, by)
        letters.ask_for_evidence(held, inspection, documents=wanted, due_on=due_on)
    return asked


def keep_clock(held: Case, by: Actor) -> None:
    """Let the clock of a held case run to the first day of the documents that are still owed (one query)."""
    owed = held.information_requests.filter(answered_at__isnull=True).order_by("due_on").first()
    if owed is not None:
        open_deadline(case=held, kind="evidence", start_on=clock.today(), due_on=owed.due_on, by=by)


def _checked(documents: Sequence[str], due_on: date) -> list[str]:
    """The lines that say something, each once. Raises ``ValidationError`` by field."""
    wanted = list(dict.fromkeys(line for each in documents if (line := " ".join(each.split()))))
    errors: dict[str, str] = {}
    if not wanted:
        errors["documents"] = "Say which documents you need, each on a line of its own."
    elif len(wanted) > MOST_AT_ONCE:
        errors["documents"] = f"Ask for {MOST_AT_ONCE} documents or fewer at once."
    elif any(len(each) > LONGEST_DOCUMENT for each in wanted):
        errors["documents"] = f"Use {LONGEST_DOCUMENT} characters or fewer for each document."
    if due_on < clock.today():
        errors["due_on"] = "The date to send them by must not be in the past."
    elif not within_reach(due_on):
        errors["due_on"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)
    return wanted
