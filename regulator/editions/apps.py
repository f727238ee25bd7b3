"""What editions record."""

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "regulator.editions"
    verbose_name = "Reference data"

    def ready(self) -> None:
        from regulator.casework.desk import HOME_PANELS
        from regulator.casework.kinds import EVENTS
        from regulator.editions.desk_home import second_administrator

        HOME_PANELS.register("editions.second_administrator", second_administrator)
        EVENTS.register("editions.proposed", "Edition of reference data proposed")
        EVENTS.register("editions.approved", "Edition of reference data approved")
        EVENTS.register("editions.refused", "Edition of reference data refused")
        EVENTS.register("editions.withdrawn", "Edition of reference data withdrawn")
        EVENTS.register("editions.begun", "Edition of reference data begun")
