"""The parameters of the risk model, one file a version under ``data/``. Pure: no Django, no database.

Every ratio, share and prior in the file is elicited, a placeholder for a panel of experts; what is fitted to
the employers' own figures is no parameter (``regulator.risk.frozen``).
"""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["CURRENT", "Parameters", "Surges", "UnderReporting", "Weight", "read_parameters"]

CURRENT: Final = "2.0.0"
_DATA: Final = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True, slots=True)
class UnderReporting:
    """What an under-reporter is assumed to do: it still reports a part ``retained`` (with ``weights``) of its
    minor incidents, and of the severe ones the same or ``severe_retained_more`` on top; with probability
    ``before_window`` since before the window, else from the start of any later quarter."""

    retained: tuple[float, ...]
    weights: tuple[float, ...]
    before_window: float
    severe_retained_more: float


@dataclass(frozen=True, slots=True)
class Weight:
    """How a further indicator weighs: ``share`` counts so many of so many, ``count`` events. ``under`` and
    ``poor`` are the rate ratios of under-reporters and of poor practice to the others; ``baseline`` with
    ``strength`` is what is assumed of the others before any figure; ``precision`` is a + b of the share's
    beta distribution among employers of one kind."""

    kind: str
    months: int
    under: float
    poor: float
    baseline: float
    strength: float
    precision: float


@dataclass(frozen=True, slots=True)
class Surges:
    """When a rise is shown: which share of the alarms may be false on average (``false_share``), the months
    between baseline and present, and the ratio and limit of the CUSUM."""

    false_share: float
    guard_months: int
    cusum_ratio: float
    cusum_limit: float


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the model assumes; ``digest`` is the SHA-256 of the file.

    ``interval`` holds the two probabilities of an interval's ends; ``fraction_of_median`` is how far below
    the peers' median a rate must lie to count as low; ``default_shape`` stands where too few employers can
    tell their own, within ``shape_bounds``; ``share`` of employers is taken out as under-reporters when the
    shape is fitted. ``places`` is how many inspections a year there are to give.
    """

    version: str
    digest: str
    window_months: int
    quarters: int
    places: int
    one_cause_days: int
    interval: tuple[float, float]
    fraction_of_median: float
    default_shape: float
    shape_bounds: tuple[float, float]
    least_employers: int
    share: float
    under_reporting: UnderReporting
    rate_ratio: float
    severe_ratio: float
    highest_severe_share: float
    severe_share: float
    severe_strength: float
    prior_any: float
    prior_under: float
    prior_per_year: float
    most_years: float
    tempering: float
    activity_spread: dict[str, float]
    indicators: dict[str, Weight]
    expected_and_never_inspected: float
    rule_months: int
    least_expected: float
    draws: int
    seed: int
    ratio_spread: float
    shape_spread: float
    prior_spread: float
    surges: Surges
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
    shape, low, poor = held["shape"], held["under_reporting"], held["poor_practice"]
    prior, spread, rules = held["prior"], held["range"], held["rules"]
    return Parameters(
        version=held["version"],
        digest=digest,
        window_months=held["window_months"],
        quarters=held["quarters"],
        places=held["places"],
        one_cause_days=held["one_cause_days"],
        interval=(held["interval"][0], held["interval"][1]),
        fraction_of_median=held["fraction_of_median"],
        default_shape=shape["default"],
        shape_bounds=(shape["lowest"], shape["highest"]),
        least_employers=shape["least_employers"],
        share=shape["share"],
        under_reporting=UnderReporting(
            retained=tuple(low["retained"]),
            weights=tuple(low["weights"]),
            before_window=low["before_window"],
            severe_retained_more=low["severe_retained_more"],
        ),
        rate_ratio=poor["rate_ratio"],
        severe_ratio=poor["severe_ratio"],
        highest_severe_share=poor["highest_severe_share"],
        severe_share=held["severe_share"]["default"],
        severe_strength=held["severe_share"]["strength"],
        prior_any=prior["any"],
        prior_under=prior["under_reporting"],
        prior_per_year=prior["per_year"],
        most_years=prior["most_years"],
        tempering=held["tempering"],
        activity_spread=dict(held["activity_spread"]),
        indicators={name: Weight(**{"precision": 1.0, **each}) for name, each in held["indicators"].items()},
        expected_and_never_inspected=rules["expected_and_never_inspected"],
        rule_months=rules["months"],
        least_expected=held["least_expected"],
        draws=spread["draws"],
        seed=spread["seed"],
        ratio_spread=spread["ratio_spread"],
        shape_spread=spread["shape_spread"],
        prior_spread=spread["prior_spread"],
        surges=Surges(**held["surges"]),
        sector_groups=dict(held["sector_groups"]),
    )


def _fault(held: Parameters, version: str) -> str:
    """What is wrong with the parameters, or ``""``."""
    low, high = held.shape_bounds
    kept = held.under_reporting
    rules = (
        (held.version == version, f"it calls itself version {held.version}"),
        (0 < held.interval[0] < held.interval[1] < 1, "the interval's ends are not in order between 0 and 1"),
        (0 < low <= held.default_shape <= high, "the default shape lies outside its bounds"),
        (0 <= held.share < 1, "the share of under-reporters is not between 0 and 1"),
        (len(kept.retained) == len(kept.weights) > 0, "each retained part needs one weight"),
        (all(0 < part < 1 for part in kept.retained), "a retained part is not between 0 and 1"),
        (math.isclose(math.fsum(kept.weights), 1.0, abs_tol=1e-9), "the weights do not add up to 1"),
        (0 <= kept.before_window <= 1, "the chance of an onset before the window is not between 0 and 1"),
        (0 < held.prior_any < 1 and 0 < held.prior_under < 1, "a prior is not between 0 and 1"),
        (0 < held.tempering <= 1, "the tempering is not above 0 and at most 1"),
        (held.rate_ratio > 1 and held.severe_ratio > 1, "poor practice does not raise what it should raise"),
        (
            held.window_months == 3 * held.quarters > 0 and held.least_employers > 1,
            "the window is not made of its quarters, or the least peer group is too small",
        ),
        (all(_sound(each) for each in held.indicators.values()), "an indicator's weight makes no sense"),
    )
    return next((fault for holds, fault in rules if not holds), "")


def _sound(weight: Weight) -> bool:
    highest = 1.0 if weight.kind == "share" else math.inf
    return (
        weight.kind in ("share", "count")
        and weight.months > 0
        and min(weight.under, weight.poor) >= 1
        and 0 < weight.baseline < highest
        and min(weight.strength, weight.precision) > 0
    )
