"""The figures that the platform itself contributes."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "regulator.statistics"
    verbose_name = "Statistics"

    def ready(self) -> None:
        from regulator.statistics import activity

        activity.contribute()
