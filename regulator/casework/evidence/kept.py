"""Texts that a later one replaces in their own row: kept whole under their digest, which the chain holds, so
that each version can be told for as long as nobody erases it."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from regulator.casework.chain import text_digest
from regulator.casework.models import Case, KeptText


def keep_text(case: Case, text: str) -> str:
    """Keep ``text`` with the case, once, and answer the digest for the event's payload. Call it inside
    ``writing``, with a text that was checked for identifiers. One query."""
    sha256 = text_digest(text)
    if text:
        KeptText.objects.bulk_create([KeptText(case=case, sha256=sha256, text=text)], ignore_conflicts=True)
    return sha256


def keep_texts(case: Case, texts: Mapping[str, str]) -> str:
    """``keep_text`` for several that belong together, by field."""
    return keep_text(case, json.dumps(texts, sort_keys=True, ensure_ascii=True))


def kept_texts(case: Case, digests: Collection[Any]) -> dict[Any, str]:
    """The texts of these digests that are still kept. One query."""
    rows = KeptText.objects.filter(case=case, sha256__in=digests)
    return dict(rows.values_list("sha256", "text"))
