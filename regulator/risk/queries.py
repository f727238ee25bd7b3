"""What a run reads, and what pages read of runs. Each function states its number of SQL queries."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from regulator import clock
from regulator.organisations.models import ActivityReturn, Employer, Site, most_trusted_first
from regulator.organisations.returns import last_ended, year_before
from regulator.periods import DayRange
from regulator.risk.incidents import Incident, distinct
from regulator.risk.indicators import (
    INCIDENTS,
    INDICATORS,
    INSPECTED,
    OUTCOMES,
    REGIMES,
    RULES,
    Asked,
    Outcome,
)
from regulator.risk.models import RiskRun, RiskScore, YearFunnel, YearRate
from regulator.risk.parameters import Parameters
from regulator.risk.record import Selected
from regulator.risk.snapshot import EmployerRow, SeriesRow, Snapshot
from regulator.risk.window import Return, months_to, quarters_of, spread_over

__all__ = [
    "anybody_scored",
    "current_score",
    "latest_funnels",
    "latest_run",
    "latest_scores",
    "rates_in",
    "rates_of",
    "selections",
    "snapshot",
    "year_snapshots",
]

QUARTERS_A_YEAR = 4
_FOLLOWS_WITHIN = 366
"""Days after a run in which an inspection counts as following it."""


def snapshot(as_of: date, parameters: Parameters, employer: int | None = None) -> Snapshot:
    """What was known on ``as_of``, of everybody or of one employer (3 queries, and those of each source).

    An employer has a series in each modality in which it returned activity, notified an incident, or has an
    open site; one without any is there all the same. Incidents count on all days, each root cause once.
    """
    window = months_to(as_of, parameters.window_months)
    quarters = quarters_of(as_of, parameters.quarters)
    who = Employer.objects.order_by().filter(**({} if employer is None else {"pk": employer}))
    sectors = dict(who.values_list("pk", "type"))
    returns = _returns(window, employer)
    incidents = _incidents(Asked(window, employer), parameters)
    keys = returns.keys() | incidents.keys() | _carried_out(employer)
    months = [months_to(as_of, back).start for back in range(parameters.window_months, 0, -1)]
    return Snapshot(
        as_of=as_of,
        quarters=parameters.quarters,
        regimes=tuple(sorted({day for source in REGIMES.values() for day in source() if day <= as_of})),
        series=tuple(
            _series(key, sectors[key[0]], returns.get(key, []), incidents.get(key, []), quarters, months)
            for key in sorted(keys)
        ),
        employers=_employers(as_of, parameters, employer, sectors),
    )


def year_snapshots(as_of: date, parameters: Parameters) -> list[Snapshot]:
    """What was known on ``as_of`` of the last reporting years that had ended with it, as many as a run's
    window has, the oldest first: each by its quarters (3 queries, and those of the sources of incidents).

    As ``snapshot``, without what inspections and indicators say. Nobody's running year is in it: its activity
    is not returned yet.
    """
    years = [last_ended(as_of + timedelta(days=1))]
    while len(years) * 12 < parameters.window_months:
        years.append(year_before(years[-1]))
    years.reverse()
    window = DayRange(years[0].start, years[-1].end)
    sectors = dict(Employer.objects.order_by().values_list("pk", "type"))
    returns, carried_out = _returns(window, None), _carried_out(None)
    incidents = _incidents(Asked(window), parameters)
    regimes = tuple(sorted({day for source in REGIMES.values() for day in source() if day <= as_of}))
    found = []
    for year in years:
        quarters = quarters_of(year.end, QUARTERS_A_YEAR)
        months = [months_to(year.end, back).start for back in range(12, 0, -1)]
        theirs = {
            key: [each for each in told if year.contains(each.discovered)] for key, told in incidents.items()
        }
        touching = {
            key: [each for each in held if each.over.start <= year.end and each.over.end >= year.start]
            for key, held in returns.items()
        }
        keys = {key for group in (theirs, touching) for key, held in group.items() if held} | carried_out
        found.append(
            Snapshot(
                as_of=year.end,
                quarters=QUARTERS_A_YEAR,
                regimes=regimes,
                series=tuple(
                    _series(
                        key, sectors[key[0]], touching.get(key, []), theirs.get(key, []), quarters, months
                    )
                    for key in sorted(keys)
                ),
                employers=tuple(EmployerRow(holder, sector) for holder, sector in sorted(sectors.items())),
            )
        )
    return found


def _series(
    key: tuple[int, str],
    sector: str,
    returns: Sequence[Return],
    incidents: Sequence[Incident],
    quarters: Sequence[DayRange],
    months: Sequence[date],
) -> SeriesRow:
    done = spread_over(quarters, returns)
    starts = [each.start for each in quarters]
    counted, minor, severe = ([0] * len(quarters) for _ in range(3))
    by_month = [0] * len(months)
    for each in incidents:
        quarter = bisect_right(starts, each.discovered) - 1
        (severe if each.severe else minor)[quarter] += 1
        counted[quarter] += any(each.discovered in stretch for stretch in done.covered)
        by_month[bisect_right(months, each.discovered) - 1] += 1
    employer, modality = key
    return SeriesRow(
        employer=employer,
        modality=modality,
        sector=sector,
        completeness=done.completeness,
        activity=done.activity,
        days=done.days,
        counted=tuple(counted),
        minor=tuple(minor),
        severe=tuple(severe),
        months=tuple(by_month),
    )


def _incidents(asked: Asked, parameters: Parameters) -> dict[tuple[int, str], list[Incident]]:
    """Each source's own queries."""
    told = [each for source in INCIDENTS.values() for each in source(asked)]
    found: dict[tuple[int, str], list[Incident]] = defaultdict(list)
    for each in distinct(told, within_days=parameters.one_cause_days):
        found[each.employer, each.modality].append(each)
    return found


