"""Celery's ways into guidance. Each finds its own work in the tables."""

from celery import shared_task

from notifications.guidance import services, telling


@shared_task(name="guidance.tell")
def tell() -> int:
    """Write the digests of the months that are over, to whoever has not had them; answers how many."""
    return telling.tell_all()


@shared_task(name="guidance.forget_comments")
def forget_comments() -> int:
    """Remove what readers wrote two years ago; answers how many comments."""
    return services.forget_comments()
