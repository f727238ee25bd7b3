"""PDF documents without their authors, and their text."""

from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from regulator.casework.uploads.refusals import Unacceptable

MOST_PAGES: Final = 200
LONGEST_TEXT: Final = 5_000_000
_OF_THE_DOCUMENT: Final = ("/Metadata", "/PieceInfo", "/OpenAction", "/AA", "/AF", "/Collection")
_OF_A_PAGE: Final = ("/Metadata", "/PieceInfo", "/AA", "/LastModified", "/AF")
_OF_A_NOTE: Final = ("/T", "/M", "/CreationDate", "/NM")
_NAMED: Final = ("/EmbeddedFiles", "/JavaScript")


def stripped(content: bytes) -> tuple[bytes, str]:
    """The document without information dictionary, XMP, notes' authors, scripts and files inside it; and its
    text. Raises ``Unacceptable`` for one that is encrypted, damaged or of more than ``MOST_PAGES`` pages."""
    try:
        return _stripped(content)
    except Unacceptable:
        raise
    except Exception as fault:  # whatever a damaged or hostile file makes the library raise
        raise Unacceptable("This PDF is damaged and cannot be read. Save it anew and send that.") from fault


def _stripped(content: bytes) -> tuple[bytes, str]:
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Unacceptable("This PDF is protected with a password. Save it without one and send that.")
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        raise Unacceptable(
            f"A PDF must have 1 to {MOST_PAGES} pages; this one has {pages}. Send it in parts."
        )
    text = _text_of(reader)
    writer = PdfWriter(clone_from=reader)
    _clean(writer)
    written = BytesIO()
    writer.write(written)
    return written.getvalue(), text


def _text_of(reader: PdfReader) -> str:
    texts, length = [], 0
    for page in reader.pages:
        texts.append(page.extract_text())
        length += len(texts[-1])
        if length > LONGEST_TEXT:
            raise Unacceptable("This PDF holds more text than can be checked. Send it in parts.")
    return "\n".join(texts)


def _clean(writer: PdfWriter) -> None:
    writer.metadata = None
    root: Any = writer.root_object
    _drop(root, _OF_THE_DOCUMENT)
    if "/Names" in root:
        _drop(root["/Names"].get_object(), _NAMED)
    for page in writer.pages:
        _drop(page, _OF_A_PAGE)
        for note in page.get("/Annots", None) or ():
            of_note: Any = note.get_object()
            if isinstance(of_note, DictionaryObject) and of_note.get("/Subtype") != NameObject("/Widget"):
                _drop(of_note, _OF_A_NOTE)


def _drop(held: Any, names: tuple[str, ...]) -> None:
    for name in names:
        held.pop(NameObject(name), None)
