"""What a run fitted to the figures of everybody, kept exactly, so that one employer can be scored again.
Pure."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from regulator.risk.expected import Rates
from regulator.risk.under_reporting import Floats

__all__ = ["Frozen", "Shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape alpha of one set of peers; ``how`` is ``fitted``, ``at_bound`` (no alpha within the bounds is
    likelier than a bound itself), ``few_employers`` or ``no_incidents`` (the default stands)."""

    alpha: float
    how: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """The fitted half of the model, of one night: peers' ``rates`` and ``typical`` activity, the shape of the
    rate of whole employers and of the series of each peer group, the over-dispersion ``tau2`` of each
    modality, what each indicator shows among the others (``baselines``), and the mean years since the last
    inspection. ``bars`` is, for each draw of the range, the probability that the last of the places took;
    ``surge_bar`` the tail at or below which a rise stands.
    """

    groups: tuple[tuple[str, str], ...]
    modalities: tuple[str, ...]
    rates: Rates
    typical: Floats
    shape: Shape
    shapes: tuple[Shape, ...]
    tau2: Floats
    baselines: dict[str, float]
    mean_years: float
    bars: Floats
    surge_bar: float

    def as_json(self) -> dict[str, Any]:
        """Numbers as JSON has them, which gives back the very same ones."""
        return {
            "groups": [list(each) for each in self.groups],
            "modalities": list(self.modalities),
            "rates": self.rates.by_group.tolist(),
            "of_modality": self.rates.of_modality.tolist(),
            "severe": self.rates.severe.tolist(),
            "typical": self.typical.tolist(),
            "shape": [self.shape.alpha, self.shape.how],
            "shapes": [[each.alpha, each.how] for each in self.shapes],
            "tau2": self.tau2.tolist(),
            "baselines": self.baselines,
            "mean_years": self.mean_years,
            "bars": self.bars.tolist(),
            "surge_bar": self.surge_bar,
        }

    @classmethod
    def from_json(cls, held: dict[str, Any]) -> "Frozen":
        """What ``as_json`` gave."""
        periods = max((len(each) for each in held["rates"]), default=1)
        shape = (len(held["groups"]), periods)
        return cls(
            groups=tuple((modality, sector) for modality, sector in held["groups"]),
            modalities=tuple(held["modalities"]),
            rates=Rates(
                np.array(held["rates"], dtype=np.float64).reshape(shape),
                np.array(held["of_modality"], dtype=np.bool_).reshape(shape),
                np.array(held["severe"], dtype=np.float64),
            ),
            typical=np.array(held["typical"], dtype=np.float64),
            shape=Shape(*held["shape"]),
            shapes=tuple(Shape(*each) for each in held["shapes"]),
            tau2=np.array(held["tau2"], dtype=np.float64),
            baselines=dict(held["baselines"]),
            mean_years=held["mean_years"],
            bars=np.array(held["bars"], dtype=np.float64),
            surge_bar=held["surge_bar"],
        )
