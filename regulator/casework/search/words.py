"""Words as search knows them: the same for what is kept and for what is typed. Pure.

Capitals, accents and punctuation make no difference, so neither database is ever handed an operator, a quote
or a bracket that somebody typed.
"""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import combining, normalize

from regulator.casework.references import is_well_formed, normalise

__all__ = ["LONGEST", "SHORTEST_PART", "Sought", "fold", "read", "words_of"]

LONGEST: Final = 200
"""Characters that may be typed into the search box."""
MOST_WORDS: Final = 16
"""Words and phrases that are looked for together; those after them are left out."""
LONGEST_WORD: Final = 60
SHORTEST_PART: Final = 3
"""Characters from which on a part of a name or a reference is looked for, wherever in it it stands."""

_WORD: Final = re.compile(r"[^\W_]+")
_PHRASE: Final = re.compile(r'"([^"]*)"')
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: all of ``terms``, each a word or, where it stood in quotes, several in their
    order; or ``parts``, any of them, within a name or a reference. ``reference`` is a whole one, where
    nothing else was typed: then it alone is meant."""

    terms: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...]
    reference: str = ""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was typed that could be found: spaces, or signs alone."""
        return not (self.terms or self.parts)


def fold(text: str) -> str:
    """``text`` without capitals and accents, its compatibility forms made plain ("ﬁ" is "fi")."""
    plain = normalize("NFKD", text)
    return "".join(each for each in plain if not combining(each)).casefold()


def words_of(text: str) -> list[str]:
    """The words of ``text``, folded; what stands between them is left out."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(fold(text))]


def read(typed: str) -> Sought:
    """What ``typed`` asks for. Quotes keep words together; one that is not closed is no quote."""
    typed = typed[:LONGEST].replace("\x00", " ").translate(_QUOTES)
    phrases = [tuple(words_of(each)) for each in _PHRASE.findall(typed)]
    single = [(word,) for word in words_of(_PHRASE.sub(" ", typed))]
    terms = tuple(dict.fromkeys(each for each in (*phrases, *single) if each))[:MOST_WORDS]
    bare = " ".join(typed.replace('"', " ").split())
    parts = dict.fromkeys(each for each in (fold(bare), fold(normalise(bare))) if len(each) >= SHORTEST_PART)
    return Sought(
        terms=terms,
        parts=tuple(parts) if terms else (),
        reference=normalise(bare) if is_well_formed(bare) else "",
    )
