"""A fixed morning, the catalogue of provisions, and everybody on stage."""

from collections.abc import Iterator

import pytest
import time_machine

from regulator.legislation.services import load_provisions
from tests.enforcement.scene import MORNING, Scene


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    """The clock, standing at 9 in the morning of 3 March 2025; ``move_to`` sets it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(db: None, travel: time_machine.Traveller) -> Scene:
    load_provisions()
    return Scene()
