"""What notifications contribute to the platform is listed in ``contributions``."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from notifications.contributions import contribute

        contribute()
