"""How long a text of 200 kB is scanned for identifiers, beside one pass over it. By ``make bench``.

The floor is counting the text's words with one regular expression, in the same run. The aim is 100 ms for
prose; a text made to be slow must stay linear: the same multiple of the floor at twice the length.
"""

import re
from time import process_time

import pytest

from regulator.casework.identifiers import find

SIZE = 200_000
PROSE = (
    "The operator exposed a patient who had no referral at the site on 12/03/2026; 7.5 mSv was given by the "
    "Dr on call, in 3 fractions of 2.67 Gy, “as planned”. "
)
HOSTILE = [
    "1 2 3 4 5 6 7 8 9 0 ", "12 34 56 78 90 ", "12-34-56-78-90-", "1", "9434765918 ", "123 456 7890 ",
    "born ", "dob. ", "born 1 ", "Mr ", "Mr A A A ", "Mr van van ", "@", "a@", "a@a.", "a", "07 ", "+44 ",
    "\u200b1", " ", "(12/03/", "patient (", "he a b, ", "aged 43 on ", "12/03/1954 ", "1 jan ", "1\n",
    "𝟗𝟒 ", "\u0661 ", "943 476 5919 ", "943*476*", "(943) ", "07 700 ", "+12 34 56 78 ", "dob 010", "dob\n\n",
    "aged 43 (1/1/", ", b. 1/1/", "(Mr)", "Aa Bb (Mr)", "SMITH, Mr ", "Mr_", "Surname: ", "Aa, Bb ",
    "a [at] b [dot] ", "serial 9434765919 ", "\x01", "\u03011",
]  # fmt: skip
MOST_TIMES_THE_FLOOR = 20
MOST_TIMES_THE_FLOOR_HOSTILE = 120


def filled(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def floor(size: int) -> float:
    text = filled(PROSE, size)
    return min(_timed(lambda: re.findall(r"\w+", text)) for _ in range(3))


def scan(text: str) -> float:
    return min(_timed(lambda: find(text)) for _ in range(3))


def _timed(work: object) -> float:
    assert callable(work)
    started = process_time()
    work()
    return process_time() - started


def test_prose_is_scanned_in_a_small_multiple_of_one_pass(capsys: pytest.CaptureFixture[str]) -> None:
    took, least = scan(filled(PROSE, SIZE)), floor(SIZE)
    with capsys.disabled():
        print(f"\n200 kB of prose: {took * 1000:.0f} ms, {took / least:.1f} times one pass")  # noqa: T201
    assert took < MOST_TIMES_THE_FLOOR * least


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_makes_the_scan_slow(piece: str) -> None:
    least = floor(SIZE)
    once, twice = scan(filled(piece, SIZE)), scan(filled(piece, 2 * SIZE))
    assert once < MOST_TIMES_THE_FLOOR_HOSTILE * least
    assert twice < 2 * MOST_TIMES_THE_FLOOR_HOSTILE * least
