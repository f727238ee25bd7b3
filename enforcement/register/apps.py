"""The register application."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "enforcement.register"
    verbose_name = "Enforcement register"

    def ready(self) -> None:
        from regulator.frontend.navigation import NAVIGATION, Entry

        NAVIGATION.register("register", Entry("Enforcement register", "register:list", order=50))
