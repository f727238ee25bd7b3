"""What risk records on the chain of events."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "regulator.risk"
    verbose_name = "Risk"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS

        EVENTS.register("risk.run_finished", "Risk run finished")
        EVENTS.register("risk.run_abandoned", "Risk run given up: its worker died")
