"""What the tests of notifications share."""

import pytest

from notifications.services import load_reference


@pytest.fixture
def reference(db: None) -> None:
    """The criteria and the taxonomy, as the project ships them."""
    load_reference()
