"""A published report for the demonstration: the year that is loaded, with the texts that ship for it."""

from regulator.accounts.models import User
from regulator.casework.models import Case
from regulator.periods import Period
from regulator.statistics.figures import moments
from regulator.statistics.reports import services
from regulator.statistics.reports.composing import present, texts_of
from regulator.statistics.reports.making import make_due
from regulator.statistics.reports.models import Report
from regulator.statistics.reports.outline import modality_of, places, ready_texts
from regulator.statistics.reports.prose import cases_in, placed
from regulator.statistics.reports.services.starting import MOST_CASES, THEMES
from regulator.statistics.told import library


def ensure_report(period: Period, *, analyst: User, manager: User) -> Report | None:
    """Started and frozen by the analyst, signed and published by the manager, unless the year has a report.

    Its themes tell the cases that are in the library now, whenever they were published. ``None`` for a year
    without texts or without a notification. Idempotent. The PDF is set here (a second), so that the report is
    there before any worker runs.
    """
    found = Report.objects.filter(starts_on=period.start).order_by("-edition").first()
    if found is not None or not (ready_texts(period.slug) and _is_loaded(period)):
        return found
    made = services.start(period=period, by=analyst)
    _tell_cases(made, analyst)
    seen = present(made).input_sha256
    frozen = services.freeze(report=made, by=analyst, version=made.version, seen=seen)
    make_due()
    services.sign(report=made, freeze=frozen, by=manager, version=made.version)
    return services.publish(report=made, by=manager, version=made.version)


def _tell_cases(report: Report, analyst: User) -> None:
    """Those of each modality after the text on its themes, but for the ones that it tells already."""
    for place in (each for each in places() if each.endswith(THEMES)):
        standing = texts_of(report).get(place)
        text, version = (standing.text, standing.number) if standing else ("", 0)
        found = library().choices(modality_of(place), "", MOST_CASES)
        told = [placed(each.number) for each in found if each.number not in cases_in(text)]
        if told:
            whole = "\n\n".join([text, *told]).strip()
            services.write_block(report=report, place=place, text=whole, by=analyst, version=version)
    report.refresh_from_db()


def _is_loaded(period: Period) -> bool:
    first, after = moments(period)
    return Case.objects.filter(kind="notification", opened_at__gte=first, opened_at__lt=after).exists()
