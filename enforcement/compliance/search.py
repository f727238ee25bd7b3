"""By which texts of theirs evidence, appeals and prosecutions are found, among those of their notice. A set
that was not submitted is the employer's own, and is not found."""

from collections.abc import Collection, Iterator

from enforcement.compliance.models import AppealClaim, EvidenceItem, EvidenceSet, Prosecution


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What sets said as they were submitted, CQC's words about them, and what was told of appeals and
    prosecutions (four queries)."""
    sent = EvidenceSet.objects.sent().filter(notice__in=keys).order_by()
    for key, *said in sent.values_list("notice_id", "about", "return_reason"):
        yield key, "\n".join(said)
    items = EvidenceItem.objects.filter(evidence__in=sent).order_by()
    for key, *said in items.values_list("evidence__notice_id", "text", "remark"):
        yield key, "\n".join(said)
    claims = AppealClaim.objects.filter(notice__in=keys).order_by()
    for key, *said in claims.values_list("notice_id", "case_number", "reason"):
        yield key, "\n".join(said)
    referred = Prosecution.objects.filter(notice__in=keys).order_by()
    for key, *said in referred.values_list("notice_id", "reason", "why"):
        yield key, "\n".join(said)
