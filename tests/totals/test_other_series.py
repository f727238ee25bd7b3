"""Inspections and notices are counted as their figures count them, and redaction changes no total."""

from typing import Any

import time_machine

from inspections import services as inspecting
from regulator.casework.models import Case
from regulator.statistics.figures import FIGURES
from regulator.statistics.totals.following import recount
from regulator.statistics.totals.models import Total
from tests.enforcement.scene import Scene
from tests.evidence.conftest import scene, travel
from tests.factories import Cast, notification_in
from tests.redaction.emptied import emptied
from tests.totals.test_following import EVER, assert_equal_to_the_figures, caught_up, totals

__all__ = ["scene", "travel"]


def assert_counted(series: str) -> None:
    held: Any = FIGURES.get(series).compute(EVER)
    assert {name: counts["not_stated"] for name, counts in totals(EVER, "all", series).items()} == {
        name: number for name, number in held["by_modality"].items() if number
    }


def test_inspections_count_once_visited_and_not_once_stood_down(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    scene.inspection("planned")
    given_up = scene.inspection("planned", modality="nuclear_medicine")
    inspecting.stand_down(
        inspection=given_up, by=scene.inspector, version=given_up.case.version, reason="Not needed."
    )
    caught_up()
    assert not Total.objects.filter(series="inspections").exists()
    scene.inspection("on_site")
    travel.shift(40 * 24 * 3600.0)
    scene.inspection("on_site", modality="nuclear_medicine")
    caught_up()
    assert_counted("inspections")
    assert Total.objects.filter(series="inspections").count() == 2


def test_notices_count_once_served_whatever_becomes_of_them(
    scene: Scene, travel: time_machine.Traveller
) -> None:
    scene.notice("draft")
    caught_up()
    assert not Total.objects.filter(series="notices").exists()
    scene.notice("served")
    travel.shift(40 * 24 * 3600.0)
    scene.notice("withdrawn")
    caught_up()
    assert_counted("notices")
    assert sum(Total.objects.filter(series="notices").values_list("number", flat=True)) == 2


def test_what_is_redacted_counts_on(scene: Scene, travel: time_machine.Traveller) -> None:
    cases = [notification_in("closed", cast=Cast(scene.employer)).case, scene.notice("served").case]
    caught_up()
    before = list(Total.objects.order_by("pk").values())
    for case in cases:
        emptied(Case.objects.get(pk=case.pk))
    caught_up()
    assert list(Total.objects.order_by("pk").values()) == before
    assert_equal_to_the_figures(EVER)
    assert recount() == {}
