"""Single numbers by name, for the prose between the tables: ``{{ wrong_patient_referred }}``.

Each is read from the value of a registered figure, so that a sentence can say nothing else than the table
beside it. Who writes a block chooses from these names; a name that is not registered is refused beside it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from regulator.registry import Registry
from regulator.statistics.figures import Values
from regulator.statistics.tables import Cell, Kind


@dataclass(frozen=True, slots=True)
class Number:
    """``read(values, previous)`` takes the values of all figures of the report and of the year before it
    (of the figures that are compared and held then; else an empty mapping), and gives the number, or the
    mark that says why there is none."""

    meaning: str
    kind: Kind
    read: Callable[[Values, Values], Cell]


NUMBERS: Registry[Number] = Registry("number for prose")
