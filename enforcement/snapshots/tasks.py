"""Celery's ways into the snapshots. Each finds its own work, so a missed hour is made up for."""

from celery import shared_task

from enforcement.snapshots import services


@shared_task(name="register_snapshots.make")
def make() -> int | None:
    """Tonight's snapshot, where the register has changed since the last; answers its revision."""
    services.remove_leftovers()
    made = services.make_snapshot()
    return made.revision if made else None


@shared_task(name="register_snapshots.take_out_removed")
def take_out_removed() -> int:
    """Write earlier snapshots anew without what was removed; answers how many files."""
    return services.take_out_removed()
