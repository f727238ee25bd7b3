"""The name under which a file is shown: the last part of what was sent, without what hides or breaks."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

LONGEST: Final = 200
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def clean_name(name: str) -> str:
    """``name`` without path, control characters and marks that turn the reading direction; at most
    ``LONGEST`` characters, its ending kept; ``file`` where nothing is left before the ending."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(
        one for one in unicodedata.normalize("NFC", last) if unicodedata.category(one) not in _UNSEEN
    )
    shown = " ".join(shown.split()).strip(". ") if shown.strip(". ") else ""
    ending = PurePosixPath(f"x{shown}").suffix if "." in shown else ""
    ending = ending if len(ending) <= 20 else ""
    stem = shown.removesuffix(ending).rstrip(". ")
    if not ending and last.strip().startswith(".") and shown:
        stem, ending = "file", f".{shown}"[:20]
    return f"{(stem or 'file')[: LONGEST - len(ending)]}{ending}"


def ending_of(name: str) -> str:
    """The file name's ending in lower case, with its dot; ``""`` where it has none."""
    return PurePosixPath(name).suffix.lower()
