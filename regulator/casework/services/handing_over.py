"""Handing over the open cases of somebody who leaves. An administrator does it, who reads none of them."""

from collections.abc import Mapping

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.models import Case
from regulator.casework.services.cases import changing, give, refuse_who_does_not_work_on_cases


def open_cases_of(person: User) -> "list[Case]":
    """The open cases for which ``person`` is responsible, the most urgent first, whoever may read them: for
    handing them over by their references alone. One query."""
    theirs = Case.objects.open().filter(assignee=person)
    return list(theirs.order_by("next_due_on", "pk"))


def hand_over(*, of: User, to: Mapping[int, User | None], by: Actor) -> int:
    """Make somebody else responsible for cases of ``of``, or nobody: ``to`` is by a case's key. Answers how
    many were handed over; cases that are no longer theirs are left alone.

    The caller has asked the policy: it is the administrator's deed, who keeps people, not cases. Raises
    ``ValidationError`` for somebody who does not work on cases.
    """
    for person in set(to.values()):
        refuse_who_does_not_work_on_cases(person)
    done = 0
    with writing():
        for case in Case.objects.open().filter(assignee=of, pk__in=to).order_by("pk"):
            with changing(case, version=case.version) as held:
                give(held, to[case.pk], by=by)
            done += 1
    return done
