"""What is kept of a file: the same to look at, and without who made it, where and on what."""

import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from regulator.casework.uploads import Unacceptable, clean_name, markup, office, pdf, prepared
from regulator.casework.uploads.names import LONGEST
from tests.casework import documents
from tests.casework.documents import JFIF, PICTURE, docx, exif, jpeg, packed, png, segment, xlsx

AUTHOR = b"Author Surname"


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as made:
        assert made.testzip() is None
        return {name: made.read(name) for name in made.namelist()}


def test_a_jpeg_loses_where_and_when_and_keeps_its_picture() -> None:
    told = jpeg(
        exif(), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + AUTHOR), segment(0xED, AUTHOR),
        segment(0xFE, AUTHOR), segment(0xE0, b"JFXX\0" + AUTHOR), after=b"a film of " + AUTHOR,
    )  # fmt: skip
    kept = prepared(name="a.JPG", content=told)
    assert kept.content == b"\xff\xd8" + JFIF + PICTURE + b"\xff\xd9"
    assert kept.text == ""


def test_a_jpeg_keeps_colours_and_the_way_up() -> None:
    profile, adobe = segment(0xE2, b"ICC_PROFILE\0\1\1colours"), segment(0xEE, b"Adobe\0\x64\0\0\0\0\1")
    kept = prepared(name="a.jpeg", content=jpeg(exif(6), profile, adobe)).content
    assert profile in kept
    assert adobe in kept
    assert b"Exif\0\0MM" in kept
    assert AUTHOR not in kept
    again = prepared(name="a.jpeg", content=kept).content
    assert again == kept


def test_a_png_loses_its_texts_and_keeps_its_picture() -> None:
    told = png(
        (b"tEXt", b"Author\0" + AUTHOR), (b"eXIf", AUTHOR), (b"gAMA", b"\0\0\0\1"), (b"tIME", b"1234567")
    )
    kept = prepared(name="a.png", content=told + AUTHOR).content
    assert kept == png((b"gAMA", b"\0\0\0\1"))


@pytest.mark.parametrize("cut", [3, 12, 30, -1, -3])
@pytest.mark.parametrize(("name", "content"), [("a.jpg", jpeg(exif())), ("a.png", png())])
def test_a_picture_cut_short_is_refused(name: str, content: bytes, cut: int) -> None:
    with pytest.raises(Unacceptable, match=r"damaged|not what its ending"):
        prepared(name=name, content=content[:cut])


@pytest.mark.parametrize(("name", "content"), [("a.docx", docx()), ("a.xlsx", xlsx())])
def test_an_office_file_loses_its_authors_and_still_opens(name: str, content: bytes) -> None:
    assert any(AUTHOR in part for part in unpacked(content).values())
    kept = prepared(name=name, content=content)
    parts = unpacked(kept.content)
    assert list(parts) == list(unpacked(content))
    assert not any(AUTHOR in part for part in parts.values())


def test_what_a_word_file_says_is_read_deleted_words_and_notes_too() -> None:
    kept = prepared(name="a.docx", content=docx("943</w:t></w:r><w:r><w:t> 476 5919 &amp; more"))
    assert "943 476 5919 & more\n" in kept.text
    assert "gone" in kept.text
    assert "Check" in kept.text
    assert b'w:date="2000-01-01T00:00:00Z"' in unpacked(kept.content)["word/document.xml"]


def test_what_an_excel_file_says_is_read_words_and_numbers() -> None:
    kept = prepared(name="a.xlsx", content=xlsx("Mr Patel", "9434765919"))
    assert "Mr Patel" in kept.text.splitlines()
    assert "9434765919" in kept.text.split()


def test_pictures_inside_a_document_are_stripped_too() -> None:
    sent = docx(**{"word/media/1.jpg": jpeg(exif())})
    kept = prepared(name="a.docx", content=sent)
    assert unpacked(kept.content)["word/media/1.jpg"] == b"\xff\xd8" + JFIF + PICTURE + b"\xff\xd9"


def test_a_pdf_loses_its_author_and_its_text_is_read() -> None:
    sent = documents.pdf("Seen by Mr Patel")
    assert PdfReader(BytesIO(sent)).metadata
    kept = prepared(name="a.pdf", content=sent)
    assert kept.text.strip() == "Seen by Mr Patel"
    assert AUTHOR not in kept.content
    opened = PdfReader(BytesIO(kept.content))
    assert opened.pages[0].extract_text().strip() == "Seen by Mr Patel"
    assert opened.metadata is None or opened.metadata.author is None


