"""PDF documents without their authors, scripts and files inside, and all that they say."""

from collections.abc import Callable, Iterator
from io import BytesIO
from time import thread_time
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, NullObject, StreamObject

from regulator.casework.uploads.refusals import Unacceptable

MOST_PAGES: Final = 200
LONGEST_TEXT: Final = 5_000_000
MOST_DRAWING: Final = 4 * 1024 * 1024
"""Bytes, unpacked, of what a page or a form on it is drawn with: what is read in one step."""
MOST_DRAWING_IN_ALL: Final = 64 * 1024 * 1024
LONGEST_READING: Final = 5.0
"""Seconds of one core that reading the text may take, whatever the file is made of."""
_OF_THE_DOCUMENT: Final = ("/Metadata", "/PieceInfo", "/OpenAction", "/AF", "/Collection")
_OF_A_PAGE: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/AF")
_OF_A_NOTE: Final = ("/T", "/M", "/CreationDate", "/NM")
_NAMED: Final = ("/EmbeddedFiles", "/JavaScript")
_HOLDING_FILES: Final = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
_ACTING: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/Movie"})
_WORDS: Final = ("/Contents", "/V", "/DV", "/TU", "/RC", "/Subj", "/Title", "/Alt", "/ActualText", "/Opt")
"""Under which keys a document says what its pages do not draw: notes, fields, bookmarks, captions."""


def stripped(content: bytes) -> tuple[bytes, str]:
    """The document without information dictionary, XMP, notes' authors, scripts and files inside it; and its
    text: what is drawn, and what stands in notes, fields, bookmarks and alternative texts.

    Raises ``Unacceptable`` for one that is encrypted or damaged, of more than ``MOST_PAGES`` pages, or that
    takes longer to read than a page should keep anybody waiting.
    """
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
    writer = PdfWriter(clone_from=reader)
    _weigh(writer)
    _clean(writer)
    texts = [*_drawn(writer), *_said_beside(writer)]
    if sum(map(len, texts)) > LONGEST_TEXT:
        raise Unacceptable("This PDF holds more text than can be checked. Send it in parts.")
    written = BytesIO()
    writer.write(written)
    return written.getvalue(), "\n".join(texts)


def _dictionaries(writer: PdfWriter) -> Iterator[DictionaryObject]:
    """Every dictionary of the document, streams among them, also those that lie inside others."""
    waiting: list[Any] = list(writer._objects)
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            yield each
            waiting.extend(each.values())
        elif isinstance(each, ArrayObject):
            waiting.extend(each)


# Text ---------------------------------------------------------------------------------------------------


def _weigh(writer: PdfWriter) -> None:
    """Refuse what is drawn with more than can be read in time, before any of it is read."""
    in_all = 0
    for size in _sizes(writer):
        in_all += size
        if size > MOST_DRAWING or in_all > MOST_DRAWING_IN_ALL:
            raise Unacceptable("This PDF holds more drawing than can be checked. Send it in parts.")


def _sizes(writer: PdfWriter) -> Iterator[int]:
    for page in writer.pages:
        drawn = page.get_contents()
        yield len(drawn.get_data()) if drawn is not None else 0
    for each in _dictionaries(writer):
        if isinstance(each, StreamObject) and each.get("/Subtype") == "/Form":
            yield len(each.get_data())


def _drawn(writer: PdfWriter) -> Iterator[str]:
    """The text of each page, as long as the reading lasts."""
    in_time = _watch()
    for page in writer.pages:
        yield page.extract_text(visitor_operand_before=in_time)
        in_time()


def _watch() -> Callable[..., None]:
    """What is called at every step of the reading. The library goes on after an error inside a form, and is
    stopped again at its next step."""
    ends = thread_time() + LONGEST_READING

    def in_time(*step: object) -> None:
        if thread_time() > ends:
            raise Unacceptable("This PDF takes too long to be checked. Send it in parts.")

    return in_time


def _said_beside(writer: PdfWriter) -> Iterator[str]:
    """What stands in the objects of the document and is not drawn by its pages."""
    for each in _dictionaries(writer):
        for key in _WORDS:
            yield from _words(each.get(key))


def _words(value: Any) -> Iterator[str]:
    held = value.get_object() if isinstance(value, IndirectObject) else value
    if isinstance(held, NameObject):
        return
    if isinstance(held, str):
        yield held
    elif isinstance(held, bytes):
        yield held.decode("latin-1")
    elif isinstance(held, ArrayObject):
        yield from (one for one in held if isinstance(one, str) and not isinstance(one, NameObject))


# Authors, scripts and files -----------------------------------------------------------------------------


def _clean(writer: PdfWriter) -> None:
    inside = list(_files_inside(writer))
    writer.metadata = None
    root: Any = writer.root_object
    _drop(root, _OF_THE_DOCUMENT)
    if "/Names" in root:
        _drop(root["/Names"].get_object(), _NAMED)
    for page in writer.pages:
        _drop(page, _OF_A_PAGE)
        _clean_notes(writer, page)
    for each in list(_dictionaries(writer)):
        _drop(each, ("/AA", "/EF", "/JS"))
        if _acts(each.get("/A")):
            _drop(each, ("/A",))
    for place in inside:
        writer._objects[place] = NullObject()


def _clean_notes(writer: PdfWriter, page: Any) -> None:
    """A note loses its author; one that holds a file or a film is taken off the page."""
    kept = ArrayObject()
    for note in page.get("/Annots", None) or ():
        of_note: Any = note.get_object()
        if not isinstance(of_note, DictionaryObject) or of_note.get("/Subtype") in _HOLDING_FILES:
            if isinstance(note, IndirectObject):
                writer._objects[note.idnum - 1] = NullObject()
            continue
        if of_note.get("/Subtype") != "/Widget":
            _drop(of_note, _OF_A_NOTE)
        kept.append(note)
    if "/Annots" in page:
        page[NameObject("/Annots")] = kept


def _acts(action: Any) -> bool:
    """Whether an action does something by itself, or leads on to one that does."""
    seen = 0
    held = action.get_object() if action is not None else None
    while isinstance(held, DictionaryObject) and seen < 20:
        if held.get("/S") in _ACTING:
            return True
        following, seen = held.get("/Next"), seen + 1
        held = following.get_object() if following is not None else None
        if isinstance(held, ArrayObject):
            return any(_acts(each) for each in held[:20])
    return seen >= 20


def _files_inside(writer: PdfWriter) -> Iterator[int]:
    """The places of the streams that are files of their own."""
    for place, each in enumerate(writer._objects):
        if isinstance(each, StreamObject) and each.get("/Type") == "/EmbeddedFile":
            yield place
    for each in _dictionaries(writer):
        held: Any = each.get("/EF")
        held = held.get_object() if held is not None else None
        for stream in held.values() if isinstance(held, DictionaryObject) else ():
            if isinstance(stream, IndirectObject) and stream.pdf is writer:
                yield stream.idnum - 1


def _drop(held: Any, names: tuple[str, ...]) -> None:
    for name in names:
        held.pop(NameObject(name), None)
