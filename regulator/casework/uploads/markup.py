"""What the XML parts of an Office file say: all their text, and those attributes that hold words.

Read by expat in one pass, so that the time is linear in the size however the part is made. Entities and
document types are refused before (``office``).
"""

from typing import Final
from xml.parsers import expat

from regulator.casework.uploads.refusals import Unacceptable

MOST_ELEMENTS: Final = 2_000_000
"""Of all parts of a file together: a few seconds of reading."""
_TOO_MUCH: Final = "This Office file holds more than can be checked. Send it in parts."
_WORDS: Final = frozenset(
    {"descr", "title", "alt", "caption", "tooltip", "name", "v", "displayName", "string"}
)
"""Attributes that hold what somebody wrote: alternative texts, sheets' names, values of pivot tables."""
_VALUES_OF: Final = {"docVar": "val", "tag": "val", "alias": "val", "statusText": "val", "helpText": "val"}
"""Elements whose ``val`` holds what somebody wrote."""
_LINES: Final = frozenset(
    {
        "p",
        "si",
        "comment",
        "row",
        "is",
        "br",
        "cr",
        "text",
        "definedName",
        "s",
        "n",
        "sheet",
        "docVar",
        "title",
    }
)
_TABS: Final = frozenset({"tab", "tc", "c", "v"})


class Reader:
    """Reads part after part, and counts what it read over all of them."""

    def __init__(self) -> None:
        self._elements = 0
        self._said: list[str] = []
        self._shared = False
        self._in_value = False

    def text_of(self, data: bytes) -> str:
        """The text of one part. Raises ``ValueError`` where it is no XML, ``Unacceptable`` where all parts so
        far hold more than ``MOST_ELEMENTS`` elements."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._words
        self._said, self._shared, self._in_value = [], False, False
        try:
            parser.Parse(data, True)
        except expat.ExpatError as fault:
            raise ValueError("this part is no XML") from fault
        return "".join(self._said)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            raise Unacceptable(_TOO_MUCH)
        plain = _local(name)
        if plain == "c":
            self._shared = attributes.get("t") == "s"
        self._in_value = plain == "v"
        wanted = _VALUES_OF.get(plain)
        for key, value in attributes.items():
            if value and (_local(key) in _WORDS or _local(key) == wanted):
                self._said.append(f"{value}\n")

    def _end(self, name: str) -> None:
        plain = _local(name)
        self._in_value = False
        if plain in _LINES:
            self._said.append("\n")
        elif plain in _TABS:
            self._said.append("\t")

    def _words(self, words: str) -> None:
        """A cell that only points to a shared text says a number that nobody wrote."""
        if not (self._in_value and self._shared):
            self._said.append(words)


def _local(name: str) -> str:
    return name.rpartition(":")[2]
