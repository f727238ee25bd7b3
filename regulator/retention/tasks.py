"""Celery's way into retention: carrying out the lists that two people approved."""

from celery import shared_task

from regulator.retention import services


@shared_task(name="retention.redact_due")
def redact_due() -> int:
    """Told of a list once its second approval is committed, and each minute for what was left undone."""
    return services.redact_due()
