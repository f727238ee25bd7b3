"""The stage of inspections, with a checklist open on one that is on site."""

from typing import Any
from uuid import uuid4

import pytest

from inspections.checklists import services
from inspections.checklists.models import Checklist
from inspections.checklists.services import Given, Taken
from inspections.models import Inspection
from tests.enforcement.conftest import travel
from tests.enforcement.scene import Scene
from tests.reference import ship_provisions

__all__ = ["scene", "travel"]


def opened(scene: Scene, state: str = "on_site", key: str = "training") -> Checklist:
    """A checklist of an inspection in that state."""
    return services.open_checklist(inspection=scene.inspection(state), by=scene.inspector, key=key)


def given(item: str = "list", verdict: str = "met", note: str = "", **others: Any) -> Given:
    return Given(**{"item": item, "verdict": verdict, "note": note, "client_id": uuid4(), **others})


def answer(checklist: Checklist, by: Any, *answers: Given) -> list[Taken]:
    return services.answer_items(checklist=checklist, by=by, answers=answers)


@pytest.fixture
def scene(db: None, travel: Any) -> Scene:
    ship_provisions()
    return Scene()


@pytest.fixture
def checklist(scene: Scene) -> Checklist:
    return opened(scene)


@pytest.fixture
def inspection(checklist: Checklist) -> Inspection:
    return checklist.inspection
