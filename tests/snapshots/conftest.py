"""The catalogue of provisions, and a storage of each test's own."""

from pathlib import Path
from typing import Any

import pytest

from tests.reference import ship_provisions


@pytest.fixture
def provisions(db: None) -> None:
    ship_provisions()


@pytest.fixture
def storage(settings: Any, tmp_path: Path) -> Path:
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path
