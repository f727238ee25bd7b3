"""By which texts of theirs inspections are found."""

from collections.abc import Collection, Iterator

from inspections.models import Finding, Inspection


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """Scope and theme, and what was found (two queries)."""
    told = Inspection.objects.filter(pk__in=keys).order_by().values_list("pk", "scope", "theme")
    yield from ((key, text) for key, *texts in told for text in texts if text)
    found = Finding.objects.standing().filter(inspection__in=keys).order_by()
    yield from found.values_list("inspection_id", "text")
