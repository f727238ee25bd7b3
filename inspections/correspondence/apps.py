"""Correspondence as an application of its own: it stands on inspections."""

from django.apps import AppConfig


class CorrespondenceConfig(AppConfig):
    name = "inspections.correspondence"
    label = "correspondence"
    verbose_name = "Inspection letters"

    def ready(self) -> None:
        from inspections.correspondence.contributions import contribute

        contribute()
