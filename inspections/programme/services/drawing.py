"""Drawing a year's programme, drawing it again with a reason, and its approval by somebody else."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError

from inspections.programme import records
from inspections.programme.candidates import candidates
from inspections.programme.drawing import Arm, Candidate, Drawn, Stratum, Terms, draw
from inspections.programme.models import Place, Programme
from inspections.programme.services.holding import (
    APPROVE,
    PLAN,
    april,
    changing_programme,
    record,
    years_to_draw,
)
from inspections.programme.wording import why
from regulator import clock
from regulator.accounts.models import User
from regulator.casework.chain import writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason
from regulator.organisations.policies import permit
from regulator.risk.models import RiskRun
from regulator.risk.queries import latest_run

LEAST_BY_CHANCE: Final = 4
MOST_BY_CHANCE: Final = 8
"""Places for chance: fewer teach nothing about those whom the score passes over, more cost too much (the
portal's specification of the score, after Bardsley and others 2009)."""
MOST_PLACES: Final = 400
_PLACES: Final = Decimal("0.00000001")
_SCORE: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks of a draw. ``split`` are the places of the score by modality and sector;
    ``reactive`` are kept free for what the year brings."""

    split: Mapping[Stratum, int]
    by_rule: int
    by_time: int
    by_chance: int
    reactive: int
    rest_years: int
    floor_years: int

    def terms(self, on: date, seed: str) -> Terms:
        return Terms(
            on=on,
            split=self.split,
            by_rule=self.by_rule,
            by_time=self.by_time,
            by_chance=self.by_chance,
            rest_years=self.rest_years,
            floor_years=self.floor_years,
            seed=seed,
        )


def draw_programme(*, year: int, wanted: Wanted, by: User) -> Programme:
    """Draw the programme of the reporting year that begins in April of ``year``, from the newest scores.

    The seed is made here and kept with everything else that the draw was made from. Raises ``NotPermitted``,
    ``ValidationError`` by field for a year that is over or more than a year ahead and for terms that cannot
    be met, ``NotAllowedNow`` where the year has a programme already.
    """
    permit(by, PLAN)
    _check_year(year)
    with writing():
        if Programme.objects.filter(starts_on=april(year)).exists():
            raise NotAllowedNow(
                "This year has a programme already. Until it is approved it can be drawn again."
            )
        made = Programme(starts_on=april(year), drawn_by=by)
        drawn = _draw(made, wanted)
        made.save()
        _keep(made, drawn)
        record("drawn", made, by, **_told(made, drawn))
    return made


def draw_again(*, programme: Programme, wanted: Wanted, reason: str, by: User, version: int) -> Programme:
    """Draw a programme anew, with another seed and the newest scores, as long as nobody approved it.

    How often it was drawn stays on the page and every draw in the chain, so that nobody draws until chance
    suits them. Raises as ``draw_programme``; ``StaleVersion``, and ``ValidationError`` for no reason.
    """
    permit(by, PLAN)
    why_again = checked_reason(reason)
    with changing_programme(programme, version=version) as held:
        if held.is_approved:
            raise NotAllowedNow("The programme was approved. Add or take off single places instead.")
        if held.places.filter(inspection__isnull=False).exists():
            raise NotAllowedNow("An inspection was opened from this programme already.")
        held.places.all().delete()
        held.drawn_by, held.drawn_at, held.draws = by, clock.now(), held.draws + 1
        drawn = _draw(held, wanted)
        _keep(held, drawn)
        record("drawn_again", held, by, why_again, **_told(held, drawn))
    return programme


def approve_programme(*, programme: Programme, by: User, version: int) -> Programme:
    """Approve a programme: a second person's deed.

    Raises ``NotPermitted``, also for whoever declared an interest in an employer on it; ``StaleVersion``;
    ``NotAllowedNow`` for whoever drew it, and where it was approved already.
    """
    permit(by, APPROVE)
    with changing_programme(programme, version=version) as held:
        if held.is_approved:
            raise NotAllowedNow("The programme was approved already.")
        if held.drawn_by_id == by.pk:
            raise NotAllowedNow("You drew this programme. Somebody else approves it.")
        for employer in held.places.standing().values_list("employer", flat=True).distinct():
            permit(by, APPROVE, employer=employer)
        held.state, held.approved_by, held.approved_at = Programme.State.APPROVED, by, clock.now()
        record("approved", held, by, input=held.input_sha256)
    return programme


def _draw(programme: Programme, wanted: Wanted) -> list[Drawn]:
    run = latest_run()
    found = candidates(run)
    _check_wanted(wanted, found)
    terms = wanted.terms(clock.today(), secrets.token_hex(16))
    programme.run, programme.reactive_places = run, wanted.reactive
    programme.terms, programme.snapshot = records.written(terms), records.rows_of(found)
    programme.input_sha256 = records.digest(programme.terms, programme.snapshot)
    return draw(found, terms)


def _keep(programme: Programme, drawn: Sequence[Drawn]) -> None:
    run: RiskRun | None = programme.run
    Place.objects.bulk_create(
        Place(
            programme=programme,
            position=at,
            employer_id=each.candidate.employer,
            modality=each.candidate.modality,
            sector=each.candidate.sector,
            arm=each.arm,
            probability=Decimal(float(each.probability)).quantize(_PLACES),
            score=_decimal(each.candidate),
            why=why(each, run),
        )
        for at, each in enumerate(drawn, 1)
    )


def _decimal(candidate: Candidate) -> Decimal | None:
    score = candidate.score
    return None if score is None else (Decimal(score.numerator) / score.denominator).quantize(_SCORE)


def _told(programme: Programme, drawn: Sequence[Drawn]) -> dict[str, Any]:
    arms = {arm.value: sum(each.arm is arm for each in drawn) for arm in Arm if arm is not Arm.CHOSEN}
    return {
        "seed": programme.terms["seed"],
        "input": programme.input_sha256,
        "run": programme.run_id,
        "draws": programme.draws,
        "places": arms,
        "reactive": programme.reactive_places,
    }


def _check_year(year: int) -> None:
    if year not in years_to_draw():
        raise ValidationError({"year": "A programme is drawn for this reporting year or the next."})


def _check_wanted(wanted: Wanted, found: Sequence[Candidate]) -> None:
    errors: dict[str, str] = {}
    if not LEAST_BY_CHANCE <= wanted.by_chance <= MOST_BY_CHANCE:
        errors["by_chance"] = f"Between {LEAST_BY_CHANCE} and {MOST_BY_CHANCE} places are drawn by chance."
    counted = [
        wanted.by_rule,
        wanted.by_time,
        wanted.reactive,
        wanted.rest_years,
        wanted.floor_years,
        *wanted.split.values(),
    ]
    if any(number < 0 for number in counted):
        errors["by_time"] = "Give numbers of 0 or more."
    elif wanted.floor_years <= wanted.rest_years:
        errors["floor_years"] = "This must be more years than those in which an employer is left alone."
    elif sum(wanted.split.values()) + wanted.by_rule + wanted.by_time + wanted.reactive > MOST_PLACES:
        errors["reactive"] = f"A programme has at most {MOST_PLACES} places."
    if not any(each for each in found if not each.is_underway):
        errors["year"] = "There is nobody to draw from: no employer has an open site or a score."
    if errors:
        raise ValidationError(errors)
