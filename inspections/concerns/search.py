"""By which texts of theirs concerns are found, by those of CQC's staff who may see them."""

from collections.abc import Collection, Iterator

from inspections.concerns.models import Concern


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What was told, and why it was assessed and closed as it was (one query)."""
    told = Concern.objects.filter(pk__in=keys).order_by()
    for key, *texts in told.values_list("pk", "text", "harm_reason", "outcome_reason"):
        yield key, "\n".join(filter(None, texts))
