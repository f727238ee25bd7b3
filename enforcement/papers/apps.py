"""Papers as an application of its own: its tables hang on notices."""

from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "enforcement.papers"
    label = "papers"
    verbose_name = "Papers of notices"

    def ready(self) -> None:
        from enforcement.papers.contributions import contribute

        contribute()
