"""Pictures without where, when and by whom they were taken. The coded picture itself is copied, not decoded.

JPEG as in ITU-T T.81, PNG as in the W3C's specification (third edition).
"""

import re
import struct
from collections.abc import Iterator
from typing import Final

from regulator.casework.uploads.refusals import Unacceptable

_JPEG_START: Final = b"\xff\xd8"
_JPEG_END: Final = b"\xff\xd9"
_SCAN: Final = 0xDA
_BROKEN_JPEG: Final = "This JPEG is damaged and cannot be read. Save the picture anew and send that."
_BROKEN_PNG: Final = "This PNG is damaged and cannot be read. Save the picture anew and send that."
_NEXT_MARKER: Final = re.compile(rb"\xff+([^\x00\xd0-\xd7\xff])", re.DOTALL)
_COMMENT: Final = 0xFE
_TURNED: Final = range(2, 9)
_ORIENTATION: Final = 0x0112

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD"}
    | {b"pHYs", b"cICP", b"acTL", b"fcTL", b"fdAT"}
)


def stripped_jpeg(content: bytes) -> bytes:
    """The picture with its colour profile and the way up that it is to be shown, and no other metadata, nor
    anything after its end. Raises ``Unacceptable`` for one that is damaged."""
    kept, turned, saw_scan = [_JPEG_START], 1, False
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:10] == b"Exif\0\0":
            turned = _orientation(segment[10:]) or turned
        if _shows_the_picture(marker, segment):
            kept.append(_without_thumbnail(segment) if marker == 0xE0 else segment)
        saw_scan = saw_scan or marker == _SCAN
    if not saw_scan:
        raise Unacceptable(_BROKEN_JPEG)
    if turned in _TURNED:
        kept.insert(2 if kept[1][1] == 0xE0 else 1, _turned(turned))
    return b"".join([*kept, _JPEG_END])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each segment with its marker; what a scan codes belongs to its segment. Ends with the picture."""
    place = 2
    while True:
        found = _NEXT_MARKER.match(content, place)
        if found is None:
            raise Unacceptable(_BROKEN_JPEG)
        marker, place = found[1][0], found.end()
        if marker == _JPEG_END[1]:
            return
        if marker in (0x01, 0xD8) or len(content) < place + 2:
            raise Unacceptable(_BROKEN_JPEG)
        end = place + struct.unpack_from(">H", content, place)[0]
        if marker == _SCAN:
            following = _NEXT_MARKER.search(content, end)
            if following is None:
                raise Unacceptable(_BROKEN_JPEG)
            end = following.start()
        if end < place + 2 or end > len(content):
            raise Unacceptable(_BROKEN_JPEG)
        yield marker, b"\xff" + bytes([marker]) + content[place:end]
        place = end


def _shows_the_picture(marker: int, segment: bytes) -> bool:
    """JFIF's header, the colour profile and Adobe's colour transform; no other application's, no comment."""
    if marker == 0xE0:
        return segment[4:9] == b"JFIF\0" and len(segment) >= 18
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\0"
    if marker == 0xEE:
        return segment[4:9] == b"Adobe"
    return marker != _COMMENT and not 0xE0 <= marker <= 0xEF


def _without_thumbnail(segment: bytes) -> bytes:
    return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


def _orientation(tiff: bytes) -> int:
    """Which way up the picture is shown (1 to 8); 0 where its Exif block does not say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 0
    start = struct.unpack_from(f"{order}I", tiff, 4)[0]
    if start + 2 > len(tiff):
        return 0
    for entry in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
        place = start + 2 + 12 * entry
        if place + 12 > len(tiff):
            return 0
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, place)
        if tag == _ORIENTATION:
            return int(value)
    return 0


def _turned(way: int) -> bytes:
    """An Exif block that says which way up, and nothing else."""
    tiff = b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, way, 0, 0)
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


def stripped_png(content: bytes) -> bytes:
    """The picture with what its showing needs: no text, no time, no Exif, nothing after its end. Raises
    ``Unacceptable`` for one that is damaged."""
    kept, place, kind = [_PNG_START], len(_PNG_START), b""
    while kind != b"IEND":
        if len(content) < place + 12:
            raise Unacceptable(_BROKEN_PNG)
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content):
            raise Unacceptable(_BROKEN_PNG)
        if kind in _PNG_KEPT:
            kept.append(content[place:end])
        place = end
    if kept[1][4:8] != b"IHDR" or not any(each[4:8] == b"IDAT" for each in kept[1:]):
        raise Unacceptable(_BROKEN_PNG)
    return b"".join(kept)
