"""A fixed morning, the reference data of all kinds of case, and everybody on stage."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.enforcement.scene import MORNING, Scene
from tests.reference import ship_provisions, ship_reference


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """The clock, standing at 9 in the morning of 3 March 2025; ``move_to`` and ``shift`` set it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(db: None, travel: time_machine.Traveller) -> Scene:
    ship_provisions()
    ship_reference()
    return Scene()
