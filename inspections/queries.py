"""The reads on inspections: each says how many SQL queries it takes."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from inspections.models import Finding, Inspection, InspectionDeclined
from regulator.casework.models import Case
from regulator.casework.reading import listed


def proposed() -> Q:
    """Open notifications of high risk for which nobody has decided yet whether an inspection follows."""
    arisen, declined = Inspection.objects.filter(arose_from=OuterRef("pk")), InspectionDeclined.objects
    undecided = ~Exists(arisen) & ~Exists(declined.filter(case=OuterRef("pk")))
    return Q(kind="notification", risk=Case.Risk.HIGH, closed_at__isnull=True) & undecided


def read_standing(case: Case) -> None:
    """Read what arose from a case and what was decided against (one query once the case's lists are read,
    else three), so that ``arisen`` and ``declined`` ask nothing more."""
    arose = Prefetch("gave_rise_to", Inspection.objects.select_related("case"))
    prefetch_related_objects([case], arose)
    decided: list[InspectionDeclined] = listed(case, "inspections.declined")
    reverse = InspectionDeclined._meta.get_field("case").remote_field
    reverse.set_cached_value(case, decided[0] if decided else None)


def arisen(case: Case) -> list[Inspection]:
    """The inspections to which ``case`` gave rise, the first first (one query)."""
    return sorted(case.gave_rise_to.all(), key=lambda each: each.pk)


def declined(case: Case) -> InspectionDeclined | None:
    """The decision against an inspection on this case (one query)."""
    try:
        return case.inspection_declined
    except InspectionDeclined.DoesNotExist:
        return None


def arisen_from(sources: Iterable[int]) -> list[Case]:
    """The cases of the inspections to which the cases with these primary keys gave rise (one query)."""
    arisen = Inspection.objects.filter(arose_from__in=sources).select_related("case__assignee")
    return [each.case for each in arisen.order_by("pk")]


def findings_of(case: Case) -> QuerySet[Finding]:
    """What was found on an inspection's case, with the provisions (two queries)."""
    return Finding.objects.filter(inspection=case.pk).prefetch_related("provisions")
