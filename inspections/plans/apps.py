"""Action plans as an application of their own: they stand on inspections, deadlines and the risk runs."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "inspections.plans"
    label = "plans"
    verbose_name = "Action plans"

    def ready(self) -> None:
        from inspections.plans.contributions import contribute

        contribute()
