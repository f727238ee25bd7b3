"""The totals and the public dashboard."""

from django.apps import AppConfig


class TotalsConfig(AppConfig):
    name = "regulator.statistics.totals"
    label = "totals"
    verbose_name = "Totals"

    def ready(self) -> None:
        from regulator.casework.chain import FOLLOWERS
        from regulator.frontend.navigation import NAVIGATION, Entry
        from regulator.frontend.sitemaps import SITEMAPS
        from regulator.statistics.totals.sitemap import YEARS
        from regulator.statistics.totals.tasks import FOLLOW

        NAVIGATION.register("statistics", Entry("Statistics", "statistics:home", order=60))

        FOLLOWERS.register("totals", FOLLOW)
        SITEMAPS.register("statistics", YEARS)
