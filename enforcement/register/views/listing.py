"""The list of entries with its search and filters."""

from collections.abc import Sequence
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from enforcement.register.caching import revisioned
from enforcement.register.filters import ListFilter, chosen, shown
from enforcement.register.models import IndexLine
from enforcement.register.queries import Listed, all_lines, listed
from enforcement.register.suggestions import close_to
from enforcement.register.views.addresses import AFTER, BEFORE, Chip, address, place_in
from enforcement.register.wording import how_many, sentence, what_it_cites
from enforcement.register.words import Term, read, words_of
from regulator.accounts.policies import PUBLIC, declare


@declare(PUBLIC)
@require_safe
@revisioned
def register_list(request: HttpRequest) -> HttpResponse:
    """The entries that fit the search and the filters, 20 a page, in at most six queries at any size.

    A filter that cannot be read is said beside its box and left out; a page that does not exist shows the
    first.
    """
    filterset = ListFilter(request.GET, employer_types=all_lines(IndexLine.Kind.EMPLOYER_TYPE))
    wanted, order = filterset.wanted, filterset.order
    place = place_in(request, order)
    page = listed(wanted, order, place)
    path = reverse("register:list")
    asked = chosen(filterset.form)
    typed = read(asked.get("q", "")).terms
    chips = [
        Chip(
            "Search" if name == "q" else str(filterset.form.fields[name].label),
            shown(filterset.form, name, value) + (_dates_in(typed) if name == "q" else ""),
            address(path, {other: said for other, said in asked.items() if other != name}),
        )
        for name, value in asked.items()
        if name != "sort"
    ]
    context = {
        "form": filterset.form,
        "page": page,
        "heading": how_many(page.found.total, more=page.found.more),
        "said": sentence([term.said for term in wanted.sought.terms] + _between(filterset.form, asked)),
        "chips": chips,
        "is_filtered": bool(set(asked) - {"q", "sort"}),
        "what_it_cites": what_it_cites,
        "suggested": _suggested(asked, page, path),
        "canonical": request.build_absolute_uri(
            address(path, asked, **place_said(request, place is not None))
        ),
        **links(path, asked, page),
    }
    return render(request, "register/list.html", context)


def links(path: str, asked: dict[str, str], page: Listed) -> dict[str, Any]:
    """The addresses of the pages before and after one."""
    return {
        "previous_page": address(path, asked, **{BEFORE: page.before}) if page.before else "",
        "next_page": address(path, asked, **{AFTER: page.after}) if page.after else "",
    }


def place_said(request: HttpRequest, is_one: bool) -> dict[str, str]:
    """Where the page begins, as its address says it."""
    if not is_one:
        return {}
    return {name: request.GET[name] for name in (AFTER, BEFORE) if request.GET.get(name)}


def _between(form: Form, asked: dict[str, str]) -> list[str]:
    words = {"served_from": "were served on or after", "served_to": "were served on or before"}
    return [f"{said} {shown(form, name, asked[name])}" for name, said in words.items() if name in asked]


def _dates_in(terms: Sequence[Term]) -> str:
    """As what the days and months in a search were read: " (served on 14 November 2023)"."""
    dates = [term.said.removeprefix("were ") for term in terms if term.dated]
    return f" ({' and '.join(dates)})" if dates else ""


def _suggested(asked: dict[str, str], page: Listed, path: str) -> list[tuple[str, str]]:
    """Where nothing was found because a word is on no entry: close ones, each with the search for it."""
    if page.found.total or not page.found.missing or "q" not in asked:
        return []
    typed = asked["q"].split()
    for word in typed:
        folded = "".join(words_of(word))
        if f"hold “{folded}”" in page.found.missing:
            return [
                (
                    close,
                    address(path, asked | {"q": " ".join(close if each == word else each for each in typed)}),
                )
                for close in close_to(folded)
            ]
    return []
