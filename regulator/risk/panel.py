"""The input of the engine as arrays: who did how much in which quarter, and what was counted. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regulator.risk.under_reporting import Floats
from regulator.risk.weighing import Facts

__all__ = ["Ints", "Panel"]

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Panel:
    """Series (an employer in a modality) by quarters, the oldest first, and what is known of each employer.

    ``owner`` is the employer's place, ascending; ``group`` the place of the series' peer group in ``groups``
    (modality and sector group, sorted), ``modality`` that of its modality in ``modalities``. ``returned`` is
    the activity on the days that returns cover, ``share`` which part of the quarter that is, ``counted`` the
    incidents on these days, ``minor`` and ``severe`` those of all days. ``spread`` is how unsure the returned
    activity is (a coefficient of variation). ``years`` since the last inspection are NaN for never.
    """

    groups: tuple[tuple[str, str], ...]
    modalities: tuple[str, ...]
    periods: Ints
    owner: Ints
    group: Ints
    modality: Ints
    returned: Floats
    share: Floats
    counted: Floats
    minor: Floats
    severe: Floats
    spread: Floats
    years: Floats
    facts: dict[str, Facts]

    @property
    def employers(self) -> int:
        return len(self.years)

    @property
    def known(self) -> NDArray[np.bool_]:
        """The series of which any activity was returned."""
        return np.asarray((self.share > 0).any(axis=1))
