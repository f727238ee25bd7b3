"""What tests of redaction stand on: cases of the test kind, closed, with people and words on them."""

from tests.casework.conftest import (
    case,
    employer,
    kind,
    make_case,
    make_employer,
    make_user,
)

__all__ = ["case", "employer", "kind", "make_case", "make_employer", "make_user"]
