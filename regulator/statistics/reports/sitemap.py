"""The published editions of annual reports, as search engines are told of them."""

from typing import Final

from django.urls import reverse

from regulator.frontend.sitemaps import Places, Sitemap, parts_of
from regulator.statistics.reports.caching import REPORTS
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.published import every_edition


def _parts(size: int) -> list[int]:
    return parts_of(Report.objects.public(), size)


def _places(first: int, last: int) -> Places:
    """The edition that holds at the address of its year, and replaced ones, which changed as they were
    replaced, at their own; each changed as a case that it tells was withdrawn, too."""
    for each in every_edition(first, last):
        moments = (each.published_at, each.superseded_at, each.case_withdrawn_at)
        changed = max(moment for moment in moments if moment is not None)
        if each.superseded_at is None:
            yield reverse("reports:report", args=[each.slug]), changed
        else:
            yield reverse("reports:edition", args=[each.slug, each.number]), changed


EDITIONS: Final = Sitemap(REPORTS, _parts, _places)
