"""Small real files of each kind that may be attached, each with an author or a place to be taken out."""

import struct
import zipfile
import zlib
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator>Author Surname</dc:creator></cp:coreProperties>'
)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(*extra: tuple[bytes, bytes]) -> bytes:
    """One grey pixel, with further chunks before its data."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(chunk(*each) for each in extra)
        + chunk(b"IDAT", zlib.compress(b"\x00\x00"))
        + chunk(b"IEND", b"")
    )


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
PICTURE = (
    segment(0xDB, bytes(65)) + segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0") + segment(0xC4, bytes(29))
    + segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
)  # fmt: skip


def exif(orientation: int = 1, camera: bytes = b"GPS 51.5 Author Surname") -> bytes:
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0) + camera
    return segment(0xE1, b"Exif\0\0" + tiff)


def jpeg(*extra: bytes, after: bytes = b"") -> bytes:
    return b"\xff\xd8" + JFIF + b"".join(extra) + PICTURE + b"\xff\xd9" + after


def pdf(text: str = "The log", *, password: str = "", pages: int = 1) -> bytes:
    """Pages that say ``text``, by an author."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for _ in range(pages):
        page = writer.add_blank_page(300, 300)
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(drawn)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
    writer.add_metadata({"/Author": "Author Surname", "/Title": "Log"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def packed(parts: dict[str, bytes | str]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return written.getvalue()


def docx(text: str = "The log", /, **further: bytes | str) -> bytes:
    """A document in which somebody deleted a word; ``further`` parts by name (``__`` for a slash)."""
    body = (
        f"<w:document {_W}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        '<w:p><w:del w:id="1" w:author="Author Surname" w:date="2026-01-02T03:04:05Z"><w:r>'
        "<w:delText>gone</w:delText></w:r></w:del></w:p></w:body></w:document>"
    )
    comments = (
        f'<w:comments {_W}><w:comment w:id="0" w:author="Author Surname" w:initials="AS">'
        "<w:p><w:r><w:t>Check</w:t></w:r></w:p></w:comment></w:comments>"
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "word/document.xml": body,
        "word/comments.xml": comments,
        "docProps/core.xml": _CORE,
        "docProps/app.xml": "<Properties><Company>Author Surname</Company></Properties>",
        "docProps/custom.xml": "<Properties><p>Author Surname</p></Properties>",
    }
    return packed(parts | {name.replace("__", "/"): data for name, data in further.items()})


def xlsx(text: str = "Dose", number: str = "7.5", /, **further: bytes | str) -> bytes:
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": f'<workbook {_S}><fileSharing userName="Author Surname"/></workbook>',
        "xl/sharedStrings.xml": f"<sst {_S}><si><t>{text}</t></si></sst>",
        "xl/worksheets/sheet1.xml": (
            f'<worksheet {_S}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c>'
            f'<c r="B1"><v>{number}</v></c></row></sheetData></worksheet>'
        ),
        "xl/comments1.xml": f"<comments {_S}><authors><author>Author Surname</author></authors></comments>",
        "docProps/core.xml": _CORE,
    }
    return packed(parts | {name.replace("__", "/"): data for name, data in further.items()})
