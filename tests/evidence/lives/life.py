"""What can be done to any case, and a walk that does deeds one after the other.

A deed that is refused where the case stands is passed over, as a person would pass it over.
"""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework import services
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.past import State
from regulator.casework.evidence.rebuilding import case_at_present
from regulator.casework.models import Access, Case, CaseLink
from regulator.casework.scanning import scan_pending
from regulator.organisations.policies import NotPermitted
from regulator.outbox.delivery import deliver_due
from regulator.retention.models import LegalHold
from regulator.retention.services import place_hold, release_hold
from tests.enforcement.scene import Scene
from tests.factories import staff

Deed = Callable[[], object]
REFUSALS: Final = (
    NotAllowedNow,
    NotPermitted,
    ValidationError,
    CaseLink.DoesNotExist,
    LegalHold.DoesNotExist,
)


def walk(
    case: Callable[[], Case], deeds: Sequence[Deed], travel: time_machine.Traveller
) -> list[tuple[datetime, State, str]]:
    """Do the deeds, each some hours after the one before; what was to be seen of the case after each."""
    seen = []
    for place, deed in enumerate(deeds):
        travel.shift(timedelta(hours=7))
        try:
            deed()
        except REFUSALS as refusal:
            done = f"{place}: refused: {refusal}"
        else:
            done = f"{place}: done"
        travel.shift(timedelta(minutes=3))
        seen.append((clock.now(), case_at_present(case()), done))
    return seen


class Life:
    """A case and everything that may be done to it, by those who may."""

    def __init__(self, scene: Scene, chance: random.Random, travel: time_machine.Traveller) -> None:
        self.scene = scene
        self.chance = chance
        self.travel = travel
        self.officer = staff(Role.CASE_OFFICER)
        self.other = staff(Role.INSPECTOR)
        self.manager = scene.manager

    @property
    def case(self) -> Case:
        raise NotImplementedError

    def deeds(self) -> list[Deed]:
        """What can be done to any case."""
        return [
            self.assign,
            self.note,
            self.attach,
            scan_pending,
            deliver_due,
            self.restrict,
            self.lift,
            self.break_glass,
            self.rename,
            self.lift,
            self.link,
            self.unlink,
            self.hold,
            self.release_hold,
        ]

    def whole(self, length: int) -> list[Deed]:
        chosen = self.deeds()
        return [self.chance.choice(chosen) for _ in range(length)]

    def assign(self) -> None:
        to: list[User | None] = [self.officer, self.other, None]
        case = self.case
        services.assign(case=case, assignee=self.chance.choice(to), by=self.officer, version=case.version)

    def note(self) -> None:
        services.add_note(case=self.case, text=f"Rang back {self.chance.random()}.", by=self.officer)

    def attach(self) -> None:
        content = f"Log {self.chance.random()}".encode()
        services.attach(case=self.case, upload=SimpleUploadedFile("log.txt", content), by=self.officer)

    def restrict(self) -> None:
        case = self.case
        people = {self.officer, self.manager, self.other, *([case.assignee] if case.assignee else [])}
        services.restrict(
            case=case, by=self.manager, version=case.version, reason="In confidence.", people=people
        )

    def break_glass(self) -> None:
        services.break_glass(case=self.case, by=self.other, reason="The lead is away.")

    def rename(self) -> None:
        case = self.case
        people = {self.manager, self.chance.choice([self.officer, self.scene.inspector])}
        people |= {case.assignee} if case.assignee else set()
        cut = list(Access.objects.standing().filter(case=case, right=Access.Right.GLASS))
        services.name_people(
            case=case, by=self.manager, version=case.version, reason="Others.", people=people, cut=cut
        )

    def lift(self) -> None:
        case = self.case
        services.lift(case=case, by=self.manager, version=case.version, reason="Over.")

    def link(self) -> None:
        other = self.scene.inspection().case
        services.link_cases(case=self.case, reference=str(other), by=self.manager, reason="One supplier.")

    def unlink(self) -> None:
        link = CaseLink.objects.standing().of(self.case.pk).latest("pk")
        services.unlink_cases(case=self.case, link=link, by=self.manager, reason="Two suppliers.")

    def hold(self) -> None:
        place_hold(case=self.case, by=self.officer, reason="An inquiry asked for it.")

    def release_hold(self) -> None:
        hold = LegalHold.objects.standing().filter(case=self.case).latest("pk")
        release_hold(hold=hold, by=self.manager, reason="The inquiry is over.")
