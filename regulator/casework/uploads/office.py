"""Word and Excel files (ECMA-376): opened with limits, rid of authors, and their text.

A file is taken apart in memory, each part up to a limit however small it says it is, and put together anew.
"""

import html
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final

from regulator.casework.uploads import images
from regulator.casework.uploads.markup import Reader
from regulator.casework.uploads.refusals import Unacceptable
from regulator.casework.uploads.sniffing import DICOM, DICOM_PLACE

MOST_PARTS: Final = 2_000
LARGEST_WHOLE: Final = 100 * 1024 * 1024
LARGEST_RATIO: Final = 200
SMALL: Final = 1024 * 1024
"""Bytes below which a part may be of any ratio: a short repetitive sheet shrinks a lot."""
_DAMAGED: Final = "This Office file is damaged and cannot be read. Save it anew and send that."
_OTHER: Final = "The content of this file is not what its ending, .docx or .xlsx, says."
_BOMB: Final = (
    "This file unpacks to far more than it should, so it was not opened. Save it anew and send that."
)
_MACROS: Final = "This file holds macros. Save it without them, as .docx or .xlsx, and send that."
_INSIDE: Final = (
    "This file holds another file inside it. Take that out, and send it on its own if it is needed."
)
_LOCKED: Final = "This file is protected with a password. Save it without one and send that."
_DICOM_INSIDE: Final = (
    "This file holds a DICOM image inside it, which holds patient data. Take it out and send the rest."
)
_PICTURES: Final = {
    "png": (b"\x89PNG",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF8",),
    "bmp": (b"BM",),
    "emf": (b"\x01\x00\x00\x00",),
    "wmf": (b"\xd7\xcd\xc6\x9a", b"\x01\x00", b"\x02\x00"),
}
"""Pictures in a file, each with how its bytes may begin. TIFF, which holds authors, is none of them."""
_OTHER_PARTS: Final = re.compile(r"(?:word/fonts/.*\.(?:odttf|fntdata))|(?:xl/printersettings/[^/]*\.bin)")
_ARCHIVES: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-", b"MZ", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_MACRO_PARTS: Final = re.compile(r"vbaproject|vbadata|macrosheets/|activex/|customui/", re.IGNORECASE)

Parts = dict[str, bytes]


def stripped(content: bytes, *, main_part: str) -> tuple[bytes, str]:
    """The file without its authors, and its text. Raises ``Unacceptable`` for one that is damaged, encrypted,
    holds macros or other files, or unpacks to more than ``LARGEST_WHOLE`` bytes."""
    try:
        parts = _parts(content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as fault:
        if isinstance(fault, Unacceptable):
            raise
        raise Unacceptable(_DAMAGED) from fault
    if "[Content_Types].xml" not in parts or main_part not in parts:
        raise Unacceptable(_OTHER)
    _refuse_programs(parts)
    _refuse_files_inside(parts)
    cleaned = {name: _clean(name, data) for name, data in parts.items()}
    return _zipped(cleaned), "\n".join(_texts(cleaned))


def _parts(content: bytes) -> Parts:
    """Every part by its name, inflated under the limits."""
    parts: Parts = {}
    left = LARGEST_WHOLE
    with zipfile.ZipFile(BytesIO(content)) as packed:
        entries = packed.infolist()
        if len(entries) > MOST_PARTS or sum(entry.file_size for entry in entries) > LARGEST_WHOLE:
            raise Unacceptable(_BOMB)
        for entry in entries:
            _check_entry(entry, parts)
            if entry.filename.endswith("/"):
                continue
            with packed.open(entry) as part:
                data = part.read(min(left, entry.file_size) + 1)
            left -= len(data)
            if len(data) > entry.file_size or left < 0:
                raise Unacceptable(_BOMB)
            parts[entry.filename] = data
    return parts


def _check_entry(entry: zipfile.ZipInfo, seen: Parts) -> None:
    if entry.flag_bits & 0x1:
        raise Unacceptable(_LOCKED)
    name = entry.filename
    if not name or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unacceptable(_DAMAGED)
    if name in seen or name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise Unacceptable(_DAMAGED)
    if entry.file_size > SMALL and entry.file_size > LARGEST_RATIO * max(1, entry.compress_size):
        raise Unacceptable(_BOMB)


def _refuse_programs(parts: Parts) -> None:
    """Nothing in it may run, or name what is not in the file."""
    types = parts["[Content_Types].xml"].lower()
    if b"macroenabled" in types or any(_MACRO_PARTS.search(name) for name in parts):
        raise Unacceptable(_MACROS)
    for name, data in parts.items():
        if _is_xml(name) and (b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\x00" in data):
            raise Unacceptable(_DAMAGED)


def _refuse_files_inside(parts: Parts) -> None:
    """Besides XML only pictures that are what they say, fonts and the printer's settings."""
    for name, data in parts.items():
        low = name.lower()
        if data[DICOM_PLACE] == DICOM:
            raise Unacceptable(_DICOM_INSIDE)
        if data.startswith(_ARCHIVES) or "/embeddings/" in low:
            raise Unacceptable(_INSIDE)
        if not (_is_xml(low) or _is_picture(low, data) or _OTHER_PARTS.fullmatch(low)):
            raise Unacceptable(_INSIDE)


def _is_picture(low: str, data: bytes) -> bool:
    ending = low.rpartition(".")[2]
    return ending in _PICTURES and data.startswith(_PICTURES[ending])


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml", ".svg"))


# Authors ------------------------------------------------------------------------------------------------

_SCHEMAS: Final = "http://schemas.openxmlformats.org"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTY_PROPERTIES: Final = {
    "docprops/core.xml": f'<cp:coreProperties xmlns:cp="{_SCHEMAS}/package/2006/metadata/core-properties"/>',
    "docprops/app.xml": f'<Properties xmlns="{_SCHEMAS}/officeDocument/2006/extended-properties"/>',
    "docprops/custom.xml": f'<Properties xmlns="{_SCHEMAS}/officeDocument/2006/custom-properties"/>',
}
_NAMING: Final = re.compile(
    rb"""(\s(?:[\w-]+:)?(?:author|initials|userName|displayName|userId|providerId|lastModifiedBy|"""
    rb"""lastEdited|date|dateUtc|absPath)\s{0,9}=\s{0,9})(?:"[^"<]*"|'[^'<]*')"""
)
_DATES: Final = re.compile(rb"(?:date|dateUtc)\s{0,9}=\s{0,9}\Z")
_XL_AUTHOR: Final = re.compile(rb"(<(?:\w+:)?author>)[^<]*(</(?:\w+:)?author>)")
_PATH: Final = re.compile(
    rb"""(<(?:\w+:)?absPath\b[^<>]{0,1000}?\burl\s{0,9}=\s{0,9})(?:"[^"<]*"|'[^'<]*')"""
)
_PEOPLE: Final = re.compile(
    r"(?:comments|people|person|document|footnotes|endnotes|header|footer|workbook)", re.I
)


def _clean(name: str, data: bytes) -> bytes:
    """The part without who made it: properties emptied, names of authors and times of comments replaced."""
    low = name.lower()
    if low in _EMPTY_PROPERTIES:
        return f"{_HEAD}{_EMPTY_PROPERTIES[low]}".encode()
    if data.startswith(b"\xff\xd8\xff"):
        return images.stripped_jpeg(data)
    if data.startswith(b"\x89PNG"):
        return images.stripped_png(data)
    if low.endswith(".xml") and low.startswith(("word/", "xl/")) and _PEOPLE.search(low):
        data = _XL_AUTHOR.sub(rb"\1Author\2", _NAMING.sub(_neutral, data))
        return _PATH.sub(rb'\1""', data)
    return data


def _neutral(match: "re.Match[bytes]") -> bytes:
    """A date must stay a date for the file to open."""
    return match[1] + (b'"2000-01-01T00:00:00Z"' if _DATES.search(match[1]) else b'"Author"')


def _zipped(parts: Parts) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, data)
    return written.getvalue()


# Text ---------------------------------------------------------------------------------------------------

_MADE_BY_THE_PROGRAM: Final = re.compile(
    r"\[content_types\]\.xml|.*\.rels|docprops/.*|xl/calcchain\.xml|(?:word|xl)/theme/.*"
    r"|(?:word|xl)/(?:styles|fonttable|websettings|numbering)[^/]*\.xml"
)
"""Parts, in lower case, in which nobody writes."""


def _texts(parts: Parts) -> Iterator[str]:
    reader = Reader()
    for name, data in parts.items():
        low = name.lower()
        if not _is_xml(low) or _MADE_BY_THE_PROGRAM.fullmatch(low):
            continue
        try:
            yield reader.text_of(data)
        except ValueError as fault:
            if isinstance(fault, Unacceptable):
                raise
            if not low.endswith(".vml"):  # which Excel itself writes with tags that nothing closes
                raise Unacceptable(_DAMAGED) from fault
            yield html.unescape(_TAG.sub(" ", data.decode("utf-8", "replace")))


_TAG: Final = re.compile(r"<[^<>]*>")
