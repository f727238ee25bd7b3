"""Shorthand of the gate's tests."""

from datetime import timedelta
from typing import Any, Final

import time_machine

from enforcement import services
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.models import RegisterEntry
from tests.enforcement.scene import PORTAL, Scene

WINDOW_OVER: Final = timedelta(days=22)


def entry_of(notice: Notice) -> RegisterEntry | None:
    return RegisterEntry.objects.filter(slug=slug_of(notice.case)).first()


def open_of(notice: Notice) -> Proposal:
    """What is proposed for its entry."""
    return Proposal.objects.open().get(notice=notice)


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
