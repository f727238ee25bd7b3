"""An inspection, and how its lead inspector and its employer do something to it."""

import random
from datetime import timedelta
from typing import Any

import time_machine

from inspections.models import Inspection
from regulator import clock
from regulator.casework.models import Case
from tests.enforcement.scene import Scene
from tests.evidence.lives.life import Life


class Inspected(Life):
    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        planned_on = clock.today() + timedelta(days=20)
        self.pk = scene.inspection(planned_on=planned_on, lead=self.other, scope="The new scanner.").pk

    @property
    def inspection(self) -> Inspection:
        return Inspection.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def do(self, deed: Any, **arguments: Any) -> Any:
        inspection = self.inspection
        deed(inspection=inspection, by=self.other, version=inspection.case.version, **arguments)

    def lead_does(self, deed: Any, **arguments: Any) -> None:
        inspection = self.inspection
        deed(inspection=inspection, by=self.scene.lead, version=inspection.case.version, **arguments)
