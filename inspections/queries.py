"""The reads on inspections: each says how many SQL queries it takes."""

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects

from inspections.models import Finding, Inspection, InspectionDeclined
from regulator.casework.models import Case


def proposed() -> Q:
    """Open notifications of high risk for which nobody has decided yet whether an inspection follows."""
    arisen, declined = Inspection.objects.filter(arose_from=OuterRef("pk")), InspectionDeclined.objects
    undecided = ~Exists(arisen) & ~Exists(declined.filter(case=OuterRef("pk")))
    return Q(kind="notification", risk=Case.Risk.HIGH, closed_at__isnull=True) & undecided


def read_standing(case: Case) -> None:
    """Read what was decided on a case of high risk (at most four queries), so that ``arisen``, ``declined``
    ask nothing more; of any other only what arose from it (at most two)."""
    high = ("inspection_declined__declined_by",) if case.risk == Case.Risk.HIGH else ()
    prefetch_related_objects([case], "gave_rise_to__case", *high)


def arisen(case: Case) -> list[Inspection]:
    """The inspections to which ``case`` gave rise, the first first (one query)."""
    return sorted(case.gave_rise_to.all(), key=lambda each: each.pk)


def declined(case: Case) -> InspectionDeclined | None:
    """The decision against an inspection on this case (one query)."""
    try:
        return case.inspection_declined
    except InspectionDeclined.DoesNotExist:
        return None


def findings_of(case: Case) -> QuerySet[Finding]:
    """What was found on an inspection's case, with the provisions (two queries)."""
    return Finding.objects.filter(inspection=case.pk).prefetch_related("provisions")
