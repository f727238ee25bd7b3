"""Celery's way into annual reports: the PDFs that wait are rows; the broker is only a hint."""

from celery import shared_task

from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.services.freezing import MAKE_DOCUMENTS


@shared_task(name=MAKE_DOCUMENTS)
def make_documents() -> int:
    """Set the PDFs that wait, or whose worker died. Every minute, and after each freeze; answers how many
    became ready."""
    return make_due()
