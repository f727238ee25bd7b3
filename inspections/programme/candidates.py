"""Who could be inspected, as things stand: from the newest run of scores, the sites that are open, and the
inspections there were."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Final, NamedTuple

from django.db.models import Count, Max, Q

from inspections.models import Inspection
from inspections.programme.drawing import Candidate, Key
from inspections.queries import last_visit
from regulator.organisations.models import ActivityReturn, Employer, Site
from regulator.risk.models import RiskRun, RiskSeries

_NEVER: Final = (None, False)


class _Scored(NamedTuple):
    """What the score says of an employer in one modality: nothing but in the one in which it stands out."""

    score: Fraction | None = None
    rule: str = ""


def candidates(run: RiskRun | None, sectors: Mapping[int, str] | None = None) -> list[Candidate]:
    """Every employer in every modality in which it has an open site, returned activity, was scored or was
    inspected (5 queries at any number; one less where the caller knows everybody's ``sectors``).

    The score is of the employer: it stands at the modality in which reporting is lowest against the peers, so
    that nobody is drawn in several for one reason. Without a run, or without activity in it, the score is
    unknown: such an employer is no less there.
    """
    scores = _scores(run)
    inspected = _inspected()
    if sectors is None:
        sectors = dict(Employer.objects.order_by().values_list("pk", "type"))
    seen = {key for key, (last, _) in inspected.items() if last is not None}
    keys = scores.keys() | _at_sites() | _returned() | seen
    return [
        Candidate(
            employer=employer,
            modality=modality,
            sector=sectors[employer],
            score=scores.get((employer, modality), _Scored()).score,
            rule=scores.get((employer, modality), _Scored()).rule,
            inspected_on=inspected.get((employer, modality), _NEVER)[0],
            is_underway=inspected.get((employer, modality), _NEVER)[1],
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


def _returned() -> set[Key]:
    rows = ActivityReturn.objects.order_by().values_list("employer_id", "modality").distinct()
    return set(rows)


def _inspected() -> dict[Key, tuple[date | None, bool]]:
    """The day of the last visit, and whether an inspection is under way."""
    rows = Inspection.objects.order_by().values_list("case__employer_id", "case__modality")
    found = rows.annotate(
        last=Max(last_visit()), going_on=Count("pk", filter=Q(case__closed_at__isnull=True))
    )
    return {(employer, modality): (last, going_on > 0) for employer, modality, last, going_on in found}
