"""The writes at the gate: one function for each thing that a person does."""

from enforcement.gate.services.claiming import (
    claim_trade_secret,
    decide_claim,
    record_secretary_appeal,
    serve_safe_entry,
)
from enforcement.gate.services.correcting import (
    approve_imported,
    correct_imported,
    remove_imported,
    return_imported,
)
from enforcement.gate.services.deciding import approve_entry, return_entry
from enforcement.gate.services.preparing import correct_entry, prepare_entry
from enforcement.gate.services.releasing import release_entry

__all__ = [
    "approve_entry",
    "approve_imported",
    "claim_trade_secret",
    "correct_entry",
    "correct_imported",
    "decide_claim",
    "prepare_entry",
    "record_secretary_appeal",
    "release_entry",
    "remove_imported",
    "return_entry",
    "return_imported",
    "serve_safe_entry",
]
