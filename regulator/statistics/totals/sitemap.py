"""The years of the dashboard, as search engines are told of them."""

from typing import Final

from regulator.frontend.sitemaps import Places, Sitemap
from regulator.statistics.totals.queries import present
from regulator.statistics.totals.sections import known
from regulator.statistics.totals.views import TOTALS, address


def _parts(size: int) -> list[int]:
    """One, once there is a year: there will never be so many that it takes another."""
    return [1] if known().choices else []


def _places(first: int, last: int) -> Places:
    """Each year since the totals last changed, as the header of its page says too (four queries)."""
    _, changed_at = present()
    for label in known().choices[first - 1 : last]:
        yield address({"year": label}), changed_at


YEARS: Final = Sitemap(TOTALS, _parts, _places)
