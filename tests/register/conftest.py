"""The catalogue of provisions, and the API's answers to errors as Django REST framework words them."""

import pytest

from regulator.legislation.services import load_provisions


@pytest.fixture
def provisions(db: None) -> None:
    load_provisions()
