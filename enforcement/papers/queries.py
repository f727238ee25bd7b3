"""The reads on papers: each says how many SQL queries it takes."""

from typing import Final

from django.http import Http404

from enforcement.papers.models import Paper
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.organisations.policies import Somebody

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
