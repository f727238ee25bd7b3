"""The entries of the register as search engines are told of them."""

from typing import Final

from enforcement.register.caching import REGISTER
from enforcement.register.models import RegisterEntry
from enforcement.register.records import page_path
from regulator.frontend.sitemaps import Places, Sitemap, parts_of

_AT_ONCE: Final = 500


def _parts(size: int) -> list[int]:
    return parts_of(RegisterEntry.objects.all(), size)


def _places(first: int, last: int) -> Places:
    rows = RegisterEntry.objects.filter(pk__gte=first, pk__lte=last).order_by("pk")
    for slug, updated_at in rows.values_list("slug", "updated_at").iterator(chunk_size=_AT_ONCE):
        yield page_path(slug), updated_at


ENTRIES: Final = Sitemap(REGISTER, _parts, _places)
