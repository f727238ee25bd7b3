"""The public library, for anybody, without sign-in: the list with its search, a case, and the feed.

It reads the library's own public tables, and nothing else.
"""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from notifications.learning.caching import present_of, revisioned
from notifications.learning.feed import FEED_TYPE, MOST_IN_A_FEED, written
from notifications.learning.finding import choices, found, page_of
from notifications.learning.library_form import LABELS, LibraryForm, page_asked
from notifications.learning.linked_data import described
from notifications.learning.models import PublishedLearning
from notifications.learning.themes import themes
from regulator.accounts.policies import PUBLIC, declare

FURTHEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that is asked for: what it is called, what it says, and the address without it."""

    label: str
    value: str
    without: str


@declare(PUBLIC)
@require_safe
@revisioned
def library(request: HttpRequest) -> HttpResponse:
    """The cases that fit the search and the filters, 20 a page, the newest first, with how many of them each
    value of a filter has: four queries at any size. A filter that cannot be read, or that there
    is not, is said beside its box and left out."""
    form = LibraryForm(request.GET)
    asked, path = form.asked, reverse("learning:list")
    entries = found(asked.get("q", ""), form.marks)
    page = page_of(entries, page_asked(request.GET))
    offered = choices(entries)
    form.offer(offered)
    chips = [
        Chip(
            LABELS[name],
            form.shown(name, offered),
            address(path, {other: said for other, said in asked.items() if other != name}),
        )
        for name in asked
    ]
    turned = {"page": str(page.number)} if page.number > 1 else {}
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "chips": chips,
        "theme_labels": {slug: each.label for slug, each in themes().items()},
        "is_filtered": bool(form.marks),
        "feed": address(reverse("learning:feed"), asked),
        "canonical": request.build_absolute_uri(address(path, asked | turned)),
        "previous_page": address(path, asked | _page(page.number - 1)) if page.number > 1 else "",
        "next_page": address(path, asked | _page(page.number + 1)) if page.number < page.pages else "",
    }
    return render(request, "learning/list.html", context)


@declare(PUBLIC)
@require_safe
@revisioned
def one(request: HttpRequest, number: int, slug: str) -> HttpResponse:
    """One case at its address for ever (two queries). A former title leads on; one that was withdrawn says so
    (410).

    It leads on by 302: browsers keep a 301 for good, so a title that is taken up again would send them to and
    fro between both.
    """
    entry = PublishedLearning.objects.filter(number=min(number, FURTHEST)).first()
    if entry is None:
        raise Http404("There is no such learning case.")
    if entry.withdrawn_at is not None:
        return render(request, "learning/withdrawn.html", status=410)
    if entry.slug != slug:
        return HttpResponseRedirect(entry.get_absolute_url())
    at = request.build_absolute_uri(entry.get_absolute_url())
    told = [(each, themes()[each]) for each in entry.themes if each in themes()]
    causes = [each for each in (entry.tier1, entry.tier2, entry.tier3) if each]
    context = {"entry": entry, "themes": told, "causes": causes, "canonical": at}
    return render(request, "learning/one.html", context | {"linked_data": described(entry, at)})


@declare(PUBLIC)
@require_safe
@revisioned
def feed(request: HttpRequest) -> HttpResponse:
    """The newest 50 cases that fit the search and the filters as Atom, two queries; 400 in words for a filter
    that cannot be read."""
    form = LibraryForm(request.GET)
    if form.errors:
        told = "\n".join(f"{name}: {' '.join(map(str, why))}" for name, why in form.errors.items())
        return HttpResponse(f"{told}\n", status=400, content_type="text/plain; charset=utf-8")
    entries = list(found(form.asked.get("q", ""), form.marks)[:MOST_IN_A_FEED])
    return HttpResponse(written(entries, form.asked, present_of(request)[1]), content_type=FEED_TYPE)


def address(path: str, asked: dict[str, str]) -> str:
    """The one address of a state of the list: its parts always in the same order."""
    return f"{path}?{urlencode(asked)}" if asked else path


def _page(number: int) -> dict[str, str]:
    return {"page": str(number)} if number > 1 else {}
