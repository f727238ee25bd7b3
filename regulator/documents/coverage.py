"""Which characters a font can show: its ``cmap`` table (OpenType 1.9), segments of the basic plane."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_UNICODE_BMP: Final = {(3, 1), (0, 3)}
_SEGMENTS: Final = 4
_LAST: Final = 0xFFFE
"""The table ends with a segment for 0xFFFF, which is no character."""


def characters_of(font: Path) -> frozenset[int]:
    """The code points of the basic plane for which ``font`` (TrueType) has a glyph.

    Raises ``ValueError`` for a font without a Unicode table of format 4, which every font of today has.
    """
    content = font.read_bytes()
    table = _table(content, b"cmap")
    (count,) = struct.unpack_from(">H", content, table + 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", content, table + 4 + 8 * number)
        start = table + offset
        if (platform, encoding) in _UNICODE_BMP and struct.unpack_from(">H", content, start)[0] == _SEGMENTS:
            return frozenset(_mapped(content, start))
    raise ValueError(f"{font.name} has no Unicode table of format 4")


def _table(content: bytes, tag: bytes) -> int:
    """Where the table of that tag begins."""
    (count,) = struct.unpack_from(">H", content, 4)
    for number in range(count):
        found, _, offset, _ = struct.unpack_from(">4sLLL", content, 12 + 16 * number)
        if found == tag:
            return int(offset)
    raise ValueError(f"the font has no table {tag!r}")


def _mapped(content: bytes, start: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", content, start + 6)
    ends, starts = start + 14, start + 16 + doubled
    deltas, offsets = starts + doubled, starts + 2 * doubled
    for at in range(0, doubled, 2):
        first, last, delta, offset = (
            int(struct.unpack_from(">H", content, where + at)[0]) for where in (starts, ends, deltas, offsets)
        )
        for code in range(first, min(last, _LAST) + 1):
            if _glyph(content, code, delta, offset and offsets + at + offset + 2 * (code - first)):
                yield code


def _glyph(content: bytes, code: int, delta: int, listed_at: int) -> int:
    """The glyph of ``code``: counted from it, or listed where ``listed_at`` says. 0 is "no glyph"."""
    if not listed_at:
        return (code + delta) & 0xFFFF
    (listed,) = struct.unpack_from(">H", content, listed_at)
    return (listed + delta) & 0xFFFF if listed else 0
