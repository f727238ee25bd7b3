"""What the applications above add to the page on which an employer's people follow an inspection."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class EmployerPart:
    """``to_do`` and ``told`` name templates (``""`` for none): what the employer has to do while the
    inspection goes on, and what it can read at any time. Both find what ``reads`` answers under ``part``;
    its number of SQL queries is stated where it is defined."""

    reads: Callable[[Inspection, User], dict[str, object]]
    to_do: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part of one inspection's page, read."""

    to_do: str
    told: str
    part: dict[str, object]


EMPLOYER_PARTS: Final[Registry[EmployerPart]] = Registry("part of the employer's page of an inspection")


def read_parts(inspection: Inspection, reader: User) -> list[ReadPart]:
    """Every part of the page of ``inspection``, in the order of registration."""
    return [
        ReadPart(each.to_do, each.told, each.reads(inspection, reader)) for each in EMPLOYER_PARTS.values()
    ]
