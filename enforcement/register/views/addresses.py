"""The addresses of the states of a list: what is asked for, and where in it a page begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest

from enforcement.register.paging import Place, read_place

AFTER, BEFORE = "after", "before"


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for: what it is called, what it says, and the address without it."""

    label: str
    value: str
    without: str


def address(path: str, asked: Mapping[str, str], **also: str) -> str:
    """The one address of a state of the list at ``path``: its parts always in the same order."""
    query = {name: value for name, value in (dict(asked) | also).items() if value}
    return f"{path}?{urlencode(query)}" if query else path


def place_in(request: HttpRequest, order: str) -> Place | None:
    """Where the page begins that is asked for; the first where that cannot be read."""
    for name, backwards in ((AFTER, False), (BEFORE, True)):
        key = read_place(request.GET.get(name, ""), order)
        if key is not None:
            return Place(key, backwards)
    return None
