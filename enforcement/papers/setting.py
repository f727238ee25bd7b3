"""Setting a notice and its leaflet as tagged PDFs: the same facts and moment give the same bytes."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from enforcement.models import Notice
from enforcement.papers.facts import of_notice
from enforcement.papers.models import Paper
from regulator.casework.models import Case
from regulator.documents import render

logger = logging.getLogger(__name__)
_FOLDER: Final = Path(__file__).parent / "documents"
TEMPLATES: Final = {Paper.Kind.NOTICE: _FOLDER / "notice.typ", Paper.Kind.LEAFLET: _FOLDER / "leaflet.typ"}


class PaperDiffers(Exception):
    """A document that is set anew is not the one that was served: the portal's templates have changed since,
    and no copy was kept."""


def set_paper(kind: str, facts: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """A served document as a tagged PDF (PDF/UA-1)."""
    data = {**facts, "standing": "served", "moment": made_at.isoformat(timespec="minutes")}
    return render(TEMPLATES[Paper.Kind(kind)], data, made_at=made_at)


def set_draft(case: Case, notice: Notice) -> bytes:
    """The notice as it would be, marked on each page as a draft that was not served (two queries)."""
    data = {**of_notice(case, notice, None), "standing": "draft", "moment": ""}
    return render(TEMPLATES[Paper.Kind.NOTICE], data, made_at=case.created_at)


def digest_of(pdf: bytes) -> str:
    """The SHA-256 (hex) of the bytes."""
    return hashlib.sha256(pdf).hexdigest()


def as_served(paper: Paper) -> bytes:
    """The very bytes that were served: the copy that is kept, or the document set anew and compared.

    No write: whoever asks before a worker has kept a copy gets it all the same. Raises ``ValueError`` for one
    that was redacted, ``PaperDiffers`` where the digest is not that of the chain.
    """
    if not paper.facts:
        raise ValueError(f"{paper} was redacted")
    if paper.pdf is not None:
        return bytes(paper.pdf)
    made = set_paper(paper.kind, paper.facts, made_at=paper.made_at)
    if digest_of(made) != paper.pdf_sha256:
        logger.error("paper %s cannot be set as it was served", paper.pk)
        raise PaperDiffers(f"{paper} is not what was served")
    return made
