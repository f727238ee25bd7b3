"""Where a case is found: the page that a letter or a list points to, for staff and for the employer."""

from collections.abc import Callable

from django.conf import settings

from regulator.casework.models import Case
from regulator.organisations.employer_page import Link
from regulator.registry import Registry

CASE_LINKS: Registry[Callable[[Case, bool], str]] = Registry("link to a case")
"""By kind of case: the path of its page, given the case and whether the reader is staff."""


def case_path(case: Case, *, for_staff: bool) -> str:
    """The path of the case's page. Its kind stating none, staff get the desk's, others the front page."""
    if case.kind in CASE_LINKS:
        return CASE_LINKS.get(case.kind)(case, for_staff)
    return f"/desk/casework/case/{case.pk}/" if for_staff else "/"


def case_link(case: Case) -> Link:
    """A case that the reader may see, as a link from its employer's page of the desk."""
    return Link(str(case), case_path(case, for_staff=True))


def case_url(case: Case, *, for_staff: bool) -> str:
    """The same as a whole address, for letters."""
    return f"{settings.PORTAL_URL}{case_path(case, for_staff=for_staff)}"
