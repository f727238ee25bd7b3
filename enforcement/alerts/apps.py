"""E-mail alerts as an application of their own: they stand on the register and the outbox."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "enforcement.alerts"
    label = "alerts"
    verbose_name = "Register alerts"

    def ready(self) -> None:
        from enforcement.alerts.letters import LETTERS as OURS
        from regulator.outbox.letters import LETTERS

        for letter in OURS:
            LETTERS.register(letter.name, letter)
