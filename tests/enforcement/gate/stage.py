"""Shorthand of the gate's tests."""

from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.gate.queries import waiting_for
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.models import RegisterEntry
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from tests.enforcement.scene import PORTAL, Scene

WINDOW_OVER: Final = timedelta(days=22)


def entry_of(notice: Notice) -> RegisterEntry | None:
    return RegisterEntry.objects.filter(slug=slug_of(notice.case)).first()


def open_of(notice: Notice) -> Proposal:
    """What is proposed for its entry."""
    return Proposal.objects.open().get(notice=notice)


def asked_of(user: User) -> list[Case]:
    """The notices whose entry the desk counts as waiting for them to approve."""
    return list(Case.objects.filter(waiting_for(user)))


def refused(scene: Scene, notice: Notice, *hands: User) -> None:
    """None of them may approve the entry that waits, or is asked to; the second manager is."""
    for hand in hands:
        assert asked_of(hand) == []
        with pytest.raises(NotAllowedNow, match="changes the entry"):
            scene.do(notice, gate.approve_entry, hand)
    assert asked_of(scene.second) == [notice.case]


def proposed(scene: Scene, travel: time_machine.Traveller, state: str = "served", **arguments: Any) -> Notice:
    """A notice whose entry waits for a second person, its time for appeal over."""
    notice = scene.notice(state, **arguments)
    travel.shift(WINDOW_OVER)
    assert services.propose_publication(notice=notice, by=PORTAL)
    notice.case.refresh_from_db()
    return notice


def published(
    scene: Scene, travel: time_machine.Traveller, state: str = "served", **arguments: Any
) -> Notice:
    """A notice whose entry stands on the register."""
    notice = proposed(scene, travel, state, **arguments)
    scene.publish(notice)
    return notice
