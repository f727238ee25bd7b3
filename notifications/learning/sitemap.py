"""The cases that stand in the library, as search engines are told of them."""

from typing import Final

from django.urls import reverse

from notifications.learning.caching import LIBRARY
from notifications.learning.models import PublishedLearning
from regulator.frontend.sitemaps import Places, Sitemap, parts_of

_AT_ONCE: Final = 500


def _parts(size: int) -> list[int]:
    return parts_of(PublishedLearning.objects.standing(), size)


def _places(first: int, last: int) -> Places:
    rows = PublishedLearning.objects.standing().filter(number__gte=first, number__lte=last)
    found = rows.order_by("number").values_list("number", "slug", "updated_at")
    for number, slug, updated_at in found.iterator(chunk_size=_AT_ONCE):
        yield reverse("learning:one", args=[number, slug]), updated_at


STANDING: Final = Sitemap(LIBRARY, _parts, _places)
