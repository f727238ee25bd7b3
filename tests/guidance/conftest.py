"""The catalogue of provisions, and counts that begin at nought."""

import pytest
from django.core.cache import cache

from tests.reference import ship_provisions


@pytest.fixture
def provisions(db: None) -> None:
    ship_provisions()
    cache.clear()
