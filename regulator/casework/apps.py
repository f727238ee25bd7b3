"""What casework itself records on a timeline."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "regulator.casework"
    verbose_name = "Casework"

    def ready(self) -> None:
        from regulator.casework.kinds import EMPLOYER_EVENTS, EVENTS

        EVENTS.register("casework.assigned", "Assigned")
        EVENTS.register("casework.note_added", "Note added")
        EVENTS.register("casework.file_attached", "File attached")
        EVENTS.register("casework.file_scanned", "File scanned")
        EVENTS.register("casework.file_removed", "File removed from a draft")
        EVENTS.register("casework.identifiers_confirmed", "Said to identify nobody")
        EVENTS.register("casework.information_requested", "Information requested")
        EVENTS.register("casework.information_answered", "Request answered")
        EMPLOYER_EVENTS.register("casework.information_requested", "CQC asked for information")
        EMPLOYER_EVENTS.register("casework.information_answered", "Question answered")
        _fill_the_desk()


def _fill_the_desk() -> None:
    """The deeds and the home panels that do not depend on the kind of case."""
    from regulator.casework import deeds, home
    from regulator.casework.desk import EVERYDAY, HOME_PANELS

    for action in deeds.EVERYDAY_DEEDS:
        EVERYDAY.register(action.name, action)
    HOME_PANELS.register("casework.mine", home.mine)
    HOME_PANELS.register("casework.everybody", home.everybody)
