"""The score's own record: what the inspections that followed it found. Pure.

Compared with the places drawn at random, the only honest base rate (Bardsley et al. 2009, Qual Saf Health
Care 18:189: qualified 26% of those selected against 13% at random). Proving such a lift takes 5 to 12 years
of 40 inspections a year; until then the page says "not yet shown"."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["RANDOM", "SCORE", "Arm", "Record", "Selected", "record_of", "wilson"]

SCORE: Final = "score"
RANDOM: Final = "random"
_LEAST: Final = 10
"""Inspections in an arm below which nothing is compared."""
_ONE_SIDED: Final = 1.6448536269514722
_TWO_SIDED: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Selected:
    """One inspection of an employer that had a score: what the score had said, whether breaches were found,
    and how the employer was chosen."""

    probability: float
    found: bool
    arm: str


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of choosing: inspections, those that found something, and the 95% limits of that share."""

    name: str
    inspections: int
    found: int
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.found / self.inspections


@dataclass(frozen=True, slots=True)
class Record:
    """``lift`` is the share found among those chosen by score over that among those at random. ``misses`` and
    ``claimed_misses`` are of those chosen by score. ``brier`` is the mean square of the error,
    ``brier_alone`` that of claiming the overall share of everybody: lower is better. ``shown`` says that the
    score's arm found more than chance would explain (one-sided, 5%)."""

    arms: tuple[Arm, ...]
    lift: float | None
    misses: int
    claimed_misses: float
    brier: float | None
    brier_alone: float | None
    shown: bool


def record_of(selected: Iterable[Selected]) -> Record:
    """What is on record, arm by arm."""
    rows = list(selected)
    arms = {
        name: _arm(name, [each for each in rows if each.arm == name])
        for name in sorted({each.arm for each in rows})
    }
    chosen = [each for each in rows if each.arm == SCORE]
    score, random = arms.get(SCORE), arms.get(RANDOM)
    both = score is not None and random is not None
    share = sum(each.found for each in rows) / len(rows) if rows else 0.0
    return Record(
        arms=tuple(arms.values()),
        lift=score.share / random.share if both and random and score and random.found else None,
        misses=sum(not each.found for each in chosen),
        claimed_misses=math.fsum(1 - each.probability for each in chosen),
        brier=_mean((each.probability - each.found) ** 2 for each in rows),
        brier_alone=_mean((share - each.found) ** 2 for each in rows),
        shown=bool(score and random and _is_shown(score, random)),
    )


def wilson(found: int, tried: int) -> tuple[float, float]:
    """Wilson's 95% limits of a share (Wilson 1927, JASA 22:209)."""
    if not tried:
        return 0.0, 1.0
    z, share = _TWO_SIDED, found / tried
    middle = share + z * z / (2 * tried)
    reach = z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    scale = 1 + z * z / tried
    low, high = (middle - reach) / scale, (middle + reach) / scale
    return low if found else 0.0, high if found < tried else 1.0


def _arm(name: str, rows: list[Selected]) -> Arm:
    found = sum(each.found for each in rows)
    return Arm(name, len(rows), found, *wilson(found, len(rows)))


def _is_shown(score: Arm, random: Arm) -> bool:
    if min(score.inspections, random.inspections) < _LEAST:
        return False
    pooled = (score.found + random.found) / (score.inspections + random.inspections)
    error = math.sqrt(pooled * (1 - pooled) * (1 / score.inspections + 1 / random.inspections))
    return error > 0 and (score.share - random.share) / error > _ONE_SIDED


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return math.fsum(held) / len(held) if held else None
