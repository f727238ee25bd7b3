"""The enforcement application."""

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "enforcement"
    verbose_name = "Enforcement"

    def ready(self) -> None:
        from enforcement.contributions import contribute

        contribute()