def _returns(window: DayRange, employer: int | None) -> dict[tuple[int, str], list[Return]]:
    """Activity returns that touch ``window``, the most trusted first (1 query). Each day counts from the
    first that covers it, so the same activity from two sources counts once."""
    touching = ActivityReturn.objects.filter(period_start__lte=window.end, period_end__gte=window.start)
    if employer is not None:
        touching = touching.filter(employer=employer)
    found: dict[tuple[int, str], list[Return]] = defaultdict(list)
    columns = ("employer_id", "modality", "period_start", "period_end", "quantity", "completeness")
    trusted = touching.order_by(*most_trusted_first())
    for holder, modality, start, end, quantity, completeness in trusted.values_list(*columns):
        found[holder, modality].append(Return(DayRange(start, end), quantity, completeness))
    return found


def _carried_out(employer: int | None) -> set[tuple[int, str]]:
    """What the open sites of each employer carry out (1 query): whoever returns and reports nothing does not
    vanish."""
    sites = Site.objects.filter(is_open=True).order_by()
    if employer is not None:
        sites = sites.filter(employer=employer)
    return {
        (holder, modality)
        for holder, modalities in sites.values_list("employer_id", "modalities")
        for modality in modalities
    }


def _employers(
    as_of: date, parameters: Parameters, employer: int | None, sectors: Mapping[int, str]
) -> tuple[EmployerRow, ...]:
    """What the sources know of each employer (their own queries)."""
    rule_window = Asked(months_to(as_of, parameters.rule_months), employer)
    inspected: dict[int, date] = {}
    for source in INSPECTED.values():
        for holder, day in source(rule_window):
            inspected[holder] = max(day, inspected.get(holder, day))
    facts = _facts(as_of, parameters, employer, sectors)
    rules: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for name, rule in RULES.items():
        for holder, number in rule.found(rule_window):
            rules[holder].append((name, rule.sentence.format(number=number)))
    return tuple(
        EmployerRow(
            employer=holder,
            sector=sector,
            inspected=inspected.get(holder),
            facts=tuple(sorted((name, *pair) for name, pair in facts[holder].items())),
            rules=tuple(sorted(rules[holder])),
        )
        for holder, sector in sorted(sectors.items())
    )


