"""What caches may do with the register's public answers: each follows from the register's ``Revision``."""

from datetime import UTC, datetime, timedelta
from typing import Final

from enforcement.register.models import Revision
from regulator.frontend.caching import BROWSER_SECONDS, CONTROL, SHARED_SECONDS, STALE_SECONDS, Publication

__all__ = ["CONTROL", "LONGEST_IN_CACHES", "REGISTER", "present", "present_of", "revisioned"]

LONGEST_IN_CACHES: Final = timedelta(seconds=BROWSER_SECONDS + SHARED_SECONDS + STALE_SECONDS)
"""After so long (21 minutes) no cache that keeps to its header shows what was removed: the law gives 7 days
(ESIA 1988 s3(4)). A browser's own copy may be of what a shared cache still held at its last moment."""
_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


def present() -> tuple[int, datetime]:
    """The number of the register's last change, and when it was (one query)."""
    found = Revision.objects.filter(pk=1).values_list("number", "changed_at").first()
    return found or (0, _NEVER)


REGISTER: Final = Publication("register", present, ("enforcement/register",))
present_of = REGISTER.present_of
revisioned = REGISTER.revisioned
