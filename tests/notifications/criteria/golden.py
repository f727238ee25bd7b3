"""The cases of ``golden.csv``: what a policy person reads, as the checker is asked."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from notifications.criteria.incident import Incident, read_incident

READ_ON: Final = date(2026, 3, 2)
FILE: Final = Path(__file__).with_name("golden.csv")
_PLAIN: Final = ("occurred_on", "modality", "exposure_kind", "number_exposed", "person")


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One line: the facts, and the answer that they must get."""

    line: int
    why: str
    facts: dict[str, str]
    answer: str
    code: str
    other_codes: tuple[str, ...]

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


def told(facts: Mapping[str, Any]) -> Incident:
    """The incident of those facts, read on a day after every case of the file."""
    return read_incident(facts, today=READ_ON)


@cache
def cases() -> list[GoldenCase]:
    """Every line of the file, in its order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [_case(line, row) for line, row in enumerate(csv.DictReader(file), start=2)]


def _case(line: int, row: dict[str, str]) -> GoldenCase:
    further = [each.partition("=") for each in row["further_facts"].split("; ") if each]
    facts = {name: row[name] for name in _PLAIN if row[name]} | {name: said for name, _, said in further}
    others = tuple(row["other_codes"].split()) if row["other_codes"] else ()
    return GoldenCase(line, row["why"], facts, row["answer"], row["code"], others)
