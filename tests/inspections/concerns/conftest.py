"""The same stage as enforcement's tests, and the score's England."""

from tests.risk.conftest import counted, england

__all__ = ["counted", "england"]
