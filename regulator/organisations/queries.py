"""Reads on employers and their people. Writes are not here."""

from regulator.organisations.models import Employer


def contacts(employer: Employer) -> list[str]:
    """The addresses of the people who act for ``employer`` now and may sign in, sorted (one query)."""
    current = employer.memberships.filter(ended_at__isnull=True, user__is_active=True)
    return sorted(current.values_list("user__email", flat=True))