def _facts(
    as_of: date, parameters: Parameters, employer: int | None, everybody: Iterable[int]
) -> dict[int, dict[str, tuple[int, int]]]:
    """Of each employer the indicators by name, those of several sources added up."""
    found: dict[int, dict[str, tuple[int, int]]] = {holder: {} for holder in everybody}
    for indicator in INDICATORS.values():
        name = indicator.weighs_as
        asked = Asked(months_to(as_of, parameters.indicators[name].months), employer)
        told = {holder: (happened, of) for holder, happened, of in indicator.facts(asked)}
        for holder, held in found.items():
            happened, of = told.get(holder, (0, 0))
            before = held.get(name, (0, 0))
            if indicator.known_of_all:
                held[name] = before[0] + happened, 1
            elif of or before[1]:
                held[name] = before[0] + happened, before[1] + of
    return found


def latest_run() -> RiskRun | None:
    """The newest run that is done and scored somebody (1 query)."""
    return _scored_runs().defer("frozen").first()


def anybody_scored(run: RiskRun) -> bool:
    """Whether anybody's counts could be held against their activity (1 query)."""
    return run.scores.filter(has_activity=True).exists()


def latest_scores() -> QuerySet[RiskScore]:
    """The current scores of the newest run with employers and run, the strongest reason to look first
    (1 query)."""
    newest = _scored_runs().values("pk")[:1]
    return (
        RiskScore.objects.filter(run=newest, is_current=True)
        .select_related("employer", "run")
        .defer("run__frozen", "components", "why")
        .order_by("-looks_now", "-p_any", "tie")
    )


def current_score(employer: Employer) -> RiskScore | None:
    """The current score of ``employer`` in the newest run that scored anybody, with its run (1 query)."""
    newest = _scored_runs().values("pk")[:1]
    found = RiskScore.objects.filter(run=newest, is_current=True, employer=employer)
    return found.select_related("run").defer("run__frozen").first()


def latest_funnels() -> list[YearFunnel]:
    """The funnels of the newest run that has any, with the run: the newest year first (1 query)."""
    newest = RiskRun.objects.done().filter(Exists(YearFunnel.objects.filter(run=OuterRef("pk"))))
    found = YearFunnel.objects.filter(run=newest.order_by("-as_of", "-pk").values("pk")[:1])
    return list(found.select_related("run").defer("run__frozen"))


def rates_in(funnel: YearFunnel) -> list[YearRate]:
    """Everybody's rates of the funnel's year and modality, with the employers, by name (1 query)."""
    held = YearRate.objects.filter(run=funnel.run_id, modality=funnel.modality, starts_on=funnel.starts_on)
    return list(held.select_related("employer").order_by("employer__name", "employer"))


def rates_of(employer: Employer) -> list[YearRate]:
    """The rates of one employer in the newest run that has any, the newest year first (1 query)."""
    newest = RiskRun.objects.done().filter(Exists(YearRate.objects.filter(run=OuterRef("pk"))))
    found = YearRate.objects.filter(run=newest.order_by("-as_of", "-pk").values("pk")[:1], employer=employer)
    return list(found.select_related("run").defer("run__frozen"))


def _scored_runs() -> QuerySet[RiskRun]:
    """Newest first. Those of a former model stored no score of this kind."""
    scored = RiskScore.objects.filter(run=OuterRef("pk"))
    return RiskRun.objects.done().filter(Exists(scored)).order_by("-as_of", "-pk")


def selections() -> list[Selected]:
    """The inspections that followed a run within a year, each with what that run had said of the employer (2
    queries, and those of the sources)."""
    runs = list(_scored_runs().order_by("as_of", "pk").values_list("as_of", "pk"))
    if not runs:
        return []
    window = DayRange(runs[0][0], clock.today())
    followed: dict[int, list[Outcome]] = defaultdict(list)
    days = [as_of for as_of, _ in runs]
    for source in OUTCOMES.values():
        for outcome in source(Asked(window)):
            place = bisect_left(days, outcome.visited) - 1
            if place >= 0 and (outcome.visited - days[place]).days <= _FOLLOWS_WITHIN:
                followed[runs[place][1]].append(outcome)
    employers = {each.employer for outcomes in followed.values() for each in outcomes}
    first = RiskScore.objects.filter(run__in=followed, employer__in=employers, revision=0).order_by()
    said = {(run, holder): float(p) for run, holder, p in first.values_list("run_id", "employer_id", "p_any")}
    return [
        Selected(said[run, each.employer], each.breaches > 0 or each.notice, each.arm)
        for run, outcomes in sorted(followed.items())
        for each in outcomes
        if (run, each.employer) in said
    ]
