"""What casework itself records on a timeline."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "regulator.casework"
    verbose_name = "Casework"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS

        EVENTS.register("casework.assigned", "Assigned")
        EVENTS.register("casework.note_added", "Note added")
        EVENTS.register("casework.file_attached", "File attached")
        EVENTS.register("casework.information_requested", "Information requested")
        EVENTS.register("casework.information_answered", "Request answered")
