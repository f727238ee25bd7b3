"""Celery's way into the papers of notices."""

from celery import shared_task

from enforcement.papers.making import keep_copies

KEEP_PAPERS = "enforcement.keep_papers"


@shared_task(name=KEEP_PAPERS)
def keep_papers() -> int:
    """Keep a copy of each served document of which there is none. Every minute, and after each service.

    Answers how many were kept; a second run answers 0.
    """
    kept, _ = keep_copies()
    return kept
