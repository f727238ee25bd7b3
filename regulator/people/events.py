"""What is recorded about a person, in words; and writing it down, on the chain and in the person's
history."""

from typing import Any, Final

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.models import Event
from regulator.people.models import AboutPerson

LABELS: Final = {
    "people.invited": "Invited to the staff",
    "people.invitation_cancelled": "Invitation to the staff cancelled",
    "people.joined": "Joined the staff",
    "people.role_given": "Role given",
    "people.details_changed": "Name or address changed",
    "people.cases_handed_over": "Open cases handed over",
    "people.deactivated": "Sign-in closed",
    "people.reactivated": "Sign-in opened again",
    "people.factor_added": "Second step set up",
    "people.factor_removed": "Second step removed",
    "people.recovery_codes_made": "Recovery codes made",
    "people.recovery_code_used": "Recovery code used",
    "people.factors_reset": "Second step taken away by an administrator",
    "people.sessions_ended": "Sessions ended",
}


def record(
    type: str, *, person: User, by: Actor, payload: dict[str, Any] | None = None, text: str = ""
) -> Event:
    """Append an event about ``person`` (``people.<type>``), inside ``writing``. ``payload`` holds keys and
    values, never personal text; what was typed goes into ``text``."""
    event = append(
        f"people.{type}", case=None, by=by, payload={"person": person.pk, **(payload or {})}, text=text
    )
    AboutPerson.objects.create(event=event, person=person)
    return event
