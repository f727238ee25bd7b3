"""The words by which the library is found: of a text, and of what was typed into the search. Pure.

A word is folded: capitals, accents and apostrophes make no difference, and no sign is left in it, so nothing
typed is ever an operator of the database's.
"""

import re
from typing import Final
from unicodedata import combining, normalize

LONGEST: Final = 200
"""Characters that may be typed into the search box."""
LONGEST_WORD: Final = 60
MOST_TERMS: Final = 8
"""Words that are looked for together; those after them are left out."""
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = re.compile("['’‘`´]")
_SMALL: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
    }
)


def fold(text: str) -> str:
    """``text`` without capitals, accents and apostrophes."""
    plain = normalize("NFKD", _APOSTROPHES.sub("", text))
    return "".join(each for each in plain if not combining(each)).casefold()


def words_of(text: str) -> set[str]:
    """Every word of ``text``, folded."""
    return {word[:LONGEST_WORD] for word in _WORD.findall(fold(text))}


def sought(typed: str) -> tuple[str, ...] | None:
    """The beginnings of words that are looked for, all of them together: the small words of the language are
    left out unless nothing else was typed, and a plural finds its singular. ``None`` where something was
    typed in which there is no word at all."""
    found = list(dict.fromkeys(word[:LONGEST_WORD] for word in _WORD.findall(fold(typed[:LONGEST]))))
    telling = [word for word in found if word not in _SMALL] or found
    if typed.strip() and not found:
        return None
    return tuple(dict.fromkeys(_singular(word) for word in telling))[:MOST_TERMS]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
