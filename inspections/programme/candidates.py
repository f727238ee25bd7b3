"""Who could be inspected, as things stand: from the newest run of scores, the sites that are open, and the
inspections there were."""

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Max

from inspections.models import Inspection
from inspections.programme.drawing import Candidate, Key
from regulator.organisations.models import Employer, Site
from regulator.risk.models import RiskRun, RiskSeries


class _Scored(NamedTuple):
    """What the score says of an employer in one modality: nothing but in the one in which it stands out."""

    score: Fraction | None = None
    rule: str = ""


def candidates(run: RiskRun | None) -> list[Candidate]:
    """Every employer in every modality in which it has an open site or was scored (5 queries at any number).

    The score is of the employer: it stands at the modality in which reporting is lowest against the peers, so
    that nobody is drawn in several for one reason. Without a run, or without activity in it, the score is
    unknown: such an employer is no less there.
    """
    scores = _scores(run)
    visited, underway = _visited(), _underway()
    sectors = dict(Employer.objects.order_by().values_list("pk", "type"))
    keys = scores.keys() | _at_sites() | visited.keys()
    return [
        Candidate(
            employer=employer,
            modality=modality,
            sector=sectors[employer],
            score=scores.get((employer, modality), _Scored()).score,
            rule=scores.get((employer, modality), _Scored()).rule,
            inspected_on=visited.get((employer, modality)),
            is_underway=(employer, modality) in underway,
        )
        for employer, modality in sorted(keys)
    ]


def _scores(run: RiskRun | None) -> dict[Key, _Scored]:
    """The score and the first rule of each employer, at its leading modality alone. One query."""
    if run is None:
        return {}
    rows = RiskSeries.objects.filter(score__run=run, score__is_current=True)
    leading_first = rows.order_by("score", "-has_activity", "-p_below_half", "modality")
    found: dict[Key, _Scored] = {}
    seen: set[int] = set()
    for series in leading_first.select_related("score"):
        score, key = series.score, (series.score.employer_id, series.modality)
        if score.employer_id in seen:
            found[key] = _Scored()
            continue
        seen.add(score.employer_id)
        exact = Fraction(score.p_any) if series.has_activity else None
        found[key] = _Scored(exact, _rule(score.rules) if score.looks_now else "")
    return found


def _rule(rules: list[str]) -> str:
    return rules[0] if rules else ""


def _at_sites() -> set[Key]:
    rows = Site.objects.filter(is_open=True).order_by().values_list("employer_id", "modalities")
    return {(employer, modality) for employer, modalities in rows for modality in modalities}


def _visited() -> dict[Key, date]:
    """The day of the last visit."""
    seen = Inspection.objects.filter(visited_on__isnull=False).order_by()
    rows = seen.values_list("case__employer_id", "case__modality").annotate(last=Max("visited_on"))
    return {(employer, modality): last for employer, modality, last in rows if modality}


def _underway() -> set[Key]:
    rows = Inspection.objects.filter(case__closed_at__isnull=True).order_by()
    return set(rows.values_list("case__employer_id", "case__modality"))
