"""The gate as an application of its own: it stands between notices and the register."""

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "enforcement.gate"
    label = "gate"
    verbose_name = "Publication of notices"

    def ready(self) -> None:
        from enforcement.gate.contributions import contribute

        contribute()
