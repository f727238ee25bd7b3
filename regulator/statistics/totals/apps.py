"""The totals and the public dashboard."""

from django.apps import AppConfig


class TotalsConfig(AppConfig):
    name = "regulator.statistics.totals"
    label = "totals"
    verbose_name = "Totals"

    def ready(self) -> None:
        from regulator.casework.chain import FOLLOWERS
        from regulator.statistics.totals.tasks import FOLLOW

        FOLLOWERS.register("totals", FOLLOW)
