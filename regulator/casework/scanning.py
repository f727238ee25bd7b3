"""Finding out whether the files that wait are clean. What serves them is elsewhere (``casework.files``).

With ``CLAMAV_URL`` clamd is asked. Without it no virus scanner is configured: the check of the content made
at upload is all there is, and the file says so (``checked_by``) until a scanner is configured: then the sweep
asks it about those files too, after the ones that wait.
"""

import logging
from typing import Final

from django.conf import settings
from django.db.models import Case as Choice
from django.db.models import F, Q, QuerySet, Value, When

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework import clamd
from regulator.casework.chain import append, writing
from regulator.casework.models import Attachment

logger = logging.getLogger(__name__)
SCANNER: Final = Scheduled("casework.scan_attachments")
A_TURN: Final = 50
MOST_FAILURES: Final = 3
"""How many files in a row may fail before a turn is given up: the scanner is down, not the file odd."""


def scan_pending() -> int:
    """Scan at most ``A_TURN`` of the files that wait, the oldest first; answers how many got a verdict.

    One that failed before comes after those not yet tried, so that it holds up nobody. Safe to repeat and
    to run twice at once: the first verdict stands. A file without one stays as it is, and why is logged.
    """
    decided = failures = 0
    for kept in _to_scan()[:A_TURN]:
        try:
            decided += _record(kept, _verdict(kept))
            failures = 0
        except (clamd.NoVerdict, OSError) as fault:
            logger.warning("Attachment %s stays unread, it could not be scanned: %s", kept.pk, fault)
            Attachment.objects.filter(pk=kept.pk, scan=kept.scan).update(scan_tried_at=clock.now())
            failures += 1
        if failures == MOST_FAILURES:
            break
    return decided


def anything_to_try() -> bool:
    """Whether a file waits that no turn has tried yet."""
    waiting = Attachment.objects.filter(scan=Attachment.Scan.PENDING, scan_tried_at=None)
    return waiting.exclude(file="").exists()


def _to_scan() -> QuerySet[Attachment]:
    """The files that wait, and where there is a scanner then those that none has seen; none that is gone."""
    unscanned = Q(scan=Attachment.Scan.PENDING)
    if settings.CLAMAV_URL:
        unscanned |= Q(scan=Attachment.Scan.CLEAN, checked_by=Attachment.CheckedBy.CONTENT)
    last = Choice(When(scan=Attachment.Scan.PENDING, then=Value(0)), default=Value(1))
    tried = F("scan_tried_at").asc(nulls_first=True)
    return Attachment.objects.filter(unscanned).exclude(file="").order_by(last, tried, "uploaded_at", "pk")


def _verdict(kept: Attachment) -> Attachment.Scan:
    """Raises ``NoVerdict``, or ``OSError`` where the file itself cannot be read."""
    if not settings.CLAMAV_URL:
        return Attachment.Scan.CLEAN
    with kept.file.open("rb") as content:
        infected = clamd.is_infected(
            content.chunks(clamd.CHUNK_BYTES), url=settings.CLAMAV_URL, timeout=settings.CLAMAV_TIMEOUT
        )
    return Attachment.Scan.INFECTED if infected else Attachment.Scan.CLEAN


def _record(kept: Attachment, verdict: Attachment.Scan) -> bool:
    """Keep the verdict and append its event; ``False`` where another worker was faster."""
    checked_by = Attachment.CheckedBy.CLAMAV if settings.CLAMAV_URL else Attachment.CheckedBy.CONTENT
    with writing():
        waiting = Attachment.objects.filter(pk=kept.pk, scan=kept.scan, checked_by=kept.checked_by)
        if not waiting.update(scan=verdict, checked_by=checked_by, scan_tried_at=clock.now()):
            return False
        payload = {"attachment": kept.pk, "result": verdict.value, "checked_by": checked_by.value}
        append("casework.file_scanned", case=kept.case, by=SCANNER, payload=payload)
    return True
