"""The life of a concern."""

import random
from typing import Any

import time_machine

from inspections.concerns import services as weighing
from inspections.concerns.models import Concern
from regulator import clock
from regulator.casework import services
from regulator.casework.models import Case
from regulator.casework.services.referring import Packet
from tests.enforcement.scene import Scene
from tests.evidence.lives.life import Deed, Life
from tests.inspections.concerns.making import inspect, record


class LifeOfAConcern(Life):
    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        super().__init__(scene, chance, travel)
        self.pk = record(scene.employer, self.officer, site=scene.site).pk

    @property
    def concern(self) -> Concern:
        return Concern.objects.select_related("case__employer").get(pk=self.pk)

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.pk)

    def deeds(self) -> list[Deed]:
        own: list[Deed] = [self.assess, self.assess, self.inspect, self.refer, self.close, self.reopen]
        return [*super().deeds(), *own, *own, self.mark_error]

    def do(self, deed: Any, **arguments: Any) -> Any:
        concern, reason = self.concern, f"Heard {self.chance.random()} times."
        version = concern.case.version
        return deed(concern=concern, by=self.scene.inspector, version=version, reason=reason, **arguments)

    def assess(self) -> None:
        self.do(weighing.assess_concern, harm=self.chance.choice(list(Concern.Harm)))

    def inspect(self) -> None:
        inspect(self.concern, self.scene.inspector)

    def refer(self) -> None:
        packet = Packet(
            body="mhra",
            gateway="device",
            sent_on=clock.today(),
            how="email",
            sent_by=self.officer,
            summary="What it is about.",
        )
        case = self.case
        services.refer(case=case, by=self.officer, version=case.version, packet=packet)

    def close(self) -> None:
        self.do(weighing.close_concern, outcome=self.chance.choice(list(Concern.Outcome)))

    def reopen(self) -> None:
        self.do(weighing.reopen_concern)

    def mark_error(self) -> None:
        self.do(weighing.mark_in_error)
