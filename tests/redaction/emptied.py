"""How the tests close a case and redact it: as a retention policy does, all groups at once."""

from typing import Any

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.models import Case, Event
from regulator.casework.redaction import Group, redact
from regulator.casework.services import changing
from regulator.deadlines.services import end_deadlines

REDACTION = Scheduled("tests.redact")
ALL = frozenset(Group)
POLICY = {"policy": "tests", "edition": 1}


def over(case: Case) -> Case:
    """The case, closed today in whatever state it is and without an open date: what redaction asks for."""
    case.refresh_from_db()
    if case.closed_at is None or case.next_due_on is not None:
        with changing(case, version=case.version) as held:
            end_deadlines(case=held, by=REDACTION)
            held.closed_at = held.closed_at or clock.now()
    return case


def emptied(case: Case, **arguments: Any) -> Event:
    """The case closed, if it is not, and redacted; the event."""
    values: dict[str, Any] = {"groups": ALL, "by": REDACTION, "payload": POLICY}
    return redact(case=over(case), **values | arguments)


def marked(case: Case) -> None:
    """The case as if it had been redacted just now, its words left: what is asked here is what is refused.
    Whoever holds ``case`` in hand knows that it was closed, which is years ago, and no more."""
    case.closed_at = clock.now()
    Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at, redacted_at=clock.now())