def _bomb() -> bytes:
    return docx(word__big_xml=b"0" * (office.SMALL * 3))


def _lying() -> bytes:
    """A part that says it is small and inflates to more."""
    honest = bytearray(docx(word__big_xml=b"ab" * 5000))
    for mark in (struct.pack("<I", 10_000),):
        while mark in honest:
            place = honest.index(mark)
            honest[place : place + 4] = struct.pack("<I", 10)
    return bytes(honest)


def _encrypted() -> bytes:
    content = bytearray(docx())
    content[6] |= 1
    central = content.index(b"PK\x01\x02")
    content[central + 8] |= 1
    return bytes(content)


DICOM = bytes(128) + b"DICM" + bytes(50)


def zipped_with(compression: int) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", compression) as made:
        for name, data in unpacked(docx()).items():
            made.writestr(name, data)
    return written.getvalue()


def nameless() -> bytes:
    """An entry whose name begins with a zero byte, which the library reads as no name at all."""
    return docx(**{"Xord/media/1.png": png()}).replace(b"Xord/media/1.png", b"\x00ord/media/1.png")


@pytest.mark.parametrize(
    ("name", "make", "why"),
    [
        ("bomb.docx", _bomb, "unpacks to far more"),
        ("lying.docx", _lying, "unpacks to far more|damaged"),
        (
            "many.docx",
            lambda: packed({f"{n}": "" for n in range(office.MOST_PARTS + 1)}),
            "unpacks to far more",
        ),
        ("locked.docx", _encrypted, "password"),
        ("locked.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (
            "macro.docx",
            lambda: docx(word__vbaProject_bin=b"x").replace(b"vbaProject_bin", b"vbaProject.bin"),
            "macros",
        ),
        ("nested.docx", lambda: docx(word__inner=docx()), "another file inside"),
        ("page.docx", lambda: docx(**{"word/afchunk.html": "<p>943 476 5919</p>"}), "another file inside"),
        ("scan.docx", lambda: docx(**{"word/media/1.png": DICOM}), "patient data"),
        ("scan.docx", lambda: docx(**{"word/media/1.jpg": b"GIF89a"}), "another file inside"),
        ("broken.docx", lambda: docx(**{"word/footer1.xml": "<a><b></a>"}), "damaged"),
        ("lzma.docx", lambda: zipped_with(zipfile.ZIP_LZMA), "damaged"),
        ("bzip2.xlsx", lambda: zipped_with(zipfile.ZIP_BZIP2), "damaged"),
        ("nameless.docx", nameless, "damaged"),
        ("nested.docx", lambda: docx(word__inner=b"%PDF-1.7"), "another file inside"),
        ("slip.docx", lambda: packed({"../../x": "1"}), "damaged"),
        ("entity.docx", lambda: docx('<!DOCTYPE x [<!ENTITY a "b">]>'), "damaged"),
        ("workbook.docx", xlsx, "not what its ending"),
        ("document.xlsx", docx, "not what its ending"),
        ("zip.docx", lambda: packed({"a.txt": "x"}), "not what its ending"),
        ("cut.docx", lambda: docx()[:-40], "damaged"),
        ("locked.pdf", lambda: documents.pdf(password="secret"), "password"),
        ("long.pdf", lambda: documents.pdf(pages=pdf.MOST_PAGES + 1), "in parts"),
        ("broken.pdf", lambda: b"%PDF-1.7\nnothing", "damaged"),
        ("empty.pdf", lambda: b"", "empty"),
        ("drawing.svg", lambda: b"<svg/>", "must be a PDF"),
        ("page.html", lambda: b"<html/>", "must be a PDF"),
        ("drawing.txt", lambda: b"  <svg onload='x'/>", "not what its ending"),
        ("page.csv", lambda: b"\xef\xbb\xbf<!DOCTYPE html>", "not what its ending"),
        ("macro.docm", docx, "must be a PDF"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(name: str, make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(Unacceptable, match=why):
        prepared(name=name, content=make())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/report.pdf", "report.pdf"),
        ("C:\\Users\\somebody\\report.pdf", "report.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("report\u202efdp.txt", "reportfdp.txt"),
        ("  report .pdf. ", "report.pdf"),
        (".pdf", "file.pdf"),
        ("", "file"),
        ("...", "file"),
        ("dose/", "file"),
        ("x" * 300 + ".PDF", "x" * (LONGEST - 4) + ".PDF"),
        ("Dose report é.pdf", "Dose report é.pdf"),
    ],
)
def test_a_name_is_cleaned(sent: str, shown: str) -> None:
    assert clean_name(sent) == shown


@given(st.text(max_size=400))
@example("." * 300)
@example("a." + "b" * 300)
def test_any_name_becomes_one_that_can_be_shown(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= LONGEST
    assert cleaned.isprintable()
    assert not set(cleaned) & {"/", "\\"}
    assert clean_name(cleaned) == cleaned


NUMBER = "943 476 5919"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("word/diagrams/data1.xml", "<a:t xmlns:a='a'>{}</a:t>"),
        ("word/charts/chart1.xml", "<c:v xmlns:c='c'>{}</c:v>"),
        ("word/glossary/document.xml", "<w:t xmlns:w='w'>{}</w:t>"),
        ("word/settings.xml", "<w:docVar xmlns:w='w' w:name='x' w:val='{}'/>"),
        ("word/header1.xml", "<wp:docPr xmlns:wp='w' id='1' descr='{}'/>"),
        ("customXml/item1.xml", "<patient><id>{}</id></patient>"),
        ("word/media/image1.svg", "<svg><text>{}</text></svg>"),
        ("word/vmlDrawing1.vml", "<xml><br>{}</xml>"),
    ],
)
def test_whatever_a_word_file_says_in_any_part_is_read(part: str, said: str) -> None:
    assert NUMBER in prepared(name="a.docx", content=docx(**{part: said.format(NUMBER)})).text


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/pivotCache/pivotCacheDefinition1.xml", "<sharedItems><s v='{}'/></sharedItems>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "<r><n v='{}'/></r>"),
        ("xl/externalLinks/externalLink1.xml", "<cell><v>{}</v></cell>"),
        ("xl/worksheets/sheet2.xml", "<worksheet><oddHeader>{}</oddHeader></worksheet>"),
        ("xl/worksheets/sheet3.xml", "<row><c t='inlineStr'><is><t>{}</t></is></c></row>"),
        ("xl/worksheets/sheet4.xml", "<row><c><f>1+1</f><v>{}</v></c></row>"),
        ("xl/tables/table1.xml", "<tableColumn name='{}'/>"),
        ("xl/drawings/drawing1.xml", "<xdr:cNvPr xmlns:xdr='x' descr='{}'/>"),
    ],
)
def test_whatever_an_excel_file_says_in_any_part_is_read(part: str, said: str) -> None:
    assert NUMBER in prepared(name="a.xlsx", content=xlsx(**{part: said.format(NUMBER)})).text


