"""The programme as an application of its own: it stands on inspections and on the risk runs."""

from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "inspections.programme"
    label = "programme"
    verbose_name = "Inspection programme"

    def ready(self) -> None:
        from inspections.programme.contributions import contribute

        contribute()
