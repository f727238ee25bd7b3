"""What the chain keeps of a batch."""

from typing import Any, Final

from regulator.retention.models import RetentionBatch

PROPOSED: Final = "retention.proposed"


def payload_of(batch: RetentionBatch) -> dict[str, Any]:
    """The batch by its key, what it rests on and the digest of its list."""
    return {
        "batch": batch.pk,
        "policy": batch.policy,
        "edition": batch.edition_id,
        "as_of": batch.as_of.isoformat(),
        "cases": batch.cases,
        "digest": batch.digest,
    }
