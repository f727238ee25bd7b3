"""The reads on organisations that other apps ask for."""

from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.accounts.roles import EMPLOYER_ROLES, Role, roles_with
from regulator.organisations.models import Employer, Membership


def contacts(employer: Employer | int, *, permission: str) -> list[str]:
    """The addresses of the employer's current people who may sign in and whose role there carries
    ``permission`` (a kind's ``follow``: nobody is written to about what they may not see), in a stable
    order. One query. Raises ``LookupError`` for an unknown permission.
    """
    key = employer.pk if isinstance(employer, Employer) else employer
    roles = sorted(roles_with(permission) & EMPLOYER_ROLES)
    current = Membership.objects.filter(employer_id=key, role__in=roles, ended_at__isnull=True)
    may_sign_in = current.filter(user__is_active=True, user__role="")
    return list(may_sign_in.order_by("user_id").values_list("user__email", flat=True))


def leads(employer: Employer | int) -> list[str]:
    """The addresses of the employer's current leads who may sign in, in a stable order. One query."""
    key = employer.pk if isinstance(employer, Employer) else employer
    current = Membership.objects.filter(
        employer_id=key, role=Role.EMPLOYER_LEAD, ended_at__isnull=True, user__is_active=True, user__role=""
    )
    return list(current.order_by("user_id").values_list("user__email", flat=True))


def employers_of(user: User) -> QuerySet[Employer]:
    """The employers that a person acts for now, by name. One query."""
    return Employer.objects.filter(memberships__user=user, memberships__ended_at__isnull=True).order_by(
        "name"
    )
