"""Incidents drawn freely, not taken from the golden file: their facts fit together, and any may be forgotten.

What is said to have no part (no unborn child, no planning scan repeated) has no facts of that part either.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from notifications.criteria.incident import Incident

NAMES: Final = tuple(each.name for each in fields(Incident))
FORGETTABLE: Final = tuple(name for name in NAMES if name != "occurred_until")
"""An empty last day is an answer: it happened on one day."""
DAYS: Final = (
    date(2018, 1, 1),
    date(2019, 6, 2),
    date(2019, 6, 3),
    date(2020, 8, 20),
    date(2020, 8, 21),
    date(2023, 3, 31),
    date(2023, 4, 1),
    date(2023, 4, 30),
    date(2023, 5, 1),
    date(2026, 1, 5),
)
"""The first and the last day of each version of the criteria, and of the doubt between two."""
_EDGES: Final = (
    "0 0.001 0.299999 0.3 0.300001 0.5 0.999999 1 1.5 2.499999 2.5 2.999999 3 9 10 10.000001 12 25 30 100"
)
DOSES: Final = st.one_of(
    st.sampled_from([Decimal(each) for each in _EDGES.split()]),
    st.decimals(min_value=0, max_value=200, places=6),
)
_RATIOS: Final = st.sampled_from(
    [Decimal(each) for each in ("0", "0.5", "0.9", "0.9001", "1", "1.0999", "1.1", "1.2", "3")]
)
_LENGTHS: Final = st.sampled_from([Decimal(each) for each in ("0", "2", "5", "5.01", "12.5", "30")])
_ACTIVITIES: Final = st.sampled_from([Decimal(each) for each in ("0", "90", "99.9", "100", "110", "110.1")])
_COUNTS: Final = st.integers(min_value=0, max_value=12)
_BOOL: Final = st.booleans()
OF_PARTS: Final[dict[str, dict[str, st.SearchStrategy[Any]]]] = {
    "foetus_exposed": {"foetal_dose": DOSES.map(lambda dose: dose.quantize(Decimal("0.0001")))},
    "infant_exposed": {"infant_effective_dose": DOSES},
    "planning_scan_affected": {"planning_scans_total": _COUNTS},
    "verification_affected": {
        "images_in_fraction": _COUNTS,
        "planned_images": _COUNTS,
        "images_in_course": _COUNTS,
    },
    "treatment_affected": {
        "course_ratio": _RATIOS,
        "fraction_ratio": _RATIOS,
        "organ_at_risk_ratio": _RATIOS,
        "geographical_miss": st.sampled_from(["none", "partial", "total"]),
        "miss_distance_mm": _LENGTHS,
        "margin_mm": _LENGTHS,
    },
}
_OTHERS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "modality": st.sampled_from(["diagnostic_imaging", "radiotherapy", "nuclear_medicine"]),
    "exposure_kind": st.sampled_from(["accidental", "unintended"]),
    "number_exposed": st.sampled_from([1, 1, 1, 1, 1, 2]),
    "person": st.sampled_from(["adult", "child"]),
    "clinically_significant": st.sampled_from([False, False, False, True]),
    "equipment_failure": _BOOL,
    "radionuclide_therapy": _BOOL,
    "wrong_radiopharmaceutical": _BOOL,
    "intended_effective_dose": DOSES,
    "total_effective_dose": DOSES,
    "enquiry_failed": _BOOL,
    "procedural_failure": _BOOL,
    "interventional": _BOOL,
    "local_drl_multiple": st.sampled_from([Decimal(each) for each in ("1", "9.9999", "10", "12")]),
    "tissue_reaction": _BOOL,
    "transient_erythema_only": _BOOL,
    "set_up_error": _BOOL,
    "hardware_or_software_failure": _BOOL,
}


def said(incident: Incident) -> dict[str, str]:
    """The facts of an incident as a page or the API is told them; what is not known is left out."""
    known = {name: getattr(incident, name) for name in NAMES if getattr(incident, name) is not None}
    return {name: _text(value) for name, value in known.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@st.composite
def whole(draw: st.DrawFn) -> Incident:
    """One of which everything is known, in England."""
    facts = {name: draw(strategy) for name, strategy in _OTHERS.items()}
    for part, of_part in OF_PARTS.items():
        facts[part] = draw(_BOOL)
        facts |= {name: draw(strategy) if facts[part] else None for name, strategy in of_part.items()}
    first = draw(st.sampled_from(DAYS))
    last = first + timedelta(days=draw(st.sampled_from([0, 0, 1, 40, 4000])))
    return Incident(
        country="england",
        event="exposure",
        occurred_on=first,
        occurred_until=last if last > first else None,
        **facts,
    )


@st.composite
def forgotten(draw: st.DrawFn) -> tuple[Incident, Incident]:
    """One of which everything is known, and the same with some of it forgotten."""
    known = draw(whole())
    lost = draw(st.sets(st.sampled_from(FORGETTABLE), max_size=6))
    less = replace(known, **dict.fromkeys(lost))
    return known, replace(less, occurred_until=None) if less.occurred_on is None else less


@st.composite
def partly_known(draw: st.DrawFn) -> Incident:
    """Any incident: much of it may be unknown, and what is told may not fit together."""
    known = draw(whole())
    odd: dict[str, Any] = {
        "number_exposed": draw(st.sampled_from([0, 1, 2, 1_000_000])),
        "country": draw(st.sampled_from(["england", "wales", "scotland", "northern_ireland"])),
        "event": draw(st.sampled_from(["exposure", "exposure", "device_fault", "licence_breach"])),
        **{part: draw(_BOOL) for part in OF_PARTS},
    }
    mixed = replace(known, **{name: odd[name] for name in draw(st.sets(st.sampled_from(sorted(odd))))})
    lost = draw(st.sets(st.sampled_from(FORGETTABLE), max_size=20))
    less = replace(mixed, **dict.fromkeys(lost))
    return replace(less, occurred_until=None) if less.occurred_on is None else less
