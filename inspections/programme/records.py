"""What a draw was made from, as it is kept: canonical, so that the same input has the same bytes, and read
back, so that it can be drawn again. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from inspections.programme.drawing import Candidate, Terms

Row = list[Any]


def rows_of(candidates: Iterable[Candidate]) -> list[Row]:
    """Sorted by employer and modality; scores as text, exactly."""
    return [
        [
            each.employer,
            each.modality,
            each.sector,
            None if each.score is None else str(each.score),
            each.rule,
            each.inspected_on.isoformat() if each.inspected_on else None,
            each.is_underway,
        ]
        for each in sorted(candidates, key=lambda each: each.key)
    ]


def candidates_of(rows: Iterable[Row]) -> list[Candidate]:
    """``rows_of``, read back."""
    return [
        Candidate(
            employer,
            modality,
            sector,
            None if score is None else Fraction(score),
            rule,
            date.fromisoformat(inspected) if inspected else None,
            underway,
        )
        for employer, modality, sector, score, rule, inspected, underway in rows
    ]


def written(terms: Terms) -> dict[str, Any]:
    """The terms, ready for JSON; the split as rows, since its keys are pairs."""
    return {
        "on": terms.on.isoformat(),
        "split": [[*stratum, places] for stratum, places in sorted(terms.split.items()) if places],
        "by_rule": terms.by_rule,
        "by_time": terms.by_time,
        "by_chance": terms.by_chance,
        "rest_years": terms.rest_years,
        "floor_years": terms.floor_years,
        "seed": terms.seed,
    }


def terms_of(told: Mapping[str, Any]) -> Terms:
    """``written``, read back."""
    return Terms(
        on=date.fromisoformat(told["on"]),
        split={(modality, sector): places for modality, sector, places in told["split"]},
        by_rule=told["by_rule"],
        by_time=told["by_time"],
        by_chance=told["by_chance"],
        rest_years=told["rest_years"],
        floor_years=told["floor_years"],
        seed=told["seed"],
    )


def digest(terms: Mapping[str, Any], rows: Iterable[Row]) -> str:
    """SHA-256 (hex) over the whole input of a draw."""
    content = json.dumps([terms, list(rows)], sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(content.encode("ascii")).hexdigest()
