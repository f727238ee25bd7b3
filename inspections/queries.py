"""The reads on inspections: each says how many SQL queries it takes."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.http import Http404

from inspections.models import (
    Finding,
    Inspection,
    InspectionDeclined,
    InspectionMember,
    InspectionSite,
    Visit,
)
from regulator.accounts.models import User
from regulator.casework.models import Attachment, Case, InformationRequest
from regulator.casework.reading import listed
from regulator.casework.references import is_well_formed, normalise
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.models import Deadline
from regulator.organisations.models import Interest, Site
from regulator.organisations.policies import Somebody

LISTS: Final[dict[str, Callable[[int], QuerySet[Any]]]] = {
    "inspections.sites": lambda pk: InspectionSite.objects.filter(inspection=pk),
    "inspections.visits": lambda pk: Visit.objects.filter(inspection=pk),
    "inspections.team": lambda pk: InspectionMember.objects.current().filter(inspection=pk),
}
"""What hangs on an inspection and is read with its page, by the name under which ``listed`` answers it."""


def last_visit(until: date | None = None) -> Coalesce:
    """On inspections: the day of the last visit that took place, on or before ``until`` where it is given;
    ``visited_on`` where no more is known."""
    visits = Visit.objects.filter(inspection=OuterRef("pk"))
    if until is not None:
        visits = visits.filter(visited_on__lte=until)
    return Coalesce(Subquery(visits.order_by("-visited_on").values("visited_on")[:1]), F("visited_on"))


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
    """What was found on an inspection's case, with the provisions, also what was corrected since (two
    queries)."""
    return Finding.objects.filter(inspection=case.pk).prefetch_related("provisions")


def on_team(user: User) -> Q:
    """Inspections on whose team ``user`` is. A condition on cases."""
    teams = InspectionMember.objects.current().filter(person=user.pk).order_by()
    return Q(kind="inspection", pk__in=teams.values("inspection"))


def sites_of(case: Case) -> dict[int, Site]:
    """The sites that an inspection's case names further or was visited at, by primary key (one query where
    there is any, once the case's lists are read)."""
    named = [*listed(case, "inspections.sites"), *listed(case, "inspections.visits")]
    keys = {each.site_id for each in named if each.site_id is not None}
    return Site.objects.in_bulk(keys) if keys else {}


def interested(case: Case, people: Iterable[int]) -> set[int]:
    """Those of ``people`` who have a declared interest in the case's employer today (one query where there
    are any)."""
    keys = set(people)
    found = Interest.objects.current().filter(employer=case.employer_id, person__in=keys).order_by()
    return set(found.values_list("person", flat=True)) if keys else set()


def detail(reference: str, user: Somebody) -> Inspection:
    """One inspection that ``user`` may read, by its reference: one query, and one for memberships.
    ``Http404`` for a stranger's, and for one that the employer does not know of, as for none."""
    if not is_well_formed(reference):
        raise Http404("No inspection of yours has this reference.")
    seen = Case.objects.for_user(user).filter(kind="inspection", reference=normalise(reference))
    found = Inspection.objects.filter(case__in=seen).select_related("case__employer", "case__site").first()
    if found is None:
        raise Http404("No inspection of yours has this reference.")
    return found


def told(inspection: Inspection) -> list[Finding]:
    """The findings that the employer has been told of and that stand, the first first (two queries)."""
    standing = Finding.objects.standing().filter(inspection=inspection.pk, fed_back_on__isnull=False)
    return list(standing.prefetch_related("provisions"))


def documents(inspection: Inspection) -> list[InformationRequest]:
    """What was asked for, what is owed soonest first, then what was sent (one query)."""
    asked = InformationRequest.objects.filter(case=inspection.pk).select_related("answered_by")
    return list(asked.order_by(F("answered_at").asc(nulls_first=True), "due_on", "pk"))


def clocks(inspection: Inspection) -> list[Deadline]:
    """The dates that concern the employer and still run, the first first (one query)."""
    kinds = [kind.name for kind in DEADLINES.values() if kind.for_employer]
    return list(Deadline.objects.open().filter(case=inspection.pk, kind__in=kinds).order_by("due_on", "pk"))


def files(inspection: Inspection) -> QuerySet[Attachment]:
    """The files that the employer's own people attached, the earliest first; none of CQC's (one query)."""
    return Attachment.objects.filter(case=inspection.pk).of_the_employer()


def file(inspection: Inspection, pk: int) -> Attachment:
    """One of those files (one query). ``Http404`` for any other."""
    found = files(inspection).filter(pk=in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such file.")
    return found


def document(inspection: Inspection, pk: int) -> InformationRequest:
    """One of the documents asked for (one query). ``Http404`` for any other."""
    asked = InformationRequest.objects.select_related("answered_by")
    found = asked.filter(case=inspection.pk, pk=in_reach(pk)).first()
    if found is None:
        raise Http404("There is no such request.")
    return found


def in_reach(pk: int) -> int:
    """A number from an address, as a key that the database can look for."""
    return min(pk, BigIntegerField.MAX_BIGINT)
