"""What notifications contribute to the totals: how each that counts is counted, by the figures' own rule."""

from collections.abc import Collection, Iterator
from typing import Final

from django.utils import timezone

from notifications.counting import counted
from notifications.models import SubModality
from regulator.organisations.models import EmployerType
from regulator.statistics.totals.cells import SOURCES, Counted, Dimension, Source

PATH: Final = " > "
"""Between the tiers of a cause."""
_NOT_STATED: Final = "Not stated"
_NOT_CODED: Final = "Not yet coded"
_COLUMNS: Final = ("pk", "case__opened_at", "case__modality", "sub_modality", "case__employer__type")
_TIERS: Final = ("cqc_cause__tier1", "cqc_cause__tier2", "cqc_cause__tier3")


def cells(keys: Collection[int]) -> Iterator[tuple[int, Counted]]:
    """Those of the cases that count, by the day on which their reference was given (1 query)."""
    rows = counted().filter(pk__in=keys, case__opened_at__isnull=False)
    for key, opened_at, modality, sub_modality, employer, *tiers in rows.values_list(*_COLUMNS, *_TIERS):
        parts = {
            "sub_modality": sub_modality,
            "employer_type": employer,
            "tier1": tiers[0] or "",
            "cause": PATH.join(tiers) if tiers[0] else "",
        }
        yield key, Counted(timezone.localdate(opened_at), modality, parts)


def contribute() -> None:
    """Register the series. Called once, when the application is ready."""
    dimensions = {
        "sub_modality": Dimension("Sub-modality", _NOT_STATED, dict(SubModality.choices)),
        "employer_type": Dimension("Type of employer", _NOT_STATED, dict(EmployerType.choices)),
        "tier1": Dimension("From whom the error arose", _NOT_CODED),
        "cause": Dimension("What went wrong", _NOT_CODED),
    }
    SOURCES.register("notifications", Source("notifications", cells, dimensions))
