"""The documents that inspectors ask for as a rule, by modality, each with the regulation that it shows.

Read once from ``data/documents.json``; the wording is the portal's own. Pure: no Django.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "data" / "documents.json"


@dataclass(frozen=True, slots=True)
class ReadyDocument:
    """One document: its lasting key, what the employer reads, the regulation, and the modalities in which it
    is asked for (none: in all)."""

    key: str
    text: str
    regulation: str
    modalities: frozenset[str] = frozenset()


@cache
def ready_documents() -> tuple[ReadyDocument, ...]:
    """All of them, in the order of the file. Raises ``ValueError`` where a key or a text stands twice."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))["documents"]
    found = tuple(
        ReadyDocument(**{**row, "modalities": frozenset(row.get("modalities", ()))}) for row in rows
    )
    if len({each.key for each in found}) < len(found) or len({each.text for each in found}) < len(found):
        raise ValueError(f"{FILE.name} names a document twice")
    return found


def documents_for(modality: str) -> tuple[ReadyDocument, ...]:
    """Those that are asked for in ``modality``."""
    return tuple(each for each in ready_documents() if not each.modalities or modality in each.modalities)
