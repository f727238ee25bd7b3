"""What a file that somebody sends must be, and what is kept of it. Pure: bytes in, bytes out.

The content decides, not the name. What is kept carries no author, place or device, and shows the same.
"""

from dataclasses import dataclass
from typing import Final

from regulator.casework.uploads import images, office, pdf
from regulator.casework.uploads.names import clean_name, ending_of
from regulator.casework.uploads.refusals import Unacceptable
from regulator.casework.uploads.sniffing import ALLOWED, accepted_type

__all__ = ["ALLOWED", "Prepared", "Unacceptable", "clean_name", "prepared"]


LONGEST_TEXT: Final = 25 * 1024 * 1024
"""Characters; a plain text of the largest size that is taken holds no more."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file fit to be kept: its bytes without authors and places, and its text (``""`` of a picture)."""

    name: str
    content_type: str
    content: bytes
    text: str


def prepared(*, name: str, content: bytes) -> Prepared:
    """The file as it is kept. Raises ``Unacceptable``, in plain words, for one that is not taken."""
    cleaned = clean_name(name)
    content_type = accepted_type(name=cleaned, content=content)
    kept, text = _BY_ENDING[ending_of(cleaned)](content)
    if len(text) > LONGEST_TEXT:
        raise Unacceptable("This file holds more text than can be checked. Send it in parts.")
    return Prepared(cleaned, content_type, kept, text)


def _word(content: bytes) -> tuple[bytes, str]:
    return office.stripped(content, main_part="word/document.xml")


def _excel(content: bytes) -> tuple[bytes, str]:
    return office.stripped(content, main_part="xl/workbook.xml")


def _plain(content: bytes) -> tuple[bytes, str]:
    return content, content.decode("utf-8-sig")


def _jpeg(content: bytes) -> tuple[bytes, str]:
    return images.stripped_jpeg(content), ""


def _png(content: bytes) -> tuple[bytes, str]:
    return images.stripped_png(content), ""


_BY_ENDING = {
    ".pdf": pdf.stripped,
    ".docx": _word,
    ".xlsx": _excel,
    ".png": _png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".csv": _plain,
    ".txt": _plain,
}
