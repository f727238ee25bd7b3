"""Celery's ways into casework. The files, weeks and bundles that wait are rows; the broker is only a
hint."""

from celery import shared_task

from regulator import hint
from regulator.casework import leftovers, scanning
from regulator.casework.evidence import bundles
from regulator.casework.search import following
from regulator.casework.services import reviewing

SCAN = scanning.SCANNER.name
INDEX = "casework.index_cases"


@shared_task(name=SCAN)
def scan_attachments() -> int:
    """Scan the files that wait, and ask for another turn where some were not tried yet."""
    decided = scanning.scan_pending()
    if decided and scanning.anything_to_try():
        hint.wake(SCAN)
    return decided


@shared_task(name=bundles.MAKE)
def make_bundles() -> int:
    """Make the disclosure bundles that wait, or whose worker died."""
    return bundles.make_due()


@shared_task(name=bundles.REMOVER.name)
def remove_bundles() -> int:
    """Daily: take the files of old bundles off the disk."""
    return bundles.remove_old()


@shared_task(name="casework.remove_leftovers")
def remove_leftovers() -> int:
    """Daily: take the files off the disk that no row names."""
    return leftovers.remove_leftovers()


@shared_task(name="casework.remind_of_views")
def remind_of_views() -> int:
    """Daily: the weeks in which restricted cases were opened, and that nobody has signed."""
    return reviewing.remind()


@shared_task(name=INDEX)
def index_cases() -> int:
    """Bring the search in step with what happened, and ask for another turn where some is left."""
    followed = following.follow()
    if followed and following.anything_to_follow():
        hint.wake(INDEX)
    return followed
