"""The figures that the platform itself contributes."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    name = "regulator.statistics"
    verbose_name = "Statistics"

    def ready(self) -> None:
        from regulator.statistics.activity import ACTIVITY, IMAGING_TESTS
        from regulator.statistics.figures import FIGURES

        FIGURES.register("imaging_tests", IMAGING_TESTS)
        FIGURES.register("activity", ACTIVITY)
