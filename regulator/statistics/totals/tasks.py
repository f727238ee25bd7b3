"""Celery's ways into the totals. What is to be counted are events; the broker is only a hint."""

from celery import shared_task

from regulator import hint
from regulator.statistics.totals import following

FOLLOW = "totals.follow"
RECOUNT = "totals.recount"


@shared_task(name=FOLLOW)
def follow_cases() -> int:
    """Bring the totals in step with what happened, and ask for another turn where some is left."""
    followed = following.follow()
    if followed and following.anything_to_follow():
        hint.wake(FOLLOW)
    return followed


@shared_task(name=RECOUNT)
def recount_cases() -> int:
    """Nightly: count everything anew, and say up to which day is counted; answers how many totals were
    wrong."""
    return len(following.recount())
