"""The clocks of an entry, and which version of it the public saw last."""

from datetime import date
from typing import Final

from enforcement.gate.conditions import SHOWN
from enforcement.legal_clock import register_update_due
from regulator.accounts.actors import Actor
from regulator.casework.models import Case
from regulator.deadlines.models import Deadline
from regulator.deadlines.services import open_deadline

CLOCKS: Final = ("publish", "register_update")
"""What an approval meets, and a proposal does not."""


def start_clock(held: Case, changed_on: date, *, by: Actor) -> date:
    """The clock for a change of the entry. One that runs already is never put off by a later change."""
    due_on = register_update_due(changed_on).on
    running = Deadline.objects.open().filter(case=held, kind="register_update", due_on__lte=due_on)
    earlier: date | None = running.values_list("due_on", flat=True).first()
    if earlier is not None:
        return earlier
    return open_deadline(case=held, kind="register_update", start_on=changed_on, due_on=due_on, by=by).due_on


def entry_due_on(case: Case) -> date | None:
    """The first day by which the entry is due (one query); ``None`` where no clock of it runs."""
    running = Deadline.objects.open().filter(case=case.pk, kind__in=CLOCKS).order_by("due_on")
    found: date | None = running.values_list("due_on", flat=True).first()
    return found


def last_version(held: Case) -> int:
    """The last version of the entry that the public saw, whether it stands or not; 0 before the first."""
    last = held.events.filter(type__in=SHOWN).order_by("-sequence").first()
    return int(last.payload["version"]) if last else 0
