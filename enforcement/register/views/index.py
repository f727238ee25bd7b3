"""The index of the register: employers and places from A to Z, regulations, regions, and the page of each."""

import string
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enforcement.register.caching import revisioned
from enforcement.register.models import IndexLine
from enforcement.register.queries import (
    A_PAGE,
    all_lines,
    headings,
    line_by_year,
    lines,
    listed_of,
    texts_of,
)
from enforcement.register.views.addresses import address, place_in
from enforcement.register.views.listing import links, place_said
from enforcement.register.wording import what_it_cites
from enforcement.register.words import fold, mark
from regulator.accounts.policies import PUBLIC, declare

NEWEST: Final = "newest"
LETTERS: Final = ("0", *string.ascii_lowercase)
"""What lines begin with: "0" for those that begin with no letter."""
_KINDS: Final = IndexLine.Kind
_MARKS: Final = {
    _KINDS.EMPLOYER: "employer",
    _KINDS.PLACE: "place",
    _KINDS.PROVISION: "cites",
    _KINDS.REGION: "region",
}
ROUTES: Final = {
    _KINDS.EMPLOYER: "register:employer",
    _KINDS.PLACE: "register:place",
    _KINDS.PROVISION: "register:regulation",
    _KINDS.REGION: "register:region",
}


@declare(PUBLIC)
@require_safe
@revisioned
def employers(request: HttpRequest) -> HttpResponse:
    """Employers from A to Z."""
    return _a_to_z(request, _KINDS.EMPLOYER, "Employers on the register")


@declare(PUBLIC)
@require_safe
@revisioned
def places(request: HttpRequest) -> HttpResponse:
    """Places from A to Z: the premises that notices are about."""
    return _a_to_z(request, _KINDS.PLACE, "Places on the register")


@declare(PUBLIC)
@require_safe
@revisioned
def regulations(request: HttpRequest) -> HttpResponse:
    """Every provision that a notice cites, in the order of the instrument (two queries)."""
    found = all_lines(_KINDS.PROVISION)
    context = {
        "lines": _told(found, headings([line.key for line in found])),
        "title": "Regulations cited",
        "why_none": "No notice on the register cites a provision.",
    }
    return render(request, "register/few.html", context)


@declare(PUBLIC)
@require_safe
@revisioned
def regions(request: HttpRequest) -> HttpResponse:
    """The regions that have entries (one query)."""
    context = {
        "lines": _told(all_lines(_KINDS.REGION), {}),
        "title": "Regions",
        "why_none": "The region is known of no notice on the register: it is that of the place’s postcode.",
    }
    return render(request, "register/few.html", context)


@declare(PUBLIC)
@require_safe
@revisioned
def standing(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """One line of the index: its number of entries by year, of a provision its texts by date and its
    parts, and its entries (at most six queries at any size); 404 where nothing stands there."""
    years, parts = line_by_year(kind, key)
    if not years:
        raise Http404
    whole, *by_year = years
    place = place_in(request, NEWEST)
    page = listed_of(mark(_MARKS[_KINDS(kind)], key), whole.entries, NEWEST, place)
    path = reverse(ROUTES[_KINDS(kind)], kwargs={"key": key})
    context: dict[str, Any] = {
        "line": whole,
        "kind": kind,
        "years": by_year,
        "page": page,
        "texts": texts_of(key) if kind == _KINDS.PROVISION else [],
        "parts": parts,
        "what_it_cites": what_it_cites,
        "canonical": request.build_absolute_uri(address(path, place_said(request, place is not None))),
        **links(path, {}, page),
    }
    return render(request, "register/standing.html", context)


def _a_to_z(request: HttpRequest, kind: str, title: str) -> HttpResponse:
    """The lines of one letter, a page of them at a time (one query)."""
    letter = request.GET.get("letter", "")
    letter = letter if letter in LETTERS else ""
    after = request.GET.get("after", "")[:300].replace("\x00", "")
    found = lines(kind, letter, fold(after))
    shown, more = found[:A_PAGE], len(found) > A_PAGE
    asked = {"letter": letter}
    context = {
        "title": title,
        "letter": letter,
        "letters": [
            (each, "0 to 9" if each == "0" else each.upper(), address(request.path, {"letter": each}))
            for each in LETTERS
        ],
        "lines": _told(shown, {}),
        "why_none": _why_none(title, letter, after),
        "is_later": bool(after),
        "first_page": address(request.path, asked),
        "next_page": address(request.path, asked, after=shown[-1].sort) if more else "",
    }
    return render(request, "register/a_to_z.html", context)


def _why_none(title: str, letter: str, after: str) -> str:
    """Why a page of an index has no line."""
    if after:
        return "There are no more of them."
    if letter:
        first = "a digit" if letter == "0" else f"“{letter.upper()}”"
        return f"{title}: none begins with {first}."
    return f"{title}: there are none."


def _told(found: list[IndexLine], further: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": line.name,
            "further": further.get(line.key, ""),
            "href": reverse(ROUTES[_KINDS(line.kind)], kwargs={"key": line.key}),
            "entries": line.entries,
        }
        for line in found
    ]
