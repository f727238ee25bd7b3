"""The writes on concerns: recording, assessing, acting on one, closing. Each is one transaction."""

from inspections.concerns.services.deciding import (
    assess_concern,
    close_concern,
    mark_in_error,
    reopen_concern,
)
from inspections.concerns.services.inspecting import open_reactive_inspection
from inspections.concerns.services.recording import record_concern

__all__ = [
    "assess_concern",
    "close_concern",
    "mark_in_error",
    "open_reactive_inspection",
    "record_concern",
    "reopen_concern",
]
