"""Handing a file over: only once it was found clean, to be saved and not shown, kept by nothing on the way.

Who may read it is the page's question; this one is only ever asked about a file of a case that they see.
"""

from django.http import FileResponse, Http404

from regulator.casework.models import Attachment


def why_unreadable(kept: Attachment) -> str:
    """Why the file cannot be handed over yet, or ever; ``""`` where it can."""
    if not kept.file.name:
        return "This file is no longer kept."
    if kept.scan == Attachment.Scan.CLEAN:
        return ""
    if kept.scan == Attachment.Scan.PENDING:
        return f"{kept.name} is waiting to be checked. You can open it once it was found clean."
    return f"{kept.name} cannot be opened: it was found to be infected."


def handed_over(kept: Attachment) -> FileResponse:
    """The file as an answer. Raises ``Http404`` for one that is not clean, or is no longer on the storage."""
    if why_unreadable(kept) or not kept.file.name or not kept.file.storage.exists(kept.file.name):
        raise Http404("There is no such file on this case.")
    answer = FileResponse(
        kept.file.open("rb"), as_attachment=True, filename=kept.name, content_type=kept.content_type
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
