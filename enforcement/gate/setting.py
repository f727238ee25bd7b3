"""Setting an entry as the PDF that the public can take away: from what the entry says, and nothing else."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from enforcement.register.models import RegisterEntry
from enforcement.register.wording import (
    CITES_NONE,
    SHORT_MEANS,
    WHY_REMOVED,
    changed_since,
    due_called,
    provisions_title,
    seen_on,
)
from regulator.casework.wording import as_text
from regulator.documents import render

TEMPLATE: Final = Path(__file__).parent / "documents" / "entry.typ"


def as_pdf(content: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """The entry as a tagged PDF (PDF/UA-1). The same content and moment give the same bytes."""
    return render(TEMPLATE, _in_words(content), made_at=made_at)


def _in_words(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a snapshot, each as people read it."""
    labels = {
        "notice_type": dict(RegisterEntry.Type.choices),
        "status": dict(RegisterEntry.Status.choices),
        "modality": dict(RegisterEntry.Modality.choices),
    }
    said: dict[str, Any] = dict(content)
    for name, words in labels.items():
        said[name] = str(words.get(content[name], ""))
    for name in ("served_on", "breach_on", "compliance_due_on", "complied_on"):
        said[name] = _day(content[name])
    said["changed"] = changed_since(each["what"] for each in content["timeline"])
    said["short_means"] = SHORT_MEANS if content["form"] == RegisterEntry.Form.SHORT else ""
    said["seen_on_or_before"] = seen_on(content["notice_type"])
    said["due_called"] = due_called(content["notice_type"])
    said["provisions_title"] = provisions_title(content["notice_type"], cites=bool(content["citations"]))
    said["cites_none"], said["why_removed"] = CITES_NONE, WHY_REMOVED
    said["timeline"] = [{"on": _day(each["on"]), "what": each["what"]} for each in content["timeline"]]
    return said


def _day(value: str | None) -> str:
    return as_text(date.fromisoformat(value)) if value else ""
