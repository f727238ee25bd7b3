"""What adds to an inspection and changes nothing on it: no version can be too old for that, so an answer that
was typed offline this morning is taken this evening."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from inspections.lifecycle import ANNOUNCED, CONDUCT, EVIDENCE_REQUESTED, ON_SITE_OR_AFTER
from inspections.models import Inspection, Visit
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow, ValidationError
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.organisations.policies import NotPermitted

UNREADABLE: Final = "Take out the characters that cannot be shown."
PREPARED: Final = (ANNOUNCED, EVIDENCE_REQUESTED, *ON_SITE_OR_AFTER)
"""The states in which checklists are opened and notes are made."""


def not_preparable(case: Case) -> str:
    """Why no checklist is opened and no note made now, in plain English; ``""`` where one may be."""
    if case.status in PREPARED:
        return ""
    if case.is_over:
        return "The inspection is over."
    return "Announce the inspection first, or record the visit."


def not_answerable(case: Case) -> str:
    """Why nothing is answered now, in plain English; ``""`` where it may be."""
    if case.status in ON_SITE_OR_AFTER:
        return ""
    if case.is_over:
        return "The inspection is over, so nothing is answered any more."
    return "Record the visit first: until then a checklist is only prepared."


@contextmanager
def adding(inspection: Inspection, *, by: Actor) -> Iterator[tuple[Case, User]]:
    """Yield the case as it stands, and who adds to it, inside ``writing``.

    Raises ``NotPermitted`` (as ``InterestDeclared`` where they have an interest in the employer), and
    ``NotAllowedNow`` for a redacted case.
    """
    if not isinstance(by, User):
        raise NotPermitted("What is seen on site is recorded by a person.")
    with writing():
        held = Case.objects.select_related("employer").get(pk=inspection.pk)
        permit_on(held, CONDUCT, by)
        if held.redacted_at is not None:
            raise NotAllowedNow(held.why_empty)
        yield held, by


def check_visit(visit: Visit | None, inspection: Inspection) -> None:
    """Raise ``ValidationError`` for a visit of another inspection."""
    if visit is not None and visit.inspection_id != inspection.pk:
        raise ValidationError({"visit": "This visit belongs to another inspection."})


def refuse(refusal: str) -> None:
    """Raise ``NotAllowedNow`` where there is a refusal."""
    if refusal:
        raise NotAllowedNow(refusal)
