"""The catalogue of provisions, and the API's answers to errors as Django REST framework words them."""

import pytest

from tests.reference import ship_provisions


@pytest.fixture
def provisions(db: None) -> None:
    ship_provisions()
