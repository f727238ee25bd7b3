"""What a run reads, and what pages read of runs. Each function states its number of SQL queries."""

from collections import defaultdict
from datetime import date

from django.db.models import QuerySet, Subquery

from regulator.organisations.models import ActivityReturn, Employer, most_trusted_first
from regulator.periods import DayRange
from regulator.risk.indicators import INDICATORS, STATUTORY_INCIDENTS
from regulator.risk.models import RiskRun, RiskScore
from regulator.risk.parameters import Parameters
from regulator.risk.snapshot import Return, SnapshotRow, activity_in


def window_to(as_of: date, months: int) -> DayRange:
    """The ``months`` months that end on ``as_of``: 36 to 31 March 2024 start on 1 April 2021."""
    total = as_of.year * 12 + as_of.month - 1 - months
    year, month = divmod(total, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1).toordinal()
    start = min(date(year, month + 1, 1).toordinal() + as_of.day, following)
    return DayRange(date.fromordinal(start), as_of)


def snapshot(window: DayRange, parameters: Parameters) -> list[SnapshotRow]:
    """A row for each employer and modality with activity or incidents in ``window`` (2 queries, and the
    indicator's own). Whoever has neither may not do the modality at all, and has no row.

    Incidents count on the days alone that the employer's returns for the modality cover.
    """
    returns = _returns(window)
    counted: dict[tuple[int, str], list[tuple[date, int]]] = defaultdict(list)
    indicator = INDICATORS.get(STATUTORY_INCIDENTS)
    for employer, modality, day, count in indicator.counts(window.start, window.end):
        counted[employer, modality].append((day, count))
    sectors = dict(Employer.objects.order_by().values_list("pk", "type"))
    rows = []
    for employer, modality in sorted(returns.keys() | counted.keys()):
        activity, covered = activity_in(window, returns.get((employer, modality), []))
        observed = sum(
            count
            for day, count in counted.get((employer, modality), [])
            if not covered or any(day in stretch for stretch in covered)
        )
        days = sum(stretch.days for stretch in covered)
        rows.append(SnapshotRow(employer, modality, sectors[employer], observed, activity, days))
    return rows


def _returns(window: DayRange) -> dict[tuple[int, str], list[Return]]:
    """Activity returns that touch ``window``, the most trusted first (1 query). Each day counts from the
    first that covers it, so the same activity from two sources counts once."""
    touching = ActivityReturn.objects.filter(period_start__lte=window.end, period_end__gte=window.start)
    found: dict[tuple[int, str], list[Return]] = defaultdict(list)
    columns = ("employer_id", "modality", "period_start", "period_end", "quantity")
    trusted = touching.order_by(*most_trusted_first())
    for employer, modality, start, end, quantity in trusted.values_list(*columns):
        found[employer, modality].append(Return(DayRange(start, end), quantity))
    return found


def latest_run() -> RiskRun | None:
    """The newest run that is done (1 query)."""
    return RiskRun.objects.done().first()


def anybody_scored(run: RiskRun) -> bool:
    """Whether ``run`` scored anybody: it cannot where no return covers its window (1 query)."""
    return run.scores.filter(has_activity=True).exists()


def latest_scores() -> QuerySet[RiskScore]:
    """The newest run's scores with employers and run, the strongest reason to look first (1 query)."""
    newest = RiskRun.objects.done().order_by("-as_of", "-pk").values("pk")[:1]
    return RiskScore.objects.filter(run=Subquery(newest)).select_related("employer", "run")
