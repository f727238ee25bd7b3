"""The two time limits of regulation 8(4), as ``data/criteria.json`` has them: the one place that says them.

Pure. The clocks begin with these days; what holds today, by an edition of a clock, ``in_force``
and the pages' ``limit_of`` say.
"""

from typing import Final

from notifications.criteria.reference import shipped

__all__ = ["NOTIFY_WITHIN", "REPORT_WITHIN"]

NOTIFY_WITHIN: Final = shipped().limit("notification").days
"""How many calendar days after its discovery CQC must have a notification."""
REPORT_WITHIN: Final = shipped().limit("report").days
"""How many calendar days after its discovery CQC must have the report of the investigation."""
