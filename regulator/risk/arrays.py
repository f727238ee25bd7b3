"""A snapshot as the arrays of the engine. Pure."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from regulator.risk.panel import Panel
from regulator.risk.parameters import Parameters
from regulator.risk.snapshot import EmployerRow, SeriesRow, Snapshot
from regulator.risk.under_reporting import Floats
from regulator.risk.weighing import Facts
from regulator.risk.window import periods_of

__all__ = ["Groups", "group_of", "panel_of"]

_DAYS_A_YEAR = 365.25
Groups = tuple[tuple[str, str], ...]


def group_of(row: SeriesRow, parameters: Parameters) -> tuple[str, str]:
    """The peer group of a series: its modality and sector group."""
    return row.modality, parameters.sector_groups.get(row.sector, "other")


def panel_of(snapshot: Snapshot, parameters: Parameters, groups: Groups | None = None) -> Panel:
    """The panel, series and employers in the order of their keys.

    ``groups`` are those that a night knew; without them, those that the snapshot has. Raises ``LookupError``
    for a series of a group that the night did not know: it waits for the next.
    """
    employers = sorted(snapshot.employers, key=lambda each: each.employer)
    series = sorted(snapshot.series, key=lambda each: (each.employer, each.modality))
    known = groups if groups is not None else tuple(sorted({group_of(row, parameters) for row in series}))
    place = {each: number for number, each in enumerate(known)}
    modalities = tuple(sorted({modality for modality, _ in known}))
    try:
        group = [place[group_of(row, parameters)] for row in series]
    except KeyError as unknown:
        raise LookupError(f"no peer group {unknown.args[0]} was known that night") from None
    owner = {row.employer: number for number, row in enumerate(employers)}
    days = np.array([each.days for each in snapshot.stretches], dtype=np.float64)
    share = _rows([row.days for row in series], snapshot) / days
    unsure = parameters.activity_spread
    return Panel(
        groups=known,
        modalities=modalities,
        periods=np.array(periods_of(snapshot.stretches, snapshot.regimes), dtype=np.intp),
        owner=np.array([owner[row.employer] for row in series], dtype=np.intp),
        group=np.array(group, dtype=np.intp),
        modality=np.array([modalities.index(row.modality) for row in series], dtype=np.intp),
        returned=_rows([row.activity for row in series], snapshot),
        share=share,
        counted=_rows([row.counted for row in series], snapshot),
        minor=_rows([row.minor for row in series], snapshot),
        severe=_rows([row.severe for row in series], snapshot),
        spread=np.array(
            [unsure.get(row.completeness, unsure["filled_from_peers"]) for row in series], dtype=np.float64
        ),
        years=_years(employers, snapshot.as_of),
        facts=_facts(employers, parameters),
    )


def _rows(values: Sequence[Sequence[object]], snapshot: Snapshot) -> Floats:
    return np.array(values, dtype=np.float64).reshape(len(values), snapshot.quarters)


def _years(employers: Sequence[EmployerRow], as_of: date) -> Floats:
    """Years since the last inspection; NaN for never."""
    return np.array(
        [
            np.nan if row.inspected is None else max(0, (as_of - row.inspected).days) / _DAYS_A_YEAR
            for row in employers
        ],
        dtype=np.float64,
    )


def _facts(employers: Sequence[EmployerRow], parameters: Parameters) -> dict[str, Facts]:
    """Each indicator of the parameter file; 0 of 0, which says nothing, where nobody contributes it."""
    held = [{name: (happened, of) for name, happened, of in row.facts} for row in employers]
    found = {}
    for name in sorted(parameters.indicators):
        pairs = np.array([row.get(name, (0, 0)) for row in held], dtype=np.float64).reshape(-1, 2)
        found[name] = Facts(pairs[:, 0].copy(), pairs[:, 1].copy())
    return found
