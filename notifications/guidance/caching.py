"""What caches may do with guidance's public answers: each follows from the ``Turn`` that was last."""

from datetime import UTC, datetime
from typing import Final

from django.db.models import Count, Max

from notifications.guidance.models import Turn
from regulator import clock
from regulator.frontend.caching import Publication

__all__ = ["GUIDANCE", "present", "revisioned"]

_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


def present() -> tuple[int, datetime]:
    """How many turns there were until now, and when the last one was (one query). A version whose day comes
    counts from that moment on, without anybody's doing."""
    found = Turn.objects.filter(at__lte=clock.now()).aggregate(number=Count("pk"), last=Max("at"))
    return found["number"], found["last"] or _NEVER


GUIDANCE: Final = Publication("guidance", present, ("notifications/guidance",))
revisioned = GUIDANCE.revisioned
