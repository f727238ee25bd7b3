"""May this actor see this case, and do this deed on it? The same rule as ``Case.objects.for_user``, asked of
one case in hand: without a query, unless the case is restricted."""

from regulator.accounts.actors import Actor, Scheduled
from regulator.accounts.models import User
from regulator.accounts.roles import decides
from regulator.casework.models import Case
from regulator.casework.restriction import open_to
from regulator.organisations.policies import InterestDeclared, NotPermitted, has_interest, may, permit


def may_see(case: Case, by: Actor) -> bool:
    """Whether ``by`` may read ``case`` as it stands: nobody the other side's drafts, a restricted case only
    those of CQC's staff who may open it. Scheduled work sees all.

    No query beyond the memberships of an employer's person, which are read once a request; one for staff
    and a restricted case.
    """
    if isinstance(by, Scheduled):
        return True
    kind = case.spec
    if may(by, "casework.read"):
        return case.status not in kind.hidden_from_staff and (
            not case.is_restricted or Case.objects.filter(open_to(by), pk=case.pk).exists()
        )
    return case.status not in kind.hidden_from_employer and may(by, kind.follow, employer=case.employer_id)


def permit_on(case: Case, permission: str, by: Actor) -> None:
    """Raise ``NotPermitted`` unless ``by`` holds ``permission`` for this employer and may see the case; as
    ``InterestDeclared`` where they have an interest in the employer and the deed decides about it."""
    permit(by, permission, employer=case.employer_id)
    if not may_see(case, by):
        raise NotPermitted(f"{by} may not see this case as it stands ({permission}).")


def interest_refusal(case: Case, permission: str, by: User) -> str:
    """Why a declared interest keeps ``by``, of CQC's staff, from a deed on ``case``; ``""`` where none does.

    For buttons: ``permit_on`` asks again. No query on a case read for ``by`` by ``remember_interest``, else
    one.
    """
    if not by.role or not decides(permission):
        return ""
    known: dict[int, bool] = vars(case).get("_interests", {})
    declared = known[by.pk] if by.pk in known else has_interest(by, case.employer_id)
    return str(InterestDeclared()) if declared else ""


def remember_interest(case: Case, by: User, declared: bool) -> None:
    """Let ``case`` know whether ``by``, for whom it was read, has an interest in its employer."""
    vars(case).setdefault("_interests", {})[by.pk] = declared
