"""Who may be made responsible for a case. Assigning it and triage ask here, whoever presses the button."""

from django.core.exceptions import ValidationError

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.casework.restriction import Access
from regulator.organisations.policies import has_interest, may


def refuse_holder(case: Case, person: User | None, *, field: str = "assignee") -> None:
    """Raise ``ValidationError`` beside ``field`` unless ``person`` may hold ``case``, or is nobody.

    They work on cases and may sign in, have no interest in the employer, and are named where the case is
    restricted. One query, and one more for a restricted case.
    """
    if person is not None and (refusal := holder_refusal(case, person)):
        raise ValidationError({field: refusal})


def holder_refusal(case: Case, person: User) -> str:
    """Why ``person`` may not hold ``case``, in plain English; ``""`` where they may. Queries as
    ``refuse_holder``."""
    if not may(person, "casework.assign"):
        return "Choose a member of staff who works on cases."
    if has_interest(person, case.employer_id):
        return f"{person} has declared an interest in this employer, so somebody else must take the case."
    if case.is_restricted and not is_named(case, person):
        return f"{person} is not named on this restricted case. Name them first, or choose somebody named."
    return ""


def is_named(case: Case, person: User) -> bool:
    """Whether ``person`` is named on a restricted case. One query."""
    named = Access.objects.standing().filter(case=case.pk, right=Access.Right.NAMED)
    return named.filter(person=person.pk).exists()
