"""Making the papers of a service, inside its transaction, and keeping a copy of each afterwards."""

from datetime import datetime
from typing import Any

from enforcement.models import Notice
from enforcement.papers.facts import Service, digest, of_leaflet, of_notice
from enforcement.papers.models import Paper, ServiceAttempt
from enforcement.papers.setting import PaperDiffers, as_served, digest_of, set_paper
from regulator import clock
from regulator.casework.models import Case


def drawn(held: Case, notice: Notice, service: Service) -> list[Paper]:
    """The notice and its leaflet as they are served now, not saved yet: facts, and the digest of the PDF that
    they give (about 0.02 s each; two queries)."""
    made_at = clock.now()
    facts = {
        Paper.Kind.NOTICE: of_notice(held, notice, service),
        Paper.Kind.LEAFLET: of_leaflet(held, notice, service),
    }
    return [_paper(kind, stated, made_at) for kind, stated in facts.items()]


def told(papers: list[Paper]) -> dict[str, dict[str, str]]:
    """What the chain holds of them: both digests of each, by kind."""
    return {each.kind: {"facts": each.facts_sha256, "pdf": each.pdf_sha256} for each in papers}


def file_with(attempt: ServiceAttempt, papers: list[Paper]) -> None:
    """Save them as those of the attempt by which the notice was served."""
    for each in papers:
        each.attempt = attempt
    Paper.objects.bulk_create(papers)


def keep_copies() -> tuple[int, int]:
    """Set each document of which no copy is kept yet, and keep it where its digest is that of the chain.

    Answers how many were kept, and how many could not be set as they were served. Killed between two of them
    it goes on where it stopped; two workers at once keep the same bytes once.
    """
    kept = differing = 0
    for paper in Paper.objects.without_copy().order_by("pk"):
        try:
            pdf = as_served(paper)
        except PaperDiffers:
            differing += 1
            continue
        waiting = Paper.objects.without_copy().filter(pk=paper.pk)
        kept += waiting.update(pdf=pdf, kept_at=clock.now())
    return kept, differing


def _paper(kind: Paper.Kind, facts: dict[str, Any], made_at: datetime) -> Paper:
    pdf = set_paper(kind, facts, made_at=made_at)
    return Paper(
        kind=kind.value, facts=facts, facts_sha256=digest(facts), pdf_sha256=digest_of(pdf), made_at=made_at
    )
