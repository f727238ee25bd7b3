"""The actions of a guidance page, read from the lines in which they are written. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from regulator.legislation.citations import CitationError, in_words, parse_citations

MOST_ACTIONS: Final = 20
LONGEST_ACTION: Final = 400
_MARK: Final = re.compile(r"^(?:[-*•–]|[0-9]{1,2}[.)])\s+")
_CITED: Final = re.compile(r"\[(?P<cited>[^\[\]]*)\]\s*$")


class Unreadable(ValueError):
    """A line that is no action; ``str()`` says which and why, in plain English."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do, and the provisions that it rests on, as canonical references; none where it is good
    practice."""

    text: str
    regulations: tuple[str, ...] = ()

    @property
    def rests_on(self) -> str:
        """ "Regulation 6(1), Schedule 2(d)"; ``""`` for none."""
        return cited(self.regulations)

    def as_data(self) -> dict[str, Any]:
        """As it is stored."""
        return {"text": self.text, "regulations": list(self.regulations)}


def action_of(stored: Mapping[str, Any]) -> Action:
    """An action as it was stored."""
    return Action(stored["text"], tuple(stored["regulations"]))


def cited(references: Iterable[str]) -> str:
    """References as the end of a sentence has them, the first with a capital."""
    words = ", ".join(in_words(each) for each in references)
    return words[:1].upper() + words[1:]


def read_actions(written: str) -> tuple[Action, ...]:
    """One action a line, its regulations in square brackets at the end: ``Check the name. [6(1), Sch 2(a)]``.

    Empty lines, and marks of a list before an action, are left out. Raises ``Unreadable`` for no action, for
    too many, for a line without words or that is too long, and for a citation that cannot be read.
    """
    lines = [(number, line.strip()) for number, line in enumerate(written.splitlines(), start=1)]
    found = tuple(_read(number, line) for number, line in lines if line)
    if not found:
        raise Unreadable("Write at least one action.")
    if len(found) > MOST_ACTIONS:
        raise Unreadable(f"Write {MOST_ACTIONS} actions or fewer: there are {len(found)}.")
    return found


def _read(number: int, line: str) -> Action:
    match = _CITED.search(line)
    text = _MARK.sub("", line[: match.start()] if match else line).strip()
    if not re.search(r"\w", text):
        raise Unreadable(f"Line {number} has no words.")
    if len(text) > LONGEST_ACTION:
        raise Unreadable(f"Line {number} has {len(text)} characters: use {LONGEST_ACTION} or fewer.")
    if match is None:
        return Action(text)
    try:
        return Action(text, parse_citations(match["cited"]))
    except CitationError as wrong:
        raise Unreadable(f"Line {number}: {wrong}") from wrong


def write_actions(actions: Sequence[Action]) -> str:
    """The lines that ``read_actions`` reads the same actions from."""
    return "\n".join(
        f"{each.text} [{', '.join(each.regulations)}]" if each.regulations else each.text for each in actions
    )


def all_regulations(actions: Iterable[Action]) -> tuple[str, ...]:
    """Every provision that the actions rest on, once, in the order in which they name them."""
    return tuple(dict.fromkeys(reference for each in actions for reference in each.regulations))
