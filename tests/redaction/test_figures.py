"""The figures of a year, the counts that risk rests on, and the register: the same before and after."""

from datetime import date

import time_machine

from enforcement import services
from enforcement.register.models import RegisterEntry
from regulator.casework.chain import first_broken_link
from regulator.casework.models import Case
from regulator.periods import Period
from regulator.risk.indicators import INDICATORS
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


def indicators() -> dict[str, list[object]]:
    return {name: sorted(each.counts(YEAR.start, YEAR.end), key=str) for name, each in INDICATORS.items()}


def test_a_year_is_counted_the_same(scene: Scene, travel: time_machine.Traveller) -> None:
    cases = full(scene, travel)
    cast = Cast(scene.employer)
    modalities = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
    cases += [notification_in("closed", cast=cast, modality=each).case for each in modalities]
    cases += [notification_in("closed", cast=cast, basis="voluntary").case]
    served = scene.notice("served")
    cases += [served.case]
    before = figures(), indicators()
    assert before[0]["notifications"] != {"total": 0}
    assert any(before[1].values())
    for case in cases:
        emptied(Case.objects.get(pk=case.pk))
    assert (figures(), indicators()) == before
    assert first_broken_link() is None


def test_the_public_register_is_not_touched(scene: Scene, travel: time_machine.Traveller) -> None:
    notice = scene.notice("served")
    travel.shift(60 * 24 * 3600.0)
    scene.do(notice, services.publish)
    before = list(RegisterEntry.objects.values())
    assert "quality assurance" in before[0]["description"]
    emptied(notice.case)
    assert list(RegisterEntry.objects.values()) == before
