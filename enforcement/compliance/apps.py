"""Compliance as an application of its own: it stands on notices, inspections and deadlines."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "enforcement.compliance"
    label = "compliance"
    verbose_name = "Compliance with notices"

    def ready(self) -> None:
        from enforcement.compliance.contributions import contribute

        contribute()
