import pytest

from tests.statistics.reports.room import Room


@pytest.fixture
def room(db: None) -> Room:
    return Room()
