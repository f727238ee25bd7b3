"""Writing computed scores and rates into rows. The numbers come with fixed digits; none is computed here."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from regulator import clock
from regulator.risk.models import RiskRun, RiskScore, RiskSeries, YearFunnel, YearRate

if TYPE_CHECKING:
    from regulator.risk.scoring import EmployerScore, SeriesScore, Whole
    from regulator.risk.years import Year

_BATCH: Final = 500


def store(run: RiskRun, whole: "Whole", *, revision: int = 0) -> list[RiskScore]:
    """Add the scores of ``whole`` to ``run``, with their series (two statements for each 500 rows)."""
    known = {each.employer for each in whole.series if each.has_activity}
    scores = [_score(run, each, revision, each.employer in known) for each in whole.employers]
    RiskScore.objects.bulk_create(scores, batch_size=_BATCH)
    of = {each.employer_id: each for each in scores}
    RiskSeries.objects.bulk_create(_series(of, whole.series), batch_size=_BATCH)
    return scores


def store_years(run: RiskRun, years: "Iterable[Year]") -> None:
    """Add the rates of ``years`` to ``run`` (two statements for each 500 rows), in place of what runs before
    it said (two more): these are figures of today, and only scores are kept for good."""
    former = RiskRun.objects.filter(as_of__lte=run.as_of).exclude(pk=run.pk)
    for table in (YearFunnel, YearRate):
        table.objects.filter(run__in=former.order_by().values("pk")).delete()
    funnels, rates = [], []
    for year in years:
        funnels += [YearFunnel(run=run, starts_on=year.starts_on, **asdict(each)) for each in year.funnels]
        for each in year.rates:
            columns: dict[str, Any] = asdict(each)
            holder = columns.pop("employer")
            rates.append(YearRate(run=run, starts_on=year.starts_on, employer_id=holder, **columns))
    YearFunnel.objects.bulk_create(funnels, batch_size=_BATCH)
    YearRate.objects.bulk_create(rates, batch_size=_BATCH)


def _score(run: RiskRun, each: "EmployerScore", revision: int, has_activity: bool) -> RiskScore:
    columns: dict[str, Any] = asdict(each)
    return RiskScore(
        run=run,
        employer_id=columns.pop("employer"),
        revision=revision,
        model_version=run.model_version,
        parameters_hash=run.parameters_hash,
        snapshot_hash=columns.pop("digest"),
        computed_at=clock.now(),
        has_activity=has_activity,
        looks_now=bool(each.rules),
        **columns,
    )


def _series(of: dict[int, RiskScore], series: "Iterable[SeriesScore]") -> list[RiskSeries]:
    rows = []
    for each in series:
        columns: dict[str, Any] = asdict(each)
        rows.append(RiskSeries(score=of[columns.pop("employer")], **columns))
    return rows
