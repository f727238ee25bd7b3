"""What there are editions of. Each app registers its own kind, with how its content is read, compared and
used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from regulator.registry import Registry

if TYPE_CHECKING:
    from regulator.editions.forms import ContentForm
    from regulator.editions.models import Edition

Content: TypeAlias = Mapping[str, Any]
"""What an edition says, ready for JSON. Only its own kind knows its shape."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing before and after; ``""`` where there was none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Touched:
    """Which open cases an edition touches, and how: by their references alone, since who reads it may read no
    case. ``count`` is of all of them, ``rows`` of the first; ``drafts`` are those that CQC does not see."""

    headings: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    count: int = 0
    drafts: int = 0
    notes: tuple[str, ...] = field(default=())

    def labelled_rows(self) -> list[list[tuple[str, object]]]:
        """Each row as (heading, cell), for screens too narrow for a row of headings."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def nothing_touched(what: str, holds_from: date, content: Content) -> Touched:
    """Of a kind that touches no case."""
    return Touched()


def nothing_to_do(edition: "Edition") -> int:
    """Of a kind that has nothing to do on approval, or on its first day."""
    return 0


@dataclass(frozen=True, slots=True)
class EditionKind:
    """One kind of reference data.

    ``whats`` are its things by key and label, one with an empty key where it is one thing as a whole.
    ``present`` answers what such a thing says on a day, shipped or by an edition. ``check`` answers the
    content in its one form, or raises ``ValidationError`` with the fields of ``form``: it is asked when it is
    proposed and again when it is approved. ``approved`` and ``begun`` do what is due then and on its first
    day, inside the transaction; both answer how much. ``may_begin_in_the_past`` is for what is picked by the
    date of the matter itself and not by the day on which it is used.
    """

    name: str
    label: str
    lead: str
    whats: Callable[[], Sequence[tuple[str, str]]]
    form: "Callable[[], type[ContentForm]]"
    present: Callable[[str, date], Content]
    check: Callable[[str, date, Content], dict[str, Any]]
    differences: Callable[[str, Content, Content], list[Difference]]
    touched: Callable[[str, date, Content], Touched] = nothing_touched
    approved: "Callable[[Edition], int]" = nothing_to_do
    begun: "Callable[[Edition], int]" = nothing_to_do
    may_begin_in_the_past: bool = False
    files: Mapping[str, Callable[[Content], str]] = field(default_factory=dict)

    def label_of(self, what: str) -> str:
        """What a thing is called. Raises ``LookupError`` for one that there is not."""
        found = dict(self.whats())
        if what not in found:
            raise LookupError(f"no {self.label} is called {what!r}")
        return found[what] or self.label

    def name_of(self, what: str) -> str:
        """Kind and thing: "Letter: Notifications: receipt". Also of a thing that is there no more."""
        return f"{self.label}: {dict(self.whats()).get(what, what)}" if what else self.label


KINDS: Registry[EditionKind] = Registry("kind of edition")
