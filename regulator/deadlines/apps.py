"""What deadlines record on a timeline."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "regulator.deadlines"
    verbose_name = "Deadlines"

    def ready(self) -> None:
        from regulator.casework.desk import DESK_PANELS
        from regulator.casework.kinds import EVENTS
        from regulator.deadlines.desk import clocks

        EVENTS.register("deadlines.opened", "Clock started")
        EVENTS.register("deadlines.met", "Clock stopped: done")
        EVENTS.register("deadlines.ended", "Clocks stopped: no longer needed")
        EVENTS.register("deadlines.extended", "Deadline extended")
        EVENTS.register("deadlines.reminded", "Reminder sent")
        EVENTS.register("deadlines.escalated", "Overdue: escalated")
        DESK_PANELS.register("deadlines.clocks", clocks)
