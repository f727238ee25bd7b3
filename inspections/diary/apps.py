"""The diary as an application of its own: it stands on inspections and deadlines."""

from django.apps import AppConfig


class DiaryConfig(AppConfig):
    name = "inspections.diary"
    label = "diary"
    verbose_name = "Diary"

    def ready(self) -> None:
        from inspections.diary.services import end_with_access, has_key
        from regulator.casework.kinds import EVENTS
        from regulator.people.access import ACCESS, Access

        ACCESS.register("diary.key", Access(has_key, end_with_access))
        EVENTS.register("diary.key_made", "Address of a calendar made")
        EVENTS.register("diary.key_ended", "Address of a calendar ended")
