"""The reads on the register. They touch its own tables, and nothing else."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from enforcement.register.models import Citation, RegisterEntry
from regulator.legislation.citations import CitationError, parse_citations


def entries() -> QuerySet[RegisterEntry]:
    """Every entry, the latest service first, with its citations (two queries)."""
    return RegisterEntry.objects.prefetch_related("citations").order_by("-served_on", "-pk")


def citing(queryset: QuerySet[RegisterEntry], references: tuple[str, ...]) -> QuerySet[RegisterEntry]:
    """The entries that cite one of ``references`` (canonical) or a part of one: 8(4) finds 8(4)(a)(ii)."""
    wanted = reduce(
        or_,
        (Q(reference=each) | Q(reference__startswith=f"{each}(") for each in references),
    )
    return queryset.filter(pk__in=Citation.objects.filter(wanted).order_by().values("entry"))


def matching(queryset: QuerySet[RegisterEntry], text: str) -> QuerySet[RegisterEntry]:
    """The entries that hold ``text`` in employer, location, description or reference, or cite it."""
    held = (
        Q(employer_name__icontains=text)
        | Q(location__icontains=text)
        | Q(description__icontains=text)
        | Q(reference__icontains=text)
    )
    try:
        cited = citing(RegisterEntry.objects.all(), parse_citations(text))
    except CitationError:
        return queryset.filter(held)
    return queryset.filter(held | Q(pk__in=cited.order_by().values("pk")))
