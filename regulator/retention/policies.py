"""For how long each kind of case is kept: the policies that come with the portal, as typed data.

An edition changes years and groups from a day on (``retention.editions``); one without holds as shipped.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from regulator.casework.redaction import Group

FILE: Final = Path(__file__).parent / "data" / "policies.json"
MOST_YEARS: Final = 100


class CountsFrom(StrEnum):
    """The day from which the years are counted."""

    CLOSING = "closing"

    @property
    def label(self) -> str:
        return {"closing": "closing of the case"}[self.value]


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """For how many calendar years, in London, a kind of case is kept whole, and what is removed then.

    ``verified`` says whether the period was found in the source for this very kind of case. ``edition`` is
    the edition that says so, ``None`` for what comes with the portal.
    """

    name: str
    label: str
    kind: str
    years: int
    counts_from: CountsFrom
    groups: frozenset[Group]
    source: str
    verified: bool
    note: str
    edition: int | None = None

    @property
    def period(self) -> str:
        """ "7 years from the closing of the case"."""
        years = "1 year" if self.years == 1 else f"{self.years} years"
        return f"{years} from the {self.counts_from.label}"

    @property
    def group_names(self) -> list[str]:
        """What is removed, in the order in which groups are declared."""
        return [group.value for group in Group if group in self.groups]

    @property
    def group_labels(self) -> list[str]:
        """The same as people call it."""
        return [group.label for group in Group if group in self.groups]


@cache
def shipped() -> Mapping[str, RetentionPolicy]:
    """The policies that come with the portal, by the kind of case that each is for.

    Raises ``ValueError`` for a file that is not in order: two policies of one kind or name, no group, or a
    number of years that is none.
    """
    return read_policies(json.loads(FILE.read_text(encoding="utf-8")))


def read_policies(content: Mapping[str, Any]) -> Mapping[str, RetentionPolicy]:
    """The same of the content of such a file."""
    found: dict[str, RetentionPolicy] = {}
    for row in content["policies"]:
        policy = _read(row)
        if policy.kind in found or policy.name in {each.name for each in found.values()}:
            raise ValueError(f"there are two retention policies for {policy.kind}")
        found[policy.kind] = policy
    return found


def _read(row: Mapping[str, Any]) -> RetentionPolicy:
    years, groups = row["years"], frozenset(Group(name) for name in row["groups"])
    if not isinstance(years, int) or not 1 <= years <= MOST_YEARS:
        raise ValueError(f"the policy {row['name']} keeps cases for {years!r} years")
    if not groups:
        raise ValueError(f"the policy {row['name']} removes nothing")
    return RetentionPolicy(
        name=row["name"],
        label=row["label"],
        kind=row["kind"],
        years=years,
        counts_from=CountsFrom(row["counts_from"]),
        groups=groups,
        source=row["source"],
        verified=row["verified"] is True,
        note=row["note"],
    )
