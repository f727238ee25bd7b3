"""How a simulated England is made: every hyper-parameter, of the usual and of the hostile kind. Pure.

Activity and rates are scaled to what CQC published for 2023/24: 447 notifications of 30.6 million diagnostic
examinations, 244 of 116,000 radiotherapy episodes, the rest of 819 in nuclear medicine (of which the number
of examinations, 0.75 million, is assumed)."""

from dataclasses import dataclass, field
from typing import Final

__all__ = ["HOSTILE", "USUAL", "Modality", "World"]


@dataclass(frozen=True, slots=True)
class Modality:
    """One modality: who does it (by sector, NHS first), its activity and incidents a year over England, and
    how the rate differs between the three years, because of the criteria in force."""

    name: str
    done_by: tuple[float, float]
    activity: float
    incidents: float
    spread: float
    independent_size: float
    by_year: tuple[float, float, float]
    severe: float


MODALITIES: Final = (
    Modality("diagnostic_imaging", (1.0, 0.9), 30.6e6, 447, 1.0, 0.25, (1.0, 1.05, 1.0), 0.1),
    Modality("radiotherapy", (0.3, 0.06), 116e3, 244, 0.6, 0.5, (1.35, 1.0, 1.0), 0.2),
    Modality("nuclear_medicine", (0.5, 0.2), 0.75e6, 128, 0.8, 0.5, (0.85, 1.0, 1.0), 0.12),
)


@dataclass(frozen=True, slots=True)
class World:
    """The hyper-parameters. ``ratios`` are of under-reporters and poor practice to the others, by indicator,
    with the others' share or mean first; ``retained`` is a beta distribution.

    ``mood`` is what all indicators of one employer have in common (the deviation of a normal, on the log
    scale), whatever its class: the reason why the engine tempers. ``lognormal`` rates and ``gradual`` onsets
    are what the method does not assume at all."""

    employers: int = 400
    nhs: float = 0.6
    shape: float = 4.0
    modality_shape: float = 25.0
    prior: float = 0.19
    under: float = 0.55
    per_year: float = 0.1
    retained: tuple[float, float] = (1.7, 6.0)
    before_window: float = 0.6
    severe_retained_more: float = 0.4
    rate_ratio: float = 1.5
    severe_ratio: float = 2.2
    activity_error: float = 0.05
    activity_missing: float = 0.04
    split_failures: float = 0.02
    found_out: float = 0.9
    precision: float = 15.0
    ratios: dict[str, tuple[float, float, float]] = field(
        default_factory=lambda: {
            "late_reports": (0.15, 2.0, 2.5),
            "late_notices": (0.12, 2.0, 1.5),
            "recurrence": (0.15, 1.0, 2.5),
            "overdue_actions": (0.25, 3.0, 4.0),
            "concerns": (0.12, 3.0, 4.0),
            "breaches": (0.6, 2.0, 2.5),
        }
    )
    inspected_since: float = 0.35
    lognormal: bool = False
    gradual: bool = False
    mood: float = 0.3


USUAL: Final = World()
HOSTILE: Final = World(
    lognormal=True,
    gradual=True,
    mood=0.6,
    severe_retained_more=0.0,
    rate_ratio=1.2,
    severe_ratio=1.6,
    activity_error=0.4,
    activity_missing=0.15,
    found_out=0.4,
    ratios={
        "late_reports": (0.25, 1.2, 1.8),
        "late_notices": (0.2, 1.2, 1.2),
        "recurrence": (0.2, 1.0, 1.6),
        "overdue_actions": (0.4, 1.5, 2.5),
        "concerns": (0.2, 2.0, 2.5),
        "breaches": (0.8, 1.4, 1.8),
    },
)
"""One that breaks what the method assumes, in several ways at once."""
