"""What apps contribute: what is counted (``POPULATIONS``), by which fields (``DIMENSIONS``), and what is
looked for in the data (``QUALITY``). So the platform tabulates cases of which it knows no table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet
from django.db.models.expressions import Combinable

from regulator.periods import Period
from regulator.registry import Registry
from regulator.statistics.tables import Cell

__all__ = [
    "DIMENSIONS",
    "POPULATIONS",
    "QUALITY",
    "Breakdown",
    "Dimension",
    "Population",
    "QualityCheck",
    "dimensions_of",
]


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A breakdown of a population that is public of every reporting year that is over, with small counts kept
    back: by the dimension ``across``, whose totals are all public, and by the dimension ``of``.

    ``cells(year)`` are what is shown of a year, by (value of ``across``, value of ``of``), and under
    ``protecting.EVERY_MODALITY`` the sums over ``across``; what counts nothing may be left out. It states its
    SQL queries.
    """

    across: str
    of: str
    cells: Callable[[Period], Mapping[tuple[str, str], Cell]]


@dataclass(frozen=True, slots=True)
class Population:
    """What is counted, once each: ``rows(period)`` are the rows of a figure, ``figure`` its name, and
    ``total(period)`` what that figure counts (its own query), which every cross-table must add up to.
    ``breakdown`` is what is public of it with small counts kept back, where anything is."""

    label: str
    unit: str
    basis: str
    rows: Callable[[Period], QuerySet[Any]]
    figure: str
    total: Callable[[Period], int]
    breakdown: Breakdown | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A field by which a population is counted: each row has one value of it.

    ``of`` is the path from the population's rows, or makes the expression. ``labels`` are what values are
    called, in the order in which they are printed; other values are called by ``call`` and follow in their
    own order. ``is_published``: the annual report prints the counts by it, for the whole of a year.
    ``is_typed``: its values are any words that somebody outside CQC typed, so no release is by it.
    """

    population: str
    label: str
    of: str | Callable[[], Combinable]
    labels: Mapping[Any, str] = field(default_factory=dict)
    call: Callable[[Any], str] = str
    is_published: bool = False
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class QualityCheck:
    """Something that may be wrong with the data of a period.

    ``found(period)`` are the cases (``casework.Case``) or the employers, each once: who counts and who lists
    asks the same. ``consequence`` is what it means for the figures, ``mended_by`` who puts it right and how.
    ``rests_on(period)`` are the cases by which employers are found, where they are: an employer is named to
    those alone who may see one of these.
    """

    title: str
    consequence: str
    mended_by: str
    found: Callable[[Period], QuerySet[Any]]
    of: Literal["cases", "employers"] = "cases"
    rests_on: Callable[[Period], QuerySet[Any]] | None = None


POPULATIONS: Registry[Population] = Registry("population")
DIMENSIONS: Registry[Dimension] = Registry("dimension")
"""By ``population.name``, so that two populations may both have a "modality"."""
QUALITY: Registry[QualityCheck] = Registry("check of data")


def dimensions_of(population: str) -> dict[str, Dimension]:
    """The dimensions of a population by their own names, in the order of registration."""
    start = f"{population}."
    return {
        name.removeprefix(start): each for name, each in DIMENSIONS.items() if each.population == population
    }
