"""What the programme contributes to the platform's registries."""

from inspections.programme.desk_home import programmes_waiting
from regulator.casework.desk import HOME_PANELS
from regulator.casework.kinds import EVENTS


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    EVENTS.register("programme.drawn", "Programme drawn")
    EVENTS.register("programme.drawn_again", "Programme drawn again")
    EVENTS.register("programme.approved", "Programme approved")
    EVENTS.register("programme.place_moved", "Place moved")
    EVENTS.register("programme.place_dropped", "Place taken off")
    EVENTS.register("programme.place_added", "Place added")
    EVENTS.register("programme.place_opened", "Inspection opened")
    HOME_PANELS.register("programme.waiting", programmes_waiting)
