"""Guidance as the public reads it: the list, a topic, each of its versions, and what changed between two.

Only approved versions whose day has come are read, from this app's own tables. Pages hold no form that is
sent, so that shared caches may keep them; who has the present one gets 304 before any version is read.
"""

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from notifications.guidance import queries
from notifications.guidance.caching import revisioned
from notifications.guidance.forms import FilterForm
from notifications.guidance.models import Feedback, Theme, Topic
from notifications.guidance.queries import Shown
from regulator.accounts.policies import PUBLIC, declare
from regulator.organisations.models import Modality


@declare(PUBLIC)
@require_safe
@revisioned
def guidance_list(request: HttpRequest) -> HttpResponse:
    """What holds now, by theme, for a modality or under a theme where asked (one query). A filter that there
    is not is said beside its box and left out."""
    form = FilterForm(request.GET)
    asked = form.asked
    context = {
        "form": form,
        "listed": queries.present_list(**asked),
        "asked": _in_words(asked),
        "is_filtered": any(asked.values()),
    }
    return render(request, "guidance/list.html", context)


def _in_words(asked: dict[str, str]) -> str:
    words = []
    if asked.get("theme"):
        words.append(Theme(asked["theme"]).label)
    if asked.get("modality"):
        words.append(Modality(asked["modality"]).label)
    return ", ".join(words)


@declare(PUBLIC)
@require_safe
@revisioned
def topic_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What a topic says now, with its earlier versions (two queries); 410 with the reason where it was
    withdrawn."""
    topic, shown = _topic(slug)
    present = shown[0]
    context = _context(topic, shown, present)
    if present.version.withdraws:
        return render(request, "guidance/withdrawn.html", context, status=HTTPStatus.GONE)
    return render(request, "guidance/topic.html", context)


@declare(PUBLIC)
@require_safe
@revisioned
def version_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One version at its own address, which says whether it holds or since when it does not (two queries)."""
    topic, shown = _topic(slug)
    wanted, _ = _version(shown, number)
    return render(request, "guidance/topic.html", _context(topic, shown, wanted) | {"own_address": True})


@declare(PUBLIC)
@require_safe
@revisioned
def changes_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a version changed in the one before it (two queries)."""
    topic, shown = _topic(slug)
    wanted, before = _version(shown, number)
    if before is None:
        raise Http404("The first version changed nothing.")
    parts = queries.differences(before.version, wanted.version)
    context = {"topic": topic, "after": wanted, "before": before, "parts": parts}
    return render(request, "guidance/changes.html", context)


def _topic(slug: str) -> tuple[Topic, list[Shown]]:
    found = queries.shown_topic(slug)
    if found is None:
        raise Http404("There is no such guidance.")
    return found


def _version(shown: list[Shown], number: int) -> tuple[Shown, Shown | None]:
    """A version with the one before it. Raises ``Http404`` for one that was never shown."""
    for place, each in enumerate(shown):
        if each.version.number == number:
            return each, shown[place + 1] if place + 1 < len(shown) else None
    raise Http404("There is no such version.")


def _context(topic: Topic, shown: list[Shown], wanted: Shown) -> dict[str, Any]:
    return {
        "topic": topic,
        "shown": shown,
        "wanted": wanted,
        "version": wanted.version,
        "first_number": shown[-1].version.number,
        "own_address": False,
        "feedback_url": reverse("feedback:give", args=[Feedback.Kind.GUIDANCE.value, topic.slug]),
    }
