"""What tests of the totals stand on: the reference data that every notification needs."""

import pytest

from tests.reference import ship_reference


@pytest.fixture
def reference(db: None) -> None:
    ship_reference()
