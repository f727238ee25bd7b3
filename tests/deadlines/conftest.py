"""The platform's cases and people, as the tests of casework make them."""

from tests.casework.conftest import case, employer, kind, make_case, make_employer, make_user

__all__ = ["case", "employer", "kind", "make_case", "make_employer", "make_user"]
