"""By which legal points, and which words on a service, notices are found."""

from collections.abc import Collection, Iterator

from enforcement.papers.models import LegalReview, ServiceAttempt


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """The points that reviewers made, and how a service came to nothing (two queries)."""
    points = LegalReview.objects.filter(notice__in=keys).exclude(points="").order_by()
    yield from points.values_list("notice_id", "points")
    failed = ServiceAttempt.objects.filter(notice__in=keys).exclude(failed_why="").order_by()
    yield from failed.values_list("notice_id", "failed_why")
