"""Learning as an application of its own: it stands on notifications."""

from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "notifications.learning"
    label = "learning"
    verbose_name = "Learning"

    def ready(self) -> None:
        from notifications.learning.contributions import contribute

        contribute()
