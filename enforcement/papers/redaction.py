"""What of a notice's papers is removed: every word, and the documents themselves. That it was reviewed and
served, when, how, by whom, and the digests stay."""

from enforcement.papers.models import LegalReview, Paper, ServiceAttempt
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking


def contribute() -> None:
    texts = Group.TEXTS
    reviews = blanking("Legal reviews of notices", texts, LegalReview, "notice__case", {"points": REMOVED})
    REDACTORS.register("papers.reviews", reviews)
    said = dict.fromkeys(("address", "office", "proof", "failed_why"), REMOVED)
    REDACTORS.register(
        "papers.attempts", blanking("Services of notices", texts, ServiceAttempt, "notice__case", said)
    )
    gone: dict[str, object] = {"facts": {}, "pdf": None, "kept_at": None}
    REDACTORS.register(
        "papers.papers", blanking("Documents of notices", texts, Paper, "attempt__notice__case", gone)
    )
