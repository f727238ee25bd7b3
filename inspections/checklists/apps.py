"""The checklists as an application of their own: they stand on inspections."""

from django.apps import AppConfig


class ChecklistsConfig(AppConfig):
    name = "inspections.checklists"
    label = "checklists"
    verbose_name = "Checklists"

    def ready(self) -> None:
        from inspections.checklists.contributions import contribute

        contribute()
