"""How long a file made to be slow keeps a reader busy, beside one pass over its bytes. By ``make bench``.

Each file is small to send. The time must stay in proportion to what it unpacks to: never a multiple of it
that grows with the size, as a pattern that backtracks would show.
"""

import random
import zlib
from collections.abc import Callable
from contextlib import suppress
from time import process_time
from typing import Any

import pytest

from regulator.casework.uploads import Unacceptable, prepared
from tests.casework.documents import docx, xlsx

ONCE = 2_000
MOST_TIMES_LONGER = 12
"""Eight times the size may take twelve times as long, start-up included; quadratic would be sixty-four."""


def _part(name: str, piece: str, times: int) -> bytes:
    """A document one part of which repeats ``piece``, salted so that no limit on the ratio refuses it."""
    salt = random.Random(1)
    body = "".join(f"{piece}<!--{salt.getrandbits(64):x}-->" for _ in range(times))
    made: Callable[..., Any] = xlsx if name.startswith("xl/") else docx
    return bytes(made(**{name: f"<a>{body}</a>"}))


PIECES = [
    ("word/people.xml", "<absPath />"),
    ("word/people.xml", "<b author = 'x' date = 'y'/>"),
    ("xl/worksheets/sheet9.xml", "<c>      </c>"),
    ("xl/worksheets/sheet9.xml", "<is><t/></is>"),
    ("word/footer1.xml", "<p><tab/></p>"),
    ("word/drawing1.vml", "<br>"),
]


def reading(content: bytes, name: str) -> float:
    """The shortest of three."""
    took = []
    for _ in range(3):
        started = process_time()
        with suppress(Unacceptable):
            prepared(name=name, content=content)
        took.append(process_time() - started)
    return min(took)


@pytest.mark.parametrize(("part", "piece"), PIECES)
def test_reading_stays_in_proportion_to_the_size(
    part: str, piece: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "a.xlsx" if part.startswith("xl/") else "a.docx"
    small, large = (_part(part, piece, times) for times in (ONCE, 8 * ONCE))
    floor = _floor(large)
    once, eight = reading(small, name), reading(large, name)
    with capsys.disabled():
        told = f"{part} {piece}: {eight / once:.1f} times as long, {eight / floor:.0f} times one checksum"
        print(f"\n{told}")  # noqa: T201
    assert eight < MOST_TIMES_LONGER * once


def _floor(content: bytes) -> float:
    started = process_time()
    for _ in range(100):
        zlib.crc32(content)
    return (process_time() - started) / 100
