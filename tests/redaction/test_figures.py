"""The figures of a year, the counts that risk rests on, and the register: the same before and after."""

from datetime import date
from typing import Any

import time_machine

from enforcement.register.models import RegisterEntry
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case
from regulator.periods import DayRange, Period
from regulator.risk.indicators import INCIDENTS, INDICATORS, INSPECTED, OUTCOMES, RULES, Asked
from regulator.statistics.figures import FIGURES
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.factories import Cast, notification_in
from tests.redaction.emptied import emptied
from tests.redaction.full import full

__all__ = ["scene", "travel"]
YEAR = Period(start=date(2025, 1, 1), end=date(2025, 12, 31), label="2025")


def figures() -> dict[str, object]:
    return {name: figure.compute(YEAR) for name, figure in FIGURES.items()}


def risk() -> dict[str, list[object]]:
    """All that the engine is told of the year."""
    asked = Asked(DayRange(YEAR.start, YEAR.end))
    told: dict[str, Any] = {f"indicator {name}": each.facts for name, each in INDICATORS.items()}
    told |= {f"rule {name}": each.found for name, each in RULES.items()}
    for what, registry in (("incidents", INCIDENTS), ("inspected", INSPECTED), ("outcomes", OUTCOMES)):
        told |= {f"{what} {name}": source for name, source in registry.items()}
    return {name: sorted(source(asked), key=str) for name, source in told.items()}


def test_a_year_is_counted_the_same(scene: Scene, travel: time_machine.Traveller) -> None:
    cases = full(scene, travel)
    cast = Cast(scene.employer)
    modalities = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    cases += [notification_in("closed", cast=cast, modality=each).case for each in modalities]
    cases += [notification_in("closed", cast=cast, basis="voluntary").case]
    served = scene.notice("served")
    cases += [served.case]
    before = figures(), risk()
    assert before[0]["notifications"] != {"total": 0}
    assert len([name for name, found in before[1].items() if found]) > 3, before[1]
    for case in cases:
        emptied(Case.objects.get(pk=case.pk))
    assert (figures(), risk()) == before
    assert first_broken_link() is None


def test_the_public_register_is_not_touched(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    travel.shift(60 * 24 * 3600.0)
    scene.publish(notice)
    before = list(RegisterEntry.objects.values())
    assert "quality assurance" in before[0]["description"]
    emptied(notice.case)
    assert list(RegisterEntry.objects.values()) == before
