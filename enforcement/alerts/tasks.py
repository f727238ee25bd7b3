"""Celery's ways into the alerts. Each finds its own work in the tables."""

from celery import shared_task

from enforcement.alerts import services, telling


@shared_task(name="register_alerts.tell")
def tell() -> int:
    """Write the letters of all alerts that are behind the register; answers how many."""
    return telling.tell_all()


@shared_task(name="register_alerts.forget_unconfirmed")
def forget_unconfirmed() -> int:
    """Remove what nobody confirmed within seven days; answers how many alerts."""
    return services.forget_unconfirmed()
