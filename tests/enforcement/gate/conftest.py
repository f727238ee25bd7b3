"""The same stage as enforcement's tests."""

from tests.enforcement.conftest import scene, travel

__all__ = ["scene", "travel"]
