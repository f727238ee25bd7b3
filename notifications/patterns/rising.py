"""Whether incidents of one description rise within a window. Pure: no Django, no database.

The count of the last 90 or 180 days is held against what the two years before let expect: a Poisson rate
with the prior Gamma(1/2, 0) (Jeffreys), whose predictive count is negative binomial. After the MOSUM of
surveillance at 3 and 6 months. Thresholds are the portal's own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scipy.special import betainc

WINDOWS: Final = (90, 180)
"""Lengths of the windows in days, both ending today."""
PAST: Final = 730
"""How many days before a window tell what to expect, or as many as the portal knows of."""
FEWEST: Final = 3
"""Fewer incidents than this are no cluster."""
UNLIKELY: Final = 0.005
"""A count at least this improbable is proposed."""
_PRIOR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Rise:
    """``count`` incidents in the last ``window`` days, against ``earlier`` in ``past`` days before."""

    window: int
    first_day: date
    count: int
    past: int
    earlier: int
    expected: float
    probability: float

    @property
    def sentence(self) -> str:
        expected = f"{self.expected:.1f}" if self.expected >= 0.1 else "less than 0.1"
        return (
            f"{self.count} in the last {self.window} days; {self.earlier} in the {self.past:,} days before "
            f"let {expected} be expected."
        )


def rise(days: Sequence[date], *, today: date, known_since: date) -> Rise | None:
    """The least probable rise among the windows, or ``None``.

    ``days`` are those of the incidents, in order; before ``known_since`` the portal would know of none. A
    short past makes no rise more likely to be found: it makes less improbable what is seen.
    """
    found = [each for window in WINDOWS if (each := _in_window(days, window, today, known_since))]
    return min(found, key=lambda each: (each.probability, each.window), default=None)


def _in_window(days: Sequence[date], window: int, today: date, known_since: date) -> Rise | None:
    first = today - timedelta(days=window - 1)
    start = bisect_left(days, first)
    count = bisect_right(days, today) - start
    if count < FEWEST:
        return None
    begins = min(max(known_since, first - timedelta(days=PAST)), first)
    past = max((first - begins).days, 1)
    earlier = start - bisect_left(days, begins)
    probability = float(betainc(count, _PRIOR + earlier, window / (window + past)))
    if probability > UNLIKELY:
        return None
    expected = (_PRIOR + earlier) * window / past
    return Rise(window, first, count, past, earlier, expected, probability)
