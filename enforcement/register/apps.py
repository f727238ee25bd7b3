"""The register application."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "enforcement.register"
    verbose_name = "Enforcement register"

    def ready(self) -> None:
        from enforcement.register.sitemap import ENTRIES
        from regulator.frontend.navigation import NAVIGATION, Entry
        from regulator.frontend.sitemaps import SITEMAPS

        NAVIGATION.register("register", Entry("Enforcement register", "register:list", order=50))
        SITEMAPS.register("register", ENTRIES)
