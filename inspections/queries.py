"""The reads on inspections: each says how many SQL queries it takes."""

from collections.abc import Iterable

from django.db.models import QuerySet

from inspections.models import Finding, Inspection
from regulator.casework.models import Case


def arising_from(case: Case) -> QuerySet[Inspection]:
    """The inspections to which ``case`` gave rise, with their cases (one query)."""
    return Inspection.objects.filter(arose_from=case).select_related("case").order_by("pk")


def arisen_from(sources: Iterable[int]) -> list[Case]:
    """The cases of the inspections to which the cases with these primary keys gave rise (one query)."""
    arisen = Inspection.objects.filter(arose_from__in=sources).select_related("case__assignee")
    return [each.case for each in arisen.order_by("pk")]


def findings_of(case: Case) -> QuerySet[Finding]:
    """What was found on an inspection's case, with the provisions (two queries)."""
    return Finding.objects.filter(inspection=case.pk).prefetch_related("provisions")
