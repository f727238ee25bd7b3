"""Celery's ways into casework. The files that wait are rows; the broker is only a hint."""

from celery import shared_task

from regulator import hint
from regulator.casework import scanning

SCAN = scanning.SCANNER.name


@shared_task(name=SCAN)
def scan_attachments() -> int:
    """Scan the files that wait, and ask for another turn where some were not tried yet."""
    decided = scanning.scan_pending()
    if decided and scanning.anything_to_try():
        hint.wake(SCAN)
    return decided
