"""The parameter file: what ships is sound, and one that contradicts itself is refused."""

import json
from pathlib import Path
from typing import Any

import pytest

from regulator.risk import parameters


def test_the_shipped_parameters_are_sound() -> None:
    held = parameters.read_parameters()
    assert held.version == parameters.CURRENT
    assert len(held.digest) == 64


@pytest.mark.parametrize(
    ("section", "key", "value", "complaint"),
    [
        ("", "version", "9.9.9", "version 9.9.9"),
        ("", "interval", [0.95, 0.05], "interval"),
        ("", "window_months", 0, "window"),
        ("shape", "default", 99.0, "default shape"),
        ("shape", "share", 1.0, "share"),
        ("under_reporting", "weights", [1.0], "one weight"),
        ("under_reporting", "retained", [0.0, 0.1, 0.2, 0.3, 0.4], "retained part"),
        ("under_reporting", "weights", [0.5, 0.5, 0.5, 0.5, 0.5], "add up"),
        ("under_reporting", "before_window", 1.2, "onset before the window"),
        ("poor_practice", "rate_ratio", 0.9, "poor practice"),
        ("prior", "any", 1.0, "prior"),
        ("", "tempering", 0.0, "tempering"),
        (
            "",
            "indicators",
            {
                "concerns": {
                    "kind": "mood",
                    "months": 12,
                    "under": 1.0,
                    "poor": 1.0,
                    "baseline": 1.0,
                    "strength": 1.0,
                }
            },
            "indicator",
        ),
        (
            "",
            "indicators",
            {
                "late": {
                    "kind": "share",
                    "months": 12,
                    "under": 0.5,
                    "poor": 1.0,
                    "baseline": 0.1,
                    "strength": 1.0,
                }
            },
            "indicator",
        ),
    ],
)
def test_parameters_that_contradict_themselves_are_refused(
    tmp_path: Path, section: str, key: str, value: Any, complaint: str
) -> None:
    name = f"parameters-{parameters.CURRENT}.json"
    held = json.loads((Path(parameters.__file__).parent / "data" / name).read_text())
    (held[section] if section else held)[key] = value
    (tmp_path / name).write_text(json.dumps(held))
    with pytest.raises(ValueError, match=complaint):
        parameters.read_parameters(folder=tmp_path)
