"""Handing over the open cases of somebody who leaves. An administrator does it, who reads none of them."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.models import Case
from regulator.casework.services.cases import changing, give
from regulator.casework.services.holders import refuse_holder


def open_cases_of(person: User) -> "list[Case]":
    """The open cases for which ``person`` is responsible, the most urgent first, whoever may read them: for
    handing them over by their references alone. One query."""
    theirs = Case.objects.open().filter(assignee=person)
    return list(theirs.order_by("next_due_on", "pk"))


def hand_over(*, of: User, to: Mapping[int, User | None], by: Actor) -> int:
    """Make somebody else responsible for cases of ``of``, or nobody: ``to`` is by a case's key. Answers how
    many were handed over; cases that are no longer theirs are left alone.

    The caller has asked the policy: it is the administrator's deed, who keeps people, not cases. Raises
    ``ValidationError`` beside ``assignee`` where somebody may not hold a case that they would get
    (``holders.refuse_holder``): every such case by its reference, with why. Then none is handed over.
    """
    with writing():
        cases = list(Case.objects.open().filter(assignee=of, pk__in=to).order_by("pk"))
        _refuse_holders(cases, to)
        for case in cases:
            with changing(case, version=case.version) as held:
                give(held, to[case.pk], by=by)
    return len(cases)


def _refuse_holders(cases: Iterable[Case], to: Mapping[int, User | None]) -> None:
    refused: list[str] = []
    for case in cases:
        try:
            refuse_holder(case, to[case.pk])
        except ValidationError as error:
            refused += [f"{case}: {message}" for message in error.messages]
    if refused:
        raise ValidationError({"assignee": refused})
