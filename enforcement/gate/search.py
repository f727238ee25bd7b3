"""By which of the gate's texts notices are found: why an entry was corrected or given back, and claims."""

from collections.abc import Collection, Iterator

from enforcement.gate.models import Claim, Proposal


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What people wrote of proposals and claims (two queries)."""
    rows = Proposal.objects.filter(notice__in=keys).order_by()
    for key, *texts in rows.values_list("notice_id", "why", "embargo_why", "returned_why"):
        yield from ((key, text) for text in texts if text)
    claims = Claim.objects.filter(notice__in=keys).order_by()
    for key, *texts in claims.values_list("notice_id", "text", "safe_description"):
        yield from ((key, text) for text in texts if text)
