"""The page of one version, and every version of a topic."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from notifications.guidance import queries
from notifications.guidance.desk.deeds import offered
from notifications.guidance.models import Topic, Version
from notifications.guidance.services import WRITE
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection


@require_safe
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version says, otherwise than the one before it or another (``?against=number``); and what may be
    done with it. At most 8 SQL queries."""
    version = one(pk)
    versions = list(version.topic.versions.order_by("-drafted_at", "-pk"))
    against = _against(request.GET.get("against", ""), version, versions)
    user = signed_in(request)
    context = {
        **page_context(request, version, version.title),
        "facts": FactSection("The version", tuple(_facts(version))),
        "parts": queries.differences(against, version),
        "against": against,
        "others": [each for each in versions if each.number and each.pk != version.pk],
        "versions": versions,
        "deeds": offered(version, user),
        "falls_away": planned_after(version),
        "may_begin": WRITE in user.staff_grants and not any(each.is_open for each in versions),
        "may_withdraw": _is_shown_or_will_be(versions),
        "public_url": _public_url(version),
    }
    return TemplateResponse(request, "admin/guidance/version.html", context)


def one(pk: int) -> Version:
    """A version with what its page needs. Raises ``Http404``."""
    found = Version.objects.select_related("topic", "drafted_by", "decided_by").prefetch_related("writers")
    return get_object_or_404(found, pk=pk)


def page_context(request: HttpRequest, version: Version | None, title: str) -> dict[str, Any]:
    """What every page about a version shows around it."""
    return {
        **admin.site.each_context(request),
        "title": title,
        "version": version,
        "opts": Version._meta,
    }


def before(version: Version) -> Version | None:
    """The version that holds when this one begins: of an approved one, that before it; of an open one, the
    last that is approved and does not fall away with its approval (one query)."""
    earlier = version.topic.versions.filter(state=Version.State.APPROVED).exclude(pk=version.pk)
    if version.published_at is not None:
        earlier = earlier.filter(published_at__lt=version.published_at)
    if version.is_open:
        falling = Version.objects.falling_away(version, clock.now())
        earlier = earlier.exclude(pk__in=falling.order_by().values("pk"))
    return earlier.order_by("-published_at", "-pk").first()


def last_approved(topic: Topic) -> Version | None:
    """The approved version of a topic that holds last (one query)."""
    return (
        topic.versions.filter(state=Version.State.APPROVED)
        .select_related("topic")
        .order_by("-published_at", "-pk")
        .first()
    )


def planned_after(version: Version) -> list[Version]:
    """What would never be shown if an open version were approved now (one query); nothing for another."""
    if not version.is_open:
        return []
    return list(Version.objects.falling_away(version, clock.now()).order_by("valid_from", "pk"))


def _against(asked: str, version: Version, versions: list[Version]) -> Version | None:
    """The version to compare with: the one that was asked for by its number, else the one before."""
    if not asked:
        return before(version)
    for each in versions:
        if each.number is not None and asked == str(each.number):
            return each
    raise Http404("There is no such version of this topic.")


def _is_shown_or_will_be(versions: list[Version]) -> bool:
    approved = [each for each in versions if each.state == Version.State.APPROVED]
    last = max(approved, key=lambda each: (each.published_at or clock.now(), each.pk), default=None)
    return last is not None and not last.withdraws


def _public_url(version: Version) -> str:
    """Where the public reads it, once its day has come."""
    if version.state != Version.State.APPROVED or version.published_at is None:
        return ""
    if version.published_at > clock.now():
        return ""
    return reverse("guidance:version", args=[version.topic.slug, version.number])


def _facts(version: Version) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        ("Topic", version.topic.slug),
        ("Number", version.number or "Given on approval"),
        ("State", version.get_state_display()),
        ("Withdrawn from" if version.withdraws else "Holds from", version.valid_from),
    ]
    if version.what_changed:
        facts.append(("What changed", version.what_changed))
    if version.shipped:
        facts.append(("Comes from", "The portal’s own first set: data/topics.json"))
    else:
        facts.append(("Written by", _names(list(version.writers.all()))))
    facts.append(("Begun", version.drafted_at))
    if version.decided_by is not None:
        facts += [("Approved by", version.decided_by), ("Approved", version.decided_at)]
    if version.given_back_because:
        facts.append(("Given back, to do", version.given_back_because))
    return facts


def _names(writers: list[User]) -> str:
    return ", ".join(str(each) for each in sorted(writers, key=lambda each: each.pk))
