"""Who could be inspected, as things stand: from the newest run of scores, the sites that are open, and the
inspections there were."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Max

from inspections.models import Inspection
from inspections.programme.drawing import Candidate, Key
from regulator.organisations.models import Employer, Site
from regulator.risk.models import RiskRun, RiskScore


def candidates(run: RiskRun | None) -> list[Candidate]:
    """Every employer in every modality in which it has an open site or was scored (5 queries at any number).

    Without a run, or without activity in it, the score is unknown: such an employer is no less there.
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
            score=_exact(scores.get((employer, modality))),
            inspected_on=visited.get((employer, modality)),
            is_underway=(employer, modality) in underway,
        )
        for employer, modality in sorted(keys)
    ]


def _exact(score: Decimal | None) -> Fraction | None:
    return None if score is None else Fraction(score)


def _scores(run: RiskRun | None) -> dict[Key, Decimal | None]:
    if run is None:
        return {}
    rows = RiskScore.objects.filter(run=run).order_by()
    return {(employer, modality): score for employer, modality, score in rows.values_list(*_COLUMNS)}


_COLUMNS = ("employer_id", "modality", "p_below_half")


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
