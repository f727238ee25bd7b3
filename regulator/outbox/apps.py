"""What the outbox records on a timeline, shows on the staff desk, and puts right."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "regulator.outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.casework.kinds import EVENTS
        from regulator.outbox.desk import letters
        from regulator.outbox.sweep import SWEEPERS, requeue_abandoned

        EVENTS.register("outbox.sent", "E-mail sent")
        EVENTS.register("outbox.failed", "E-mail could not be sent")
        SWEEPERS.register("outbox.messages", requeue_abandoned)
        DESK_PANELS.register("outbox.letters", letters)
