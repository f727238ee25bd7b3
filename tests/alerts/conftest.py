"""The catalogue of provisions."""

import pytest

from tests.reference import ship_provisions


@pytest.fixture
def provisions(db: None) -> None:
    ship_provisions()
