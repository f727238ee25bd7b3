"""What caches may do with the library's public answers: each follows from its ``LibraryRevision``."""

from datetime import UTC, datetime
from typing import Final

from notifications.learning.models import LibraryRevision
from regulator.frontend.caching import Publication

__all__ = ["LIBRARY", "present", "present_of", "revisioned"]

_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


def present() -> tuple[int, datetime]:
    """The number of the library's last change, and when it was (one query)."""
    found = LibraryRevision.objects.filter(pk=1).values_list("number", "changed_at").first()
    return found or (0, _NEVER)


LIBRARY: Final = Publication("learning", present, ("notifications/learning", "notifications/guidance"))
present_of = LIBRARY.present_of
revisioned = LIBRARY.revisioned
