"""What the outbox records on a timeline, and what it puts right."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "regulator.outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS
        from regulator.outbox.sweep import SWEEPERS, requeue_abandoned

        EVENTS.register("outbox.sent", "E-mail sent")
        EVENTS.register("outbox.failed", "E-mail could not be sent")
        SWEEPERS.register("outbox.messages", requeue_abandoned)
