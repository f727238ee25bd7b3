"""What the desk shows of a notice's papers: documents, legal reviews, and each attempt to serve it."""

from collections.abc import Iterator
from typing import Final

from enforcement.lifecycle import ABANDONED, APPROVED, DRAFT, PROPOSED, REVIEWED
from enforcement.papers.links import draft_path, leaflet_path, notice_path
from enforcement.papers.models import LegalReview, ServiceAttempt, ServiceProof
from enforcement.papers.queries import ATTEMPTS, PROOFS, REVIEWS
from regulator.casework.desk import DeskExtra, FactSection, Linked
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text

_NOT_SERVED: Final = frozenset({DRAFT, PROPOSED, REVIEWED, APPROVED, ABANDONED})


def facts(case: Case) -> list[FactSection]:
    """The documents to read, and what was recorded of reviews and service. No query once the case's lists are
    read, else six at most."""
    attempts: list[ServiceAttempt] = listed(case, ATTEMPTS)
    sections = [FactSection("Documents", tuple(_documents(case, attempts)))]
    reviews = tuple((str(each), _review(each)) for each in listed(case, REVIEWS))
    if reviews:
        sections.append(FactSection("Legal reviews", reviews))
    proofs: list[ServiceProof] = listed(case, PROOFS)
    rows = tuple(
        (str(each), _attempt(each, sum(one.attempt_id == each.pk for one in proofs))) for each in attempts
    )
    return [*sections, FactSection("Services", rows)] if rows else sections


def _documents(case: Case, attempts: list[ServiceAttempt]) -> Iterator[tuple[str, object]]:
    if case.redacted_at is not None:
        yield "Removed", case.why_empty
    elif case.status in _NOT_SERVED:
        yield "The notice as it stands", Linked("Read the draft (PDF)", draft_path(case))
    elif any(each.failed_on is None for each in attempts):
        yield "The notice as served", Linked("Read the notice (PDF)", notice_path(case))
        yield "What went with it", Linked("Read the appeal leaflet (PDF)", leaflet_path(case))
    else:
        yield "The notice as served", "It was served before its documents were kept."


def _review(review: LegalReview) -> str:
    said = f"{review.get_outcome_display()}, {review.reviewed_by}, {as_text(review.reviewed_at)}."
    if review.points:
        return f"{said}\n{review.points}"
    return "\n".join([f"{said} Looked at:", *review.checked])


def _attempt(attempt: ServiceAttempt, proofs: int) -> str:
    files = "1 file" if proofs == 1 else f"{proofs} files"
    lines = [
        f"{as_text(attempt.served_at)}, {attempt.get_method_display().lower()}, by {attempt.served_by}.",
        f"On: {attempt.office}. At: {attempt.address}",
        f"Proof: {attempt.proof or 'none in words'}. {files} of the case prove it.",
        f"Recorded by {attempt.recorded_by}; the leaflet on appeals was included.",
    ]
    if attempt.failed_on:
        lines.append(f"Came to nothing on {as_text(attempt.failed_on)}: {attempt.failed_why}")
    return "\n".join(lines)


ON_NOTICES: Final = DeskExtra(kind="notice", facts=facts)
