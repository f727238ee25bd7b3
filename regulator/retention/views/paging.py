"""Walking a list of closed cases by its keys, as the work queue is walked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404

from regulator.casework.models import Case
from regulator.casework.queue.orders import OLDEST
from regulator.casework.queue.paging import END, START, NoSuchPlace, Place, page_at, read_token, token

_NAMES: Final = ("after", "before", "page")


@dataclass(frozen=True, slots=True)
class CasePage:
    """The cases of one page, the oldest first, and the addresses around it (``""`` where there is none)."""

    cases: list[Case]
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


def case_page(cases: QuerySet[Case], address: Mapping[str, str], asked: Mapping[str, Any]) -> CasePage:
    """The page of ``cases`` that an address asks for (one query); ``asked`` is what its links repeat.

    Raises ``Http404`` for an address that names no place in the list.
    """
    try:
        page = page_at(_place(address), cases, OLDEST)
    except NoSuchPlace as nowhere:
        raise Http404("This address asks for a place in the list that there is none of.") from nowhere
    around = {}
    if page.has_previous:
        around["first"] = urlencode({**asked, "page": "first"})
        if page.cases:
            around["previous"] = urlencode({**asked, "before": token(page.cases[0], OLDEST)})
    if page.has_next:
        around["last"] = urlencode({**asked, "page": "last"})
        if page.cases:
            around["next"] = urlencode({**asked, "after": token(page.cases[-1], OLDEST)})
    return CasePage(page.cases, **around)


def _place(address: Mapping[str, str]) -> Place:
    said = {name: address[name] for name in _NAMES if name in address}
    if len(said) > 1 or said.get("page") not in (None, "first", "last"):
        raise NoSuchPlace
    if "page" in said:
        return END if said["page"] == "last" else START
    for name, text in said.items():
        return Place(read_token(text, OLDEST), is_before=name == "before")
    return START
