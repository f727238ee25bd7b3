"""A published report for the demonstration: the year that is loaded, with the texts that ship for it."""

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.periods import Period
from regulator.statistics.figures import moments
from regulator.statistics.reports import services
from regulator.statistics.reports.composing import present
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.outline import ready_texts


def ensure_report(period: Period, *, analyst: User, manager: User) -> Report | None:
    """Started and frozen by the analyst, signed and published by the manager, unless the year has a report.

    ``None`` for a year without texts or without a notification. Idempotent. The PDF is set here (a second),
    so that the report is there before any worker runs.
    """
    found = Report.objects.filter(starts_on=period.start).order_by("-edition").first()
    if found is not None or not (ready_texts(period.slug) and _is_loaded(period)):
        return found
    made = services.start(period=period, by=analyst)
    seen = present(made).input_sha256
    frozen = services.freeze(report=made, by=analyst, version=made.version, seen=seen)
    make_due()
    services.sign(report=made, freeze=frozen, by=manager, version=made.version)
    return services.publish(report=made, by=manager, version=made.version)


def _is_loaded(period: Period) -> bool:
    first, after = moments(period)
    return Case.objects.filter(kind="notification", opened_at__gte=first, opened_at__lt=after).exists()
