"""The reads on papers: each says how many SQL queries it takes."""

from collections.abc import Callable
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404

from enforcement.papers.models import LegalReview, Paper, ServiceAttempt, ServiceProof
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.organisations.policies import Somebody

REVIEWS: Final = "papers.reviews"
ATTEMPTS: Final = "papers.attempts"
PROOFS: Final = "papers.proofs"
LISTS: Final[dict[str, Callable[[int], QuerySet[Any]]]] = {
    REVIEWS: lambda pk: LegalReview.objects.filter(notice=pk),
    ATTEMPTS: lambda pk: ServiceAttempt.objects.filter(notice=pk),
    PROOFS: lambda pk: ServiceProof.objects.filter(attempt__notice=pk),
}
"""What hangs on a notice and is read with its page, by the name under which ``listed`` answers it."""
_NOTHING: Final = "No notice of yours has this address."


def paper_to_read(reference: str, kind: str, user: Somebody) -> Paper:
    """A document of the service that stands, for whoever may see the notice (one query, and one for
    memberships). ``Http404`` for any other, and for one that was redacted."""
    if not is_well_formed(reference):
        raise Http404(_NOTHING)
    cases = Case.objects.for_user(user).filter(kind="notice", reference=normalise(reference))
    served = Paper.objects.filter(attempt__failed_on=None, attempt__notice__case__in=cases, kind=kind)
    found = served.exclude(facts={}).select_related("attempt__notice__case").first()
    if found is None:
        raise Http404(_NOTHING)
    return found
