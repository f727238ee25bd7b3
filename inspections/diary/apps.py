"""The diary as an application of its own: it stands on inspections and deadlines."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "inspections.diary"
    label = "diary"
    verbose_name = "Diary"

    def ready(self) -> None:
        from regulator.casework.kinds import EVENTS

        EVENTS.register("diary.key_made", "Address of a calendar made")
        EVENTS.register("diary.key_ended", "Address of a calendar ended")
