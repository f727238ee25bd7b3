"""The writes on a year's programme. Keyword-only; each is one transaction that appends its event."""

from inspections.programme.services.changing import add_place, drop_place, move_place
from inspections.programme.services.drawing import Wanted, approve_programme, draw_again, draw_programme
from inspections.programme.services.opening import open_place

__all__ = [
    "Wanted",
    "add_place",
    "approve_programme",
    "draw_again",
    "draw_programme",
    "drop_place",
    "move_place",
    "open_place",
]
