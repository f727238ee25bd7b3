"""What the desk's page of an employer is made of: sections, which each floor contributes for itself.

The platform declares the registry; notifications, inspections, enforcement and risk register what they know
of an employer. Who may not read a section does not see that it is there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.organisations.models import Employer
from regulator.registry import Registry

__all__ = [
    "EMPLOYER_SECTIONS",
    "Block",
    "EmployerSection",
    "Facts",
    "Link",
    "ReadSection",
    "Sentences",
    "Table",
    "read_sections",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A cell, or a line of its own, that leads to a page."""

    label: str
    path: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and values, under a heading of their own where ``title`` is given."""

    rows: tuple[tuple[str, object], ...]
    title: str = ""
    form: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Sentences:
    """Sentences, as a list; ``empty`` stands for none. ``note`` and ``links`` follow them."""

    lines: tuple[str, ...]
    title: str = ""
    empty: str = ""
    note: str = ""
    links: tuple[Link, ...] = ()
    form: ClassVar[str] = "sentences"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: cells are shown as text, escaped, ``Link`` as links; ``empty`` stands for no rows.

    ``folded`` puts it behind its title, for what few readers want, and leaves it out where it has no rows;
    ``note`` stands beneath, then ``links``.
    A row with more or fewer cells than headings raises ``ValueError``.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    empty: str
    note: str = ""
    links: tuple[Link, ...] = ()
    folded: bool = False
    form: ClassVar[str] = "table"

    def labelled_rows(self) -> list[list[tuple[str, object]]]:
        """Each row as (heading, cell), for screens too narrow for a row of headings."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


Block = Facts | Sentences | Table


@dataclass(frozen=True, slots=True)
class EmployerSection:
    """One section: for those who hold ``permission``; lower ``place`` first.

    ``reads`` answers what it shows of an employer to that reader, and states its number of SQL queries, which
    must not grow with what hangs on the employer. Of cases it shows and counts those alone that
    ``Case.objects.for_user`` gives the reader. A permission that no role holds raises ``LookupError``.
    """

    title: str
    permission: str
    place: int
    reads: Callable[[Employer, User], Sequence[Block]]

    def __post_init__(self) -> None:
        roles_with(self.permission)


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section as it was read; ``anchor`` is its name in the page's address."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


EMPLOYER_SECTIONS: Final[Registry[EmployerSection]] = Registry("section of an employer's page")


def read_sections(employer: Employer, reader: User) -> list[ReadSection]:
    """Every section that ``reader`` may see, in the order of their places."""
    found = sorted(EMPLOYER_SECTIONS.items(), key=lambda each: each[1].place)
    return [
        ReadSection(name.replace(".", "-"), section.title, tuple(section.reads(employer, reader)))
        for name, section in found
        if section.permission in reader.staff_grants
    ]
