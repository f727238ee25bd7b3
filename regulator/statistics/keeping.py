"""What was kept back once stays kept back: which counts the published reports on a year keep back.

Of two editions of a year that kept back different counts, one would give away what the other hides. So
whatever is protected of that year (the next edition, the dashboard, a cross-table for release) begins with
these counts (docs/decisions/0038). They are contributed by whoever publishes.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeAlias

from regulator.periods import Period
from regulator.registry import Registry
from regulator.statistics.reading import read_once

__all__ = ["KEPT_BACK", "KeptBack", "kept_back_before", "kept_by_modality"]

logger = logging.getLogger(__name__)
KeptBack: TypeAlias = tuple[str, str, str]
"""A cell as it was published: the name of its table, what its row is called, the key of its column."""
KEPT_BACK: Registry[Callable[[Period], Collection[KeptBack]]] = Registry("list of counts kept back")
"""Answers, from public tables alone, which cells the published reports on a period keep back."""
_NOT_STATED = "not_stated"
_COUNT = "count"


@read_once
def kept_back_before(period: Period) -> frozenset[KeptBack]:
    """What is published of ``period`` with a mark in place of the count (1 query)."""
    return frozenset(each for listed in KEPT_BACK.values() for each in listed(period))


def kept_by_modality(
    kept_back: Collection[KeptBack], figure: str, modalities: Iterable[str], labels: Mapping[str, str]
) -> frozenset[tuple[str, str]]:
    """Of a figure with one table for each modality, the (modality, value) that are kept back. ``labels`` are
    what the values are called in the tables; "" and ``not_stated`` are both a modality that is not stated.

    What was kept back under a name that no value has now could be any of them: then every value of that
    modality is kept back, and the log says so.
    """
    names = set(labels.values())
    found: set[tuple[str, str]] = set()
    for modality in modalities:
        table = f"{figure}_{modality or _NOT_STATED}"
        marked = {name for held, name, column in kept_back if (held, column) == (table, _COUNT)}
        if unknown := marked - names:
            logger.error(
                "%s keeps back “%s”, which no value is called now: all of it is kept back",
                table,
                "”, “".join(sorted(unknown)),
            )
        found |= {(modality, value) for value, label in labels.items() if unknown or label in marked}
    return frozenset(found)
