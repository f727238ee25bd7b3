"""What a declared interest means for cases: which stay assigned to somebody who may decide nothing on
them."""

from django.db.models import F, Q, QuerySet

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.organisations.models import Interest
from regulator.organisations.policies import may


def held_with_interest() -> Q:
    """Cases whose assignee has a declared interest in their employer today. A condition on cases, whose
    subquery starts from the declarations, of which there are few, and runs once."""
    held = Interest.objects.current().filter(employer__cases__assignee=F("person"))
    return Q(pk__in=held.order_by().values("employer__cases"))


def cases_held(interest: Interest) -> QuerySet[Case]:
    """The open cases of the employer that are assigned to whom it is about, to be handed on. One query."""
    held = Case.objects.open().filter(assignee=interest.person_id, employer=interest.employer_id)
    return held.order_by("pk")


def readable(user: User) -> QuerySet[Interest]:
    """The declarations that ``user`` may read: their own; managers and auditors all. One query."""
    found = Interest.objects.select_related("person", "employer", "declared_by")
    if may(user, "casework.manage_interests") or may(user, "audit.read"):
        return found
    return found.filter(person=user.pk)


def editable_by(interest: Interest, by: User) -> bool:
    """Whether ``by`` may change or end a declaration: what they declared of themselves, and managers all.

    What a manager declared of somebody is for managers to change.
    """
    own = interest.person_id == by.pk and interest.declared_by_id == by.pk
    return may(by, "casework.manage_interests") or (own and may(by, "casework.declare_interest"))
