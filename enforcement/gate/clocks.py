"""The dates that hang on a claim that an entry tells a trade secret, and on an embargo. Pure: dates in, dates
and their derivation out. Source: Environment and Safety Information Act 1988, section 4."""

from datetime import date, timedelta
from typing import Final

from enforcement.legal_clock import TRADE_SECRET_DAYS, LegalDate

SAFE_ENTRY_DAYS: Final = 14
"""The portal's own: section 4 says that the authority drafts the entry, and not by when."""
SECRETARY_DAYS: Final = 14
"""ESIA 1988 s4: the recipient may appeal to the Secretary of State within 14 days of its service."""


def claim_closes(served_on: date) -> LegalDate:
    """The last day on which the recipient may claim that the entry tells a trade secret."""
    return _after(served_on, TRADE_SECRET_DAYS, "the day of service")


def safe_entry_due(claimed_on: date, reopened_on: date | None = None) -> LegalDate:
    """The last day for CQC to draft an entry that tells no secret, and to serve it; counted from the day on
    which the claim was opened again, where it was."""
    start = claimed_on if reopened_on is None else reopened_on
    what = "the claim" if reopened_on is None else "the claim was opened again"
    return _after(start, SAFE_ENTRY_DAYS, what, "; the Act sets no day, so the portal does")


def secretary_appeal_closes(entry_served_on: date) -> LegalDate:
    """The last day for the recipient's appeal to the Secretary of State against the drafted entry."""
    return _after(entry_served_on, SECRETARY_DAYS, "the drafted entry was served")


def settled_after(entry_served_on: date, appealed_on: date | None) -> LegalDate | None:
    """The last day on which the drafted entry may not be settled without the Secretary of State; ``None``
    where an appeal is pending, which only a decision ends."""
    return None if appealed_on is not None else secretary_appeal_closes(entry_served_on)


def past_the_clock(embargo_on: date, due_on: date) -> bool:
    """Whether an embargo that ends on that day would make the entry late."""
    return embargo_on > due_on


def _after(start: date, days: int, what: str, further: str = "") -> LegalDate:
    said = f"{start.day} {start:%B %Y}"
    return LegalDate(start + timedelta(days=days), f"{days} days after {what}, {said}{further}.")
