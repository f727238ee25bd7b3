"""The parameters of the risk model, one file a version under ``data/``. Pure: no Django, no database."""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CURRENT", "Parameters", "read_parameters"]

CURRENT = "1.1.0"
_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the model assumes.

    ``interval`` holds the two probabilities of the interval's ends; ``fraction_of_median`` is how far
    below the peers' median a rate must lie to count as low; ``default_shape`` stands where a peer group
    cannot tell its own, within ``shape_bounds``; ``share`` of employers is assumed to report only a
    ``retained`` part (with ``weights``) of what happens; ``digest`` is the SHA-256 of the file.
    """

    version: str
    digest: str
    window_months: int
    interval: tuple[float, float]
    fraction_of_median: float
    default_shape: float
    shape_bounds: tuple[float, float]
    least_employers: int
    share: float
    retained: tuple[float, ...]
    weights: tuple[float, ...]
    sector_groups: dict[str, str]


def read_parameters(version: str = CURRENT, *, folder: Path = _DATA) -> Parameters:
    """The parameters of ``version``. Raises ``ValueError`` where they contradict themselves or each other."""
    raw = (folder / f"parameters-{version}.json").read_bytes()
    parameters = _from_json(json.loads(raw), hashlib.sha256(raw).hexdigest())
    fault = _fault(parameters, version)
    if fault:
        raise ValueError(f"parameters-{version}.json: {fault}")
    return parameters


def _from_json(held: dict[str, Any], digest: str) -> Parameters:
    shape, low_reporters = held["shape"], held["under_reporters"]
    return Parameters(
        version=held["version"],
        digest=digest,
        window_months=held["window_months"],
        interval=(held["interval"][0], held["interval"][1]),
        fraction_of_median=held["fraction_of_median"],
        default_shape=shape["default"],
        shape_bounds=(shape["lowest"], shape["highest"]),
        least_employers=shape["least_employers"],
        share=low_reporters["share"],
        retained=tuple(low_reporters["retained"]),
        weights=tuple(low_reporters["weights"]),
        sector_groups=dict(held["sector_groups"]),
    )


def _fault(held: Parameters, version: str) -> str:
    """What is wrong with the parameters, or ``""``."""
    low, high = held.shape_bounds
    rules = (
        (held.version == version, f"it calls itself version {held.version}"),
        (0 < held.interval[0] < held.interval[1] < 1, "the interval's ends are not in order between 0 and 1"),
        (0 < low <= held.default_shape <= high, "the default shape lies outside its bounds"),
        (0 <= held.share < 1, "the share of under-reporters is not between 0 and 1"),
        (len(held.retained) == len(held.weights) > 0, "each retained part needs one weight"),
        (all(0 < part < 1 for part in held.retained), "a retained part is not between 0 and 1"),
        (math.isclose(math.fsum(held.weights), 1.0, abs_tol=1e-9), "the weights do not add up to 1"),
        (
            held.window_months > 0 and held.least_employers > 1,
            "the window or the least peer group is too small",
        ),
    )
    return next((fault for holds, fault in rules if not holds), "")
