"""What a file's bytes are, and whether that may be attached."""

import re
from typing import Final

import puremagic

from regulator.casework.uploads.names import ending_of
from regulator.casework.uploads.refusals import Unacceptable

ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    ".pdf": ("application/pdf",),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".csv": ("text/csv", "text/plain", ""),
    ".txt": ("text/plain", ""),
}
"""File name endings that are taken, each with the content types that its bytes may show. Text shows none."""
_BEGINNINGS: Final = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
_DICOM_PLACE: Final = slice(128, 132)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml)", re.IGNORECASE)
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def accepted_type(*, name: str, content: bytes) -> str:
    """The content type of an acceptable file. Raises ``Unacceptable`` saying why another is not."""
    if not content:
        raise Unacceptable("The file is empty.")
    if content[_DICOM_PLACE] == b"DICM":
        raise Unacceptable("This is a DICOM image, which holds patient data. Send a description instead.")
    ending = ending_of(name)
    if ending not in ALLOWED:
        raise Unacceptable("The file must be a PDF, Word, Excel, PNG, JPEG, CSV or text file.")
    if ending in (".docx", ".xlsx") and content.startswith(_OLD_OFFICE):
        raise Unacceptable(
            "This file is protected with a password, or of an Office version before 2007. Save it without a "
            "password in today’s format."
        )
    return _type_of(ending, content)


def _type_of(ending: str, content: bytes) -> str:
    """By its beginning, where its kind has one; text by reading as text, and being no web page."""
    beginning = _BEGINNINGS.get(ending)
    if beginning is not None:
        fits = content.startswith(beginning)
    else:
        found = _sniffed(content)
        fits = _is_text(content) and not _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf"))
        fits = fits and found in ALLOWED[ending]
    if not fits:
        raise Unacceptable(f"The content of this file is not what its ending, {ending}, says.")
    return ALLOWED[ending][0]


def _sniffed(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
