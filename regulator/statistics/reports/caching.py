"""What caches may do with the published reports: each answer follows from which editions are published, and
which of the cases that they tell were withdrawn since."""

from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.db.models import Max, Sum

from regulator.frontend.caching import Publication
from regulator.statistics.reports.models import Report
from regulator.statistics.totals.queries import present as totals_present

__all__ = ["REPORTS", "everything_published", "present", "published_only"]

_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)


def present() -> tuple[int, datetime]:
    """A number that grows when an edition is published or replaced, or a case that one tells is withdrawn
    from the library, and when that last was (one query)."""
    found = Report.objects.public().aggregate(
        number=Sum("version"),
        published=Max("published_at"),
        replaced=Max("superseded_at"),
        withdrawn=Max("case_withdrawn_at"),
    )
    moments = [found[each] for each in ("published", "replaced", "withdrawn") if found[each] is not None]
    return found["number"] or 0, max(moments, default=_NEVER)


def _both() -> tuple[int, datetime]:
    """As ``present``, of the reports and of the totals together: both numbers only grow (two queries)."""
    (reports, reported_at), (totals, counted_at) = present(), totals_present()
    return reports + totals, max(reported_at, counted_at)


_CODE: Final = ("regulator/statistics", *settings.CODE_OF_FIGURES)
REPORTS: Final = Publication("reports", present, _CODE)
published_only = REPORTS.revisioned
everything_published = Publication("statistics", _both, _CODE).revisioned
"""Of what tells of the reports and of the dashboard at once."""
