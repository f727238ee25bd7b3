"""What risk records on the chain of events, and what it puts right."""

from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "regulator.risk"
    verbose_name = "Risk"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS
        from regulator.outbox.sweep import SWEEPERS
        from regulator.risk.services import sweep_runs

        EVENTS.register("risk.run_finished", "Risk run finished")
        EVENTS.register("risk.run_abandoned", "Risk run given up: its worker died")
        SWEEPERS.register("risk.runs", sweep_runs)
