"""Tabulation as an application: its two pages on the desk, and what the platform itself looks for."""

from django.apps import AppConfig


class TabulationConfig(AppConfig):
    name = "regulator.statistics.tabulation"
    label = "tabulation"
    verbose_name = "Figures"

    def ready(self) -> None:
        from regulator.statistics.tabulation.activity import ACTIVITY_STOPPED
        from regulator.statistics.tabulation.registries import QUALITY

        QUALITY.register("activity_stopped", ACTIVITY_STOPPED)
