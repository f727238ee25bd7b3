"""How the tests restrict a case, break its glass and declare an interest: through the services, as people
do."""

from datetime import date
from typing import Any

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.models import Access, Case
from regulator.casework.services import Declared, break_glass, declare_interest, restrict
from regulator.organisations.models import Employer, Interest

WHY = "Somebody who works here has told of it in confidence."


def closed_to(case: Case, *people: User, by: User, **arguments: Any) -> Case:
    """The case, restricted to ``people`` by a manager or its lead."""
    values: dict[str, Any] = {"version": case.version, "reason": WHY, "people": people}
    restrict(case=case, by=by, **values | arguments)
    return case


def broken_by(person: User, case: Case, reason: str = "The lead is away and the hospital rang.") -> Access:
    return break_glass(case=case, by=person, reason=reason)


def interest_of(
    person: User, employer: Employer, *, by: User | None = None, since: date | None = None, **fields: Any
) -> Interest:
    """That ``person`` declared an interest, financial unless said, from today on unless said."""
    declared = Declared(**{"kind": Interest.Kind.FINANCIAL, "since": since or clock.today(), **fields})
    return declare_interest(person=person, employer=employer, declared=declared, by=by or person)
