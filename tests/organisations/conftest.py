"""A day on which a reporting year has just ended, for the tests of activity returns."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def in_may() -> Iterator[time_machine.Traveller]:
    """Noon of 12 May 2026, and it stays noon: 2025/26 has ended, 2026/27 runs."""
    with time_machine.travel(datetime(2026, 5, 12, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller
