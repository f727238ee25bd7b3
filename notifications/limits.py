"""The two time limits of regulation 8(4), as ``data/criteria.json`` has them: the one place that says them.

Pure. Clocks, forms, pages and letters take their days from here.
"""

from typing import Final

from notifications.criteria.reference import shipped

__all__ = ["NOTIFY_WITHIN", "REPORT_WITHIN"]

NOTIFY_WITHIN: Final = shipped().limit("notification").days
"""How many calendar days after its discovery CQC must have a notification."""
REPORT_WITHIN: Final = shipped().limit("report").days
"""How many calendar days after its discovery CQC must have the report of the investigation."""
