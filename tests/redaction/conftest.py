"""What tests of redaction stand on: cases of the test kind, closed, with people and words on them."""

from pathlib import Path
from typing import Any

import pytest

from tests.casework.conftest import (
    case,
    employer,
    kind,
    make_case,
    make_employer,
    make_user,
)


@pytest.fixture(autouse=True)
def _a_disk_of_its_own(settings: Any, tmp_path: Path) -> None:
    """What another test filed, and rolled back, is not on it."""
    kept = {"OPTIONS": {"location": str(tmp_path / "files")}}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], **kept}}


__all__ = ["case", "employer", "kind", "make_case", "make_employer", "make_user"]
