"""Years after the cases of these tests were closed."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.reference import ship_reference
from tests.retention.scene import MORNING, Deciders


@pytest.fixture
def travel(db: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        ship_reference()
        yield traveller


@pytest.fixture
def deciders(travel: time_machine.Traveller) -> Deciders:
    return Deciders()
