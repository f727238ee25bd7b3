"""The annual report as an application of its own: it stands on the figures that the other apps contribute."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "regulator.statistics.reports"
    label = "reports"
    verbose_name = "Annual reports"

    def ready(self) -> None:
        from regulator.statistics.reports.contributions import contribute

        contribute()
