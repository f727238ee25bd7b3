"""The reads on concerns: each says how many SQL queries it takes."""

from django.db.models import Q, QuerySet

from inspections.concerns.lifecycle import KIND, RECEIVED
from inspections.concerns.models import Concern
from regulator.casework.models import Case


def to_assess() -> Q:
    """Concerns whose risk of harm nobody has assessed. A condition on cases."""
    return Q(kind=KIND, status=RECEIVED)


def immediate() -> Q:
    """Open concerns whose risk of harm is immediate, which their assessment made a case of high risk. A
    condition on cases."""
    return Q(kind=KIND, risk=Case.Risk.HIGH, closed_at__isnull=True)


def like(concern: Concern) -> QuerySet[Case]:
    """The cases of other concerns of the same employer that came from the same side on the same day; none
    that was recorded in error (one query)."""
    same = Concern.objects.counting().filter(
        source=concern.source, received_on=concern.received_on, case__employer=concern.case.employer_id
    )
    return Case.objects.filter(pk__in=same.exclude(pk=concern.pk).order_by().values("pk")).order_by("pk")
