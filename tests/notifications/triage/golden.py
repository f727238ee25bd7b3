"""The lines of ``golden.csv``: every permutation of the inputs of triage, with the band that it must get.

A policy person reads the file. After a decision to weigh otherwise it is written anew by
``python -m tests.notifications.triage.golden`` and its difference is read, line by line, before it is kept.
"""

import csv
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

from notifications.triage.weighing import KINDS, Inputs, read_weights, weigh

FILE: Final = Path(__file__).with_name("golden.csv")
COLUMNS: Final = (*KINDS, "points", "band")


def permutations() -> Iterator[Inputs]:
    """Every combination of the values of all inputs, in the order of the file."""
    for values in product(*KINDS.values()):
        yield Inputs(**dict(zip(KINDS, values, strict=True)))  # type: ignore[arg-type]


def lines() -> list[dict[str, str]]:
    """The file as it stands."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_weighed(inputs: Inputs) -> dict[str, str]:
    """A line as the weights give it today."""
    found = weigh(inputs, read_weights())
    return {**inputs.as_data(), "points": str(found.points), "band": found.band.name.lower()}


def write() -> None:
    """Write the file anew."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(as_weighed, permutations()))


if __name__ == "__main__":
    write()
