"""What the outbox shows on the staff desk."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "regulator.outbox"
    verbose_name = "Outbox"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.outbox.desk import letters

        DESK_PANELS.register("outbox.letters", letters)
