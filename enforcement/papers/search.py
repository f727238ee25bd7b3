"""By which legal points, and which words on a service, notices are found."""

from collections.abc import Collection, Iterator

from enforcement.papers.models import LegalReview, ServiceAttempt


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """The points that reviewers made, and how a service came to nothing (one query)."""
    points = LegalReview.objects.filter(notice__in=keys).exclude(points="").order_by()
    failed = ServiceAttempt.objects.filter(notice__in=keys).exclude(failed_why="").order_by()
    told = points.values_list("notice_id", "points")
    yield from told.union(failed.values_list("notice_id", "failed_why"), all=True)
