"""From a snapshot to scores: peer groups, their rates and shapes, and a posterior for each row.

Pure: no Django, no database. Imports scipy through ``posterior``: import this where it computes only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

import numpy as np

from regulator.risk.parameters import Parameters
from regulator.risk.posterior import Floats, ShapeFit, expected_counts, fit_shape, posterior
from regulator.risk.snapshot import SnapshotRow

__all__ = ["PeerGroup", "Score", "score"]

_EXPECTED_PLACES = 4
_RATIO_PLACES = 6
_ALL_SECTORS = "all"


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """What a peer group's rows were held against; ``rate`` is incidents per unit of activity."""

    name: str
    employers: int
    without_activity: int
    observed: int
    rate: float
    alpha: float
    how: str

    def as_json(self) -> dict[str, object]:
        """With numbers as text of fixed digits, so that equal runs have equal bytes."""
        return {**asdict(self), "rate": f"{self.rate:.9e}", "alpha": f"{self.alpha:.6f}"}


@dataclass(frozen=True, slots=True)
class Score:
    """One row scored. Every measure is ``None`` where activity is missing: unknown, never "no risk"."""

    employer_id: int
    modality: str
    peer_group: str
    observed: int
    covered_days: int
    expected: Decimal | None = None
    posterior_mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    p_below_half: Decimal | None = None


def score(rows: Iterable[SnapshotRow], parameters: Parameters) -> tuple[list[Score], list[PeerGroup]]:
    """A score for each row, sorted by employer and modality, and the diagnostics of each peer group.

    The peers of an employer are those of its modality and sector group. A group with fewer than
    ``least_employers`` that have activity is held against the whole modality instead: an employer
    compared with itself alone would always look as expected. The order of ``rows`` changes nothing.
    """
    groups: dict[tuple[str, str], list[SnapshotRow]] = defaultdict(list)
    modalities: dict[str, list[SnapshotRow]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.employer_id, row.modality)):
        groups[row.modality, parameters.sector_groups.get(row.sector, "other")].append(row)
        modalities[row.modality].append(row)
    scores: list[Score] = []
    diagnostics: list[PeerGroup] = []
    for (modality, sector), members in sorted(groups.items()):
        too_few = sum(row.activity is not None for row in members) < parameters.least_employers
        peers = modalities[modality] if too_few else members
        name = f"{modality}/{sector}" + (f" ({_ALL_SECTORS})" if too_few else "")
        group, fitted = _measure(name, peers, parameters)
        diagnostics.append(group)
        scores.extend(_score_members(name, members, group, fitted, parameters))
    return sorted(scores, key=lambda each: (each.employer_id, each.modality)), diagnostics


def _arrays(rows: Sequence[SnapshotRow]) -> tuple[Floats, Floats]:
    """Counts and activity of the rows that have activity."""
    with_activity = [row for row in rows if row.activity is not None]
    observed = np.array([row.observed for row in with_activity], dtype=np.float64)
    activity = np.array([row.activity for row in with_activity], dtype=np.float64)
    return observed, activity


def _measure(name: str, peers: Sequence[SnapshotRow], parameters: Parameters) -> tuple[PeerGroup, ShapeFit]:
    observed, activity = _arrays(peers)
    rate, expected = expected_counts(observed, activity)
    fitted = fit_shape(observed, expected, parameters)
    group = PeerGroup(
        name=name,
        employers=len(peers),
        without_activity=len(peers) - observed.size,
        observed=int(observed.sum()),
        rate=rate,
        alpha=fitted.alpha,
        how=fitted.how,
    )
    return group, fitted


def _score_members(
    name: str, members: Sequence[SnapshotRow], group: PeerGroup, fitted: ShapeFit, parameters: Parameters
) -> list[Score]:
    observed, activity = _arrays(members)
    expected = activity * group.rate
    found = posterior(observed, expected, fitted.alpha, parameters)
    measures = iter(zip(expected, found.mean, found.low, found.high, found.p_below, strict=True))
    return [
        Score(row.employer_id, row.modality, name, row.observed, row.covered_days)
        if row.activity is None
        else _scored(row, name, *next(measures))
        for row in members
    ]


def _scored(
    row: SnapshotRow, name: str, expected: float, mean: float, low: float, high: float, p_below: float
) -> Score:
    return Score(
        employer_id=row.employer_id,
        modality=row.modality,
        peer_group=name,
        observed=row.observed,
        covered_days=row.covered_days,
        expected=_fixed(expected, _EXPECTED_PLACES),
        posterior_mean=_fixed(mean, _RATIO_PLACES),
        low=_fixed(low, _RATIO_PLACES),
        high=_fixed(high, _RATIO_PLACES),
        p_below_half=_fixed(p_below, _RATIO_PLACES),
    )


def _fixed(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")
