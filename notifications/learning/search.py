"""By which texts of learning cases notifications are found, by those of CQC's staff who may see them."""

from collections.abc import Collection, Iterator

from notifications.learning.models import TEXTS, LearningCase

_WORDS = (*TEXTS, "doubts_reason", "returned_why", "ended_why")


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What was written, and why it was given back or ended (one query)."""
    rows = LearningCase.objects.filter(notification__in=keys).order_by()
    for key, *texts in rows.values_list("notification_id", *_WORDS):
        yield key, "\n".join(filter(None, texts))
