"""Whom of CQC's staff to write to about a case, and what of a restricted one may be said in a letter."""

from typing import Any

from regulator.accounts.models import User
from regulator.accounts.queries import staff_holding, staff_with
from regulator.accounts.roles import decides
from regulator.casework.models import Access, Case
from regulator.casework.visibility import may_see
from regulator.organisations.models import Interest
from regulator.organisations.policies import may


def staff_for(case: Case, *, permission: str) -> list[User]:
    """All whose role carries ``permission`` and whom no declared interest keeps from deciding under it (if it
    keeps all, all: it must not lie unseen); of a restricted case only those named on it who may see it, or
    whoever is named where none of them holds it. Where nobody who is named can open it any more, those who
    may restrict any case: it must not lie unseen.

    One query, and one more where an interest keeps all; two more and one for each person named where the
    case is restricted.
    """
    able = _deciders(case, permission) or staff_with(permission)
    if not case.is_restricted:
        return able
    standing = Access.objects.standing().filter(case=case.pk, right=Access.Right.NAMED)
    people = [each.person for each in standing.select_related("person").order_by("person")]
    named = [person for person in people if may_see(case, person)]
    among = {person.pk for person in able}
    return [person for person in named if person.pk in among] or named or staff_with("casework.restrict_any")


def _deciders(case: Case, permission: str) -> list[User]:
    able = staff_holding(permission).order_by("pk")
    if decides(permission):
        declared = Interest.objects.current().filter(employer=case.employer_id).order_by()
        able = able.exclude(pk__in=declared.values("person"))
    return list(able)


def lead_of(case: Case) -> User | None:
    """The case's lead, where they may sign in, still work on cases and may see it.

    A closed case stays with whoever led it, who may have left the staff since.
    """
    lead = case.assignee
    return lead if lead is not None and may(lead, "casework.assign") and may_see(case, lead) else None


def lead_or(case: Case, *, permission: str) -> list[User]:
    """The case's lead (``lead_of``); where there is none, ``staff_for``."""
    lead = lead_of(case)
    return [lead] if lead is not None else staff_for(case, permission=permission)


def only_reference(case: Case) -> dict[str, Any]:
    """What replaces employer and summary in a letter to staff about a restricted case; else nothing.

    A mailbox may be open to others, and a letter may go to somebody who is not named.
    """
    if not case.is_restricted:
        return {}
    return {"employer": "An employer (the case is restricted)", "case_summary": ""}
