"""What the desk's page of an employer says of the notices that were drafted against it or served on it."""

from collections.abc import Sequence
from typing import Final

from enforcement.models import Notice
from regulator.accounts.models import User
from regulator.casework.links import case_link
from regulator.casework.models import Case
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Table,
)
from regulator.organisations.models import Employer

NEWEST: Final = 20


def notices(employer: Employer, reader: User) -> Sequence[Block]:
    """Its notices that the reader may see, the newest first, with the provisions (2 queries)."""
    cases = Case.objects.for_user(reader).filter(kind="notice", employer=employer).order_by()
    held = Notice.objects.filter(case__in=cases.values("pk")).select_related("case").order_by("-pk")
    newest = list(held.prefetch_related("breaches__provision")[: NEWEST + 1])
    return (
        Table(
            title="Notices",
            headings=("Notice", "Type", "Provisions", "Served", "Comply by", "Status"),
            rows=tuple(_line(each) for each in newest[:NEWEST]),
            empty="No notice is on record that you may see.",
            note=f"The newest {NEWEST}." if len(newest) > NEWEST else "",
        ),
    )


def contribute() -> None:
    """Register the section. Called once, when the application is ready."""
    section = EmployerSection("Notices", "casework.read", 60, notices)
    EMPLOYER_SECTIONS.register("enforcement", section)


def _line(notice: Notice) -> tuple[object, ...]:
    case = notice.case
    return (
        case_link(case),
        notice.get_type_display(),
        ", ".join(breach.provision.citation for breach in notice.breaches.all()) or "None cited",
        notice.served_on or "Not served",
        notice.compliance_on or "No day stated",
        case.status_label,
    )
