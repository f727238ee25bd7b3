"""What the desk's page of an employer says of its inspections."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from inspections.models import Finding, Inspection
from inspections.queries import last_visit
from regulator.accounts.models import User
from regulator.casework.links import case_link
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.organisations.employer_page import (
    EMPLOYER_SECTIONS,
    Block,
    EmployerSection,
    Table,
)
from regulator.organisations.models import Employer, Modality

NEWEST: Final = 20
_KINDS: Final = (Finding.Kind.BREACH, Finding.Kind.RECOMMENDATION, Finding.Kind.GOOD_PRACTICE)


def inspected(employer: Employer, reader: User) -> Sequence[Block]:
    """Its inspections that the reader may see: the days, why, and which findings stand, by kind (3
    queries)."""
    cases = Case.objects.for_user(reader).filter(kind="inspection", employer=employer).order_by()
    seen = Inspection.objects.filter(case__in=cases.values("pk")).order_by()
    found = Finding.objects.standing().filter(inspection__in=seen.values("pk")).order_by()
    totals = Counter(found.values_list("kind", flat=True))
    listed = seen.select_related("case").annotate(last_visited_on=last_visit())
    newest = list(listed.order_by("-planned_on", "-pk")[: NEWEST + 1])
    of_each = _by_inspection([each.pk for each in newest[:NEWEST]])
    return (
        Table(
            title="Findings",
            headings=("Kind", "In all"),
            rows=tuple((kind.label, totals[kind]) for kind in _KINDS if totals[kind]),
            empty="No finding is on record that you may see.",
        ),
        Table(
            title="Inspections",
            headings=("Inspection", "Why", "Modality", "Planned", "Visited", "Findings", "Status"),
            rows=tuple(_line(each, of_each.get(each.pk, Counter())) for each in newest[:NEWEST]),
            empty="It was never inspected, and no inspection is planned, as far as you may see.",
            note=f"The newest {NEWEST}." if len(newest) > NEWEST else "",
        ),
    )


def contribute() -> None:
    """Register the section. Called once, when the application is ready."""
    section = EmployerSection("Inspections", "casework.read", 40, inspected)
    EMPLOYER_SECTIONS.register("inspections", section)


def _by_inspection(keys: Sequence[int]) -> dict[int, Counter[str]]:
    """How many findings of each kind stand of each of these inspections (1 query)."""
    counts: dict[int, Counter[str]] = {}
    found = Finding.objects.standing().filter(inspection__in=keys).order_by()
    for inspection, kind in found.values_list("inspection_id", "kind"):
        counts.setdefault(inspection, Counter())[kind] += 1
    return counts


def _visited(inspection: Inspection) -> object:
    """The day of the visit; of the first and the last where they are two days (no query)."""
    first, last = inspection.visited_on, vars(inspection)["last_visited_on"]
    return first if first == last else f"{as_text(first)}, last {as_text(last)}"


def _line(inspection: Inspection, found: Counter[str]) -> tuple[object, ...]:
    case = inspection.case
    said = ", ".join(f"{kind.label}: {found[kind]}" for kind in _KINDS if found[kind])
    return (
        case_link(case),
        inspection.theme or inspection.get_trigger_display(),
        Modality(case.modality).label if case.modality else "Not stated",
        inspection.planned_on,
        _visited(inspection) or "Not yet",
        said or "None",
        case.status_label,
    )
