"""The topics that hold, as search engines are told of them: each at its own address, not its versions."""

from typing import Final

from django.urls import reverse

from notifications.guidance.caching import GUIDANCE
from notifications.guidance.models import Version, VersionQuerySet
from regulator import clock
from regulator.frontend.sitemaps import Places, Sitemap, parts_of


def _holding() -> VersionQuerySet:
    return Version.objects.present(clock.now()).filter(withdraws=False)


def _parts(size: int) -> list[int]:
    return parts_of(_holding(), size, "topic_id")


def _places(first: int, last: int) -> Places:
    rows = _holding().filter(topic_id__gte=first, topic_id__lte=last).order_by("topic_id")
    for slug, published_at in rows.values_list("topic__slug", "published_at"):
        if published_at is not None:  # as of every version that was approved
            yield reverse("guidance:topic", args=[slug]), published_at


TOPICS: Final = Sitemap(GUIDANCE, _parts, _places)
