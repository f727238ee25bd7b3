"""By which texts of theirs notices are found. Drafts are among them: staff read those."""

from collections.abc import Collection, Iterator

from enforcement.models import Appeal, Notice


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What the notice says, and what a tribunal changed in it (two queries)."""
    notices = Notice.objects.filter(pk__in=keys).order_by()
    for key, *said in notices.values_list("pk", "opinion", "reasons", "required_action", "directions"):
        yield key, "\n".join(said)
    appeals = Appeal.objects.filter(notice__in=keys).order_by()
    for key, *told in appeals.values_list("notice_id", "changes", "case_number"):
        yield key, "\n".join(told)
