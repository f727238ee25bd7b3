"""Setting a letter as a PDF: the same facts and moment give the same bytes."""

from pathlib import Path
from typing import Final

from inspections.correspondence.facts import as_read_today
from inspections.correspondence.models import Correspondence
from regulator.documents import render

TEMPLATE: Final = Path(__file__).parent / "documents" / "letter.typ"


def as_pdf(letter: Correspondence) -> bytes:
    """The letter as a tagged PDF (PDF/UA-1). One that waits says so, and has the dates of today; one that
    was redacted raises ``ValueError``: there is nothing left to set."""
    facts = as_read_today(letter)
    if not facts:
        raise ValueError(f"{letter} was redacted")
    standing = "sent" if letter.approved_at else "waiting" if letter.is_waiting else "not_sent"
    data = facts | {"number": letter.number, "sha256": letter.sha256, "standing": standing}
    return render(TEMPLATE, data, made_at=letter.approved_at or letter.prepared_at)
