"""What a file's bytes are, and whether that may be attached."""

import re
from typing import Final

from regulator.casework.uploads.names import ending_of
from regulator.casework.uploads.refusals import Unacceptable

ALLOWED: Final = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".csv": "text/csv",
    ".txt": "text/plain",
}
"""File name endings that are taken, each with its content type."""
_BEGINNINGS: Final = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
}
DICOM_PLACE: Final = slice(128, 132)
DICOM: Final = b"DICM"
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_ANOTHER: Final = "The content of this file is not what its ending, {}, says."
_NOT_UTF_8: Final = (
    "This text is not written in UTF-8. Save it again as “UTF-8” (in Excel: “CSV UTF-8”) and send that."
)
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|head|body|script|svg|\?xml)", re.IGNORECASE)
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def accepted_type(*, name: str, content: bytes) -> str:
    """The content type of an acceptable file. Raises ``Unacceptable`` saying why another is not."""
    if not content:
        raise Unacceptable("The file is empty.")
    if content[DICOM_PLACE] == DICOM:
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
    """By its beginning, where its kind has one; text by reading as text, and being no page or document."""
    beginning = _BEGINNINGS.get(ending)
    if beginning is None:
        _refuse_what_is_no_text(ending, content)
    elif not content.startswith(beginning):
        raise Unacceptable(_ANOTHER.format(ending))
    return ALLOWED[ending]


def _refuse_what_is_no_text(ending: str, content: bytes) -> None:
    """Whatever decodes as UTF-8 without control characters is text, however its first letters look."""
    bare = content.removeprefix(b"\xef\xbb\xbf")
    if bare.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unacceptable(_NOT_UTF_8)
    if _CONTROLS.search(bare) or bare.startswith(b"%PDF-") or _MARKUP.match(bare):
        raise Unacceptable(_ANOTHER.format(ending))
    try:
        bare.decode("utf-8")
    except UnicodeDecodeError:
        raise Unacceptable(_NOT_UTF_8) from None
