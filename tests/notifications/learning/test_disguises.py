"""A name stays found in whatever letters that look alike, and with whatever nobody sees between them."""

from typing import Final
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.learning.naming import Known, look
from regulator.casework.identifiers.lookalikes import LOOK_ALIKES

TRUST: Final = "Wexcombe and Hollowick NHS Foundation Trust"
PERSON: Final = "Sioned Gruffyk-Jones"
KNOWN: Final = Known(names=(TRUST,), people=(PERSON,), elsewhere=("Overmere Dental Practice",))
UNSEEN: Final = ("", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u034f", "\ufe0f")
_FORMS: Final = (
    *((0xFF21, 0xFF41), (0x1D400, 0x1D41A), (0x1D434, 0x1D44E), (0x1D4D0, 0x1D4EA)),
    *((0x1D56C, 0x1D586), (0x1D5A0, 0x1D5BA), (0x1D670, 0x1D68A), (0x24B6, 0x24D0)),
)
"""Where wide, mathematical and ringed letters begin: A, and a."""


def drawn_like(letter: str) -> list[str]:
    """The letter, every one of the table that is drawn like it, and every form of it that Unicode has."""
    if not (letter.isascii() and letter.isalpha()):
        return [letter]
    place = ord(letter) - (65 if letter.isupper() else 97)
    forms = [chr(first[letter.islower()] + place) for first in _FORMS]
    return [
        letter,
        *LOOK_ALIKES.get(letter, ""),
        *(each for each in forms if normalize("NFKC", each) == letter),
    ]


@st.composite
def disguises(draw: st.DrawFn, name: str) -> str:
    written = name.replace("ff", draw(st.sampled_from(("ff", "\ufb00"))))
    signs = (draw(st.sampled_from(drawn_like(each))) + draw(st.sampled_from(UNSEEN)) for each in written)
    return "".join(signs)


def found(text: str) -> list[tuple[str, bool]]:
    return [(each.text, each.certain) for each in look({"system": text}, KNOWN)]


def seen(text: str) -> str:
    """Without what nobody sees at its end, which belongs to nothing."""
    return text.rstrip("".join(UNSEEN))


@pytest.mark.parametrize("name", [TRUST, PERSON])
@given(st.data())
def test_a_whole_name_must_go_in_any_disguise(name: str, data: st.DataObject) -> None:
    written = data.draw(disguises(name))
    assert found(f"At {written}, it is said.") == [(seen(written), True)]


@pytest.mark.parametrize("word", ["Hollowick", "Wexcombe", "Gruffyk-Jones", "Overmere"])
@given(st.data())
def test_a_word_of_one_needs_a_reason_in_any_disguise(word: str, data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(drawn_like(word[0])))
    written = first + data.draw(disguises(word[1:]))
    told = found(f"The scanner of {written} stood idle.")
    assert told
    assert not any(certain for _, certain in told)
    assert any(text == seen(written) for text, _ in told)


@pytest.mark.parametrize(
    "text",
    [
        "W\u0435xc\u043embe and H\u043ellowick NHS F\u043eundation Trust",
        "\u03a9exc ".replace("\u03a9", "W").strip() + "ombe and Hollowic\u03ba NHS Foundation \u03a4rust",
        "𝕎𝕖𝕩𝕔𝕠𝕞𝕓𝕖 𝕒𝕟𝕕 ℍ𝕠𝕝𝕝𝕠𝕨𝕚𝕔𝕜 ℕℍ𝕊 𝔽𝕠𝕦𝕟𝕕𝕒𝕥𝕚𝕠𝕟 𝕋𝕣𝕦𝕤𝕥",
        "ᴡᴇxᴄᴏᴍʙᴇ ᴀɴᴅ ʜᴏʟʟᴏᴡɪᴄᴋ ɴʜꜱ ꜰᴏᴜɴᴅᴀᴛɪᴏɴ ᴛʀᴜꜱᴛ",
        "Wexcombe\u3164and\u2800Hollowick NHS Foundation Trust",
        "W\u20dde\u20ddxcombe and Hollowick NHS Foundation Trust",
    ],
)
def test_so_it_must_in_these(text: str) -> None:
    assert found(f"At {text}.") == [(text, True)]


@pytest.mark.parametrize(
    "text",
    [
        "Llŷr ap Siôn of Ynys Môn spoke with Gráinne Ní Dhónaill and Seán Ó Súilleabháin.",
        "Łukasz Żółkiewski asked Świętosława Ćwik; Małgorzata did not.",
        "The α/β ratio was 10 Gy, σ 2 mm, 20 μSv and 5 µSv; Δ was small, χ² was 3 and η was 0.9.",
        "Он был здесь. Η δόση ήταν μικρή.",
    ],
)
def test_names_of_wales_ireland_and_poland_signs_and_other_languages_are_left_alone(text: str) -> None:
    assert found(text) == []
