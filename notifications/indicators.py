"""What notifications contribute to risk: statutory incidents, counted by the day of discovery."""

from datetime import date

from django.db.models import Count

from notifications.counting import counted
from regulator.risk.indicators import INDICATORS, STATUTORY_INCIDENTS, Counts, Indicator


def statutory_incidents(start: date, end: date) -> Counts:
    """Statutory incidents discovered from ``start`` to ``end``, per employer, modality
    and that day (1 query).

    Incidents, not people: one notification is one incident however many it exposed.
    """
    found = counted().filter(discovered_on__range=(start, end)).exclude(case__modality="")
    return found.values_list("case__employer_id", "case__modality", "discovered_on").annotate(
        number=Count("pk")
    )


def contribute() -> None:
    """Register the indicator. Called once, when the application is ready."""
    INDICATORS.register(
        STATUTORY_INCIDENTS,
        Indicator(
            label="Statutory incidents",
            meaning="Statutory notifications that stood, by the day on which the incident was discovered.",
            counts=statutory_incidents,
        ),
    )
