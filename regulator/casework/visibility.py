"""May this actor see this case, and do this deed on it? The same rule as ``Case.objects.for_user``, asked of
one case in hand without a query."""

from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.models import Case
from regulator.organisations.policies import NotPermitted, may, permit


def may_see(case: Case, by: Actor) -> bool:
    """Whether ``by`` may read ``case`` as it stands: nobody the other side's drafts. Scheduled work sees all.

    No query beyond the memberships of an employer's person, which are read once a request.
    """
    if isinstance(by, Scheduled):
        return True
    kind = case.spec
    if may(by, "casework.read"):
        return case.status not in kind.hidden_from_staff
    return case.status not in kind.hidden_from_employer and may(by, kind.follow, employer=case.employer_id)


def permit_on(case: Case, permission: str, by: Actor) -> None:
    """Raise ``NotPermitted`` unless ``by`` holds ``permission`` for this employer and may see the case."""
    permit(by, permission, employer=case.employer_id)
    if not may_see(case, by):
        raise NotPermitted(f"{by} may not see this case as it stands ({permission}).")
