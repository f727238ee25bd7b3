"""What one version of a guidance page says otherwise than another. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from notifications.guidance.wording import Action


class Mark(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or an action, and what became of it."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page, in pieces in the order in which to read them."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        return any(piece.mark is not Mark.KEPT for piece in self.pieces)


def compare(label: str, before: Sequence[str], after: Sequence[str]) -> Part:
    """Paragraphs before and after: what was taken out stands before what came in its place."""
    return Part(label, tuple(_pieces(before, after)))


def compare_actions(before: Sequence[Action], after: Sequence[Action]) -> Part:
    """The same of actions, each with what it rests on: another regulation makes it another action."""
    return compare("Actions", [_line(each) for each in before], [_line(each) for each in after])


def _line(action: Action) -> str:
    return f"{action.text} ({action.rests_on})" if action.regulations else action.text


def _pieces(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what == "equal":
            yield from (Piece(Mark.KEPT, text) for text in after[begin:end])
            continue
        yield from (Piece(Mark.REMOVED, text) for text in before[first:last])
        yield from (Piece(Mark.ADDED, text) for text in after[begin:end])
