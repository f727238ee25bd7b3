"""What every benchmark stands on."""

import faulthandler

import pytest


@pytest.fixture(autouse=True)
def _a_million_rows_take_their_time() -> None:
    """The suite ends a test that hangs for ten minutes; to fill a register of a million entries may take as
    long."""
    faulthandler.cancel_dump_traceback_later()
