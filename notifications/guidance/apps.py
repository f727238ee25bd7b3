"""Guidance as an application of its own: it stands on casework, the law and the outbox."""

from django.apps import AppConfig


class GuidanceConfig(AppConfig):
    name = "notifications.guidance"
    label = "guidance"
    verbose_name = "Guidance"

    def ready(self) -> None:
        from notifications.guidance.contributions import contribute

        contribute()
