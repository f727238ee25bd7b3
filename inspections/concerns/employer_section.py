"""What the desk's page of an employer says of concerns about it. For CQC's staff alone."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from inspections.concerns.lifecycle import KIND, LIFECYCLE
from inspections.concerns.models import Concern
from regulator.accounts.models import User
from regulator.casework.links import case_link
from regulator.casework.models import Case
from regulator.organisations.employer_page import EMPLOYER_SECTIONS, Block, EmployerSection, Table
from regulator.organisations.models import Employer, Modality

NEWEST: Final = 20


def received(employer: Employer, reader: User) -> Sequence[Block]:
    """The concerns about it that the reader may see: how many stand where, and the newest (2 queries)."""
    cases = Case.objects.for_user(reader).filter(kind=KIND, employer=employer).order_by()
    seen = Concern.objects.filter(case__in=cases.values("pk"))
    standing = Counter(cases.values_list("status", flat=True))
    newest = list(seen.select_related("case").order_by("-received_on", "-pk")[:NEWEST])
    states = [state for state in LIFECYCLE.states.values() if standing[state.value]]
    total = standing.total()
    return (
        Table(
            title="How many",
            headings=tuple(state.label for state in states),
            rows=(tuple(standing[state.value] for state in states),) if states else (),
            empty="No concern is on record that you may see.",
        ),
        Table(
            title="Concerns",
            headings=("Concern", "Received", "From", "Modality", "Risk of harm", "Status", "What followed"),
            rows=tuple(_line(each) for each in newest),
            empty="No concern is on record that you may see.",
            note=f"The newest {NEWEST} of {total}." if total > NEWEST else "",
        ),
    )


def contribute() -> None:
    """Register the section. Called once, when the application is ready."""
    EMPLOYER_SECTIONS.register("concerns", EmployerSection("Concerns", "casework.read", 45, received))


def _line(concern: Concern) -> tuple[object, ...]:
    case = concern.case
    return (
        case_link(case),
        concern.received_on,
        concern.get_source_display(),
        Modality(case.modality).label if case.modality else "Not stated",
        concern.get_harm_display() or "Not assessed",
        case.status_label,
        concern.get_outcome_display() or "Not decided",
    )