def test_a_sheets_name_is_read_and_the_place_of_a_shared_text_is_not() -> None:
    sheets = f"<workbook><sheets><sheet name='{NUMBER}'/></sheets></workbook>"
    cell = "<worksheet><row><c t='s'><v>9434765919</v></c></row></worksheet>"
    kept = prepared(name="a.xlsx", content=xlsx(**{"xl/workbook.xml": sheets, "xl/worksheets/s.xml": cell}))
    assert NUMBER in kept.text
    assert "9434765919" not in kept.text


def test_the_authors_that_are_taken_out_are_not_read_either() -> None:
    for name, made in (("a.docx", docx()), ("a.xlsx", xlsx())):
        assert AUTHOR.decode() not in prepared(name=name, content=made).text


def test_more_elements_than_can_be_read_in_seconds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 40)
    assert prepared(name="a.docx", content=docx())
    many = docx(**{"word/footer1.xml": f"<a>{'<b/>' * 20}</a>", "word/footer2.xml": f"<a>{'<b/>' * 20}</a>"})
    with pytest.raises(Unacceptable, match="more than can be checked"):
        prepared(name="a.docx", content=many)


def with_objects(*made: DictionaryObject) -> bytes:
    """A document whose page has these notes."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(documents.pdf())))
    notes = ArrayObject(writer._add_object(each) for each in made)
    writer.pages[0][NameObject("/Annots")] = notes
    writer.add_outline_item(title=f"Bookmark of {NUMBER}", page_number=0)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def note(kind: str, **more: Any) -> DictionaryObject:
    held = DictionaryObject(
        {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(kind)}
    )
    held[NameObject("/Rect")] = ArrayObject(map(NumberObject, (0, 0, 9, 9)))
    for key, value in more.items():
        held[NameObject(f"/{key}")] = value
    return held


def test_what_a_pdf_says_beside_its_pages_is_read() -> None:
    sent = with_objects(
        note("/Text", Contents=TextStringObject("A note on 401 023 2137")),
        note("/Widget", FT=NameObject("/Tx"), V=TextStringObject("A field of 987 654 4321")),
    )
    said = prepared(name="a.pdf", content=sent).text
    for each in ("The log", "A note on 401 023 2137", "A field of 987 654 4321", f"Bookmark of {NUMBER}"):
        assert each in said


def test_a_pdf_loses_scripts_and_the_files_inside_it() -> None:
    inside = DecodedStreamObject()
    inside.set_data(DICOM)
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    spec = DictionaryObject({NameObject("/Type"): NameObject("/Filespec")})
    spec[NameObject("/EF")] = DictionaryObject({NameObject("/F"): inside})
    sent = with_objects(
        note("/FileAttachment", FS=spec), note("/Link", A=script), note("/Link", AA=script), note("/Text")
    )
    assert b"DICM" in sent
    kept = prepared(name="a.pdf", content=sent).content
    for gone in (b"DICM", b"app.alert", b"/FileAttachment", b"/AA"):
        assert gone not in kept, gone
    assert len(PdfReader(BytesIO(kept)).pages[0]["/Annots"]) == 3  # type: ignore[arg-type]


def drawn(content: bytes, pages: int = 1) -> bytes:
    """Pages that all share one stream of drawing."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(documents.pdf(pages=pages))))
    shared = DecodedStreamObject()
    shared.set_data(content)
    stream = writer._add_object(shared.flate_encode())
    for page in writer.pages:
        page[NameObject("/Contents")] = stream
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_small_pdf_that_unpacks_to_endless_drawing_is_refused() -> None:
    sent = drawn(b"BT /F1 1 Tf () Tj ET\n" * (pdf.MOST_DRAWING // 20))
    assert len(sent) < 100_000
    with pytest.raises(Unacceptable, match="more drawing than can be checked"):
        prepared(name="a.pdf", content=sent)


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = drawn(b"BT /F1 1 Tf () Tj ET\n" * 10, pages=3)
    assert prepared(name="a.pdf", content=sent)
    monkeypatch.setattr(pdf, "LONGEST_READING", 0)
    with pytest.raises(Unacceptable, match="too long to be checked"):
        prepared(name="a.pdf", content=sent)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("log.txt", b"From: the physicist"),
        ("log.txt", b"BM was asked"),
        ("log.txt", b"MZ is the mark of the room"),
        ("log.txt", "µSv – as planned\tx\r\n".encode()),
        ("log.csv", b"\xef\xbb\xbfdose,unit\n7.5,mSv\n"),
        ("log.csv", b"PK is a letter"),
    ],
)
def test_text_is_text_however_its_first_letters_look(name: str, content: bytes) -> None:
    assert prepared(name=name, content=content).content == content


@pytest.mark.parametrize("content", ["dose µSv".encode("cp1252"), "dose".encode("utf-16")])
def test_text_in_another_encoding_is_told_how_to_save_it(content: bytes) -> None:
    with pytest.raises(Unacceptable, match="Save it again as “UTF-8”"):
        prepared(name="log.csv", content=content)


_WHOLE = {"a.pdf": documents.pdf(), "a.docx": docx(), "a.xlsx": xlsx(), "a.png": png(), "a.jpg": jpeg(exif())}


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(_WHOLE)),
    place=st.integers(0, 5000),
    put=st.binary(max_size=40),
    gone=st.integers(0, 200),
)
def test_a_damaged_file_is_kept_or_refused_and_nothing_else(
    name: str, place: int, put: bytes, gone: int
) -> None:
    whole = _WHOLE[name]
    place %= len(whole)
    with suppress(Unacceptable):
        assert prepared(name=name, content=whole[:place] + put + whole[place + gone :]).content
