"""What others read of the public library: published learning cases, and which came since a moment.

``PublishedLearning``: ``number`` (its key), ``slug``, ``title``, ``system``, ``what_happened``, ``actions``,
``learning``, ``modality``, ``themes`` (slugs), ``published_at``. Nothing here is private.
"""

from datetime import datetime

from django.db.models import QuerySet

from notifications.learning.models import PublishedLearning

__all__ = ["PublishedLearning", "published_since"]


def published_since(moment: datetime) -> QuerySet[PublishedLearning]:
    """Those that were first published after ``moment`` and stand, the oldest first (one query)."""
    standing = PublishedLearning.objects.standing().filter(published_at__gt=moment)
    return standing.order_by("published_at", "number")
