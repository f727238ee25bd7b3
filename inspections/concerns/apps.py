"""Concerns as an application of their own: they stand on inspections, deadlines and the risk runs."""

from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "inspections.concerns"
    label = "concerns"
    verbose_name = "Concerns"

    def ready(self) -> None:
        from inspections.concerns.contributions import contribute

        contribute()
