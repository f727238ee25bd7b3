"""The plan of a published year: invented employers and cases that add up exactly to what was published.

Deterministic: whatever CQC did not publish is drawn by hash from the year's label (``draw``), so the same
folder gives the same plan on every run and machine.
"""

from collections.abc import Sequence
from datetime import date

from enforcement.year.draw import Draw, apportion
from enforcement.year.employers import invented_employers, shared_activity
from enforcement.year.exposures import exposure_of
from enforcement.year.margins import Slot, filled_slots
from enforcement.year.programme import (
    planned_breaches,
    planned_inspections,
    planned_notices,
    planned_recommendations,
)
from enforcement.year.published import PublishedYear
from enforcement.year.records import PlannedActivity, PlannedEmployer, PlannedNotification, YearPlan
from enforcement.year.timeline import timeline, working_days_of
from notifications.criteria.reference import read_criteria

__all__ = ["YearPlan", "plan_year"]

_PLANNED_REGIME = "SAUE-2023"
# How readily an employer notifies, in relation to its activity: some never do, as CQC reported for 2023/24.
_READINESS = (0, 1, 1, 2, 2, 3, 4)


def plan_year(year: PublishedYear) -> YearPlan:
    """The whole year. Counts by cause, sub-modality, sector, provision and modality are those of ``year``.

    ``YearRefused`` names the row that cannot be planned: a regime other than SAUE-2023, or more inspections
    or notices than there are invented employers to receive them.
    """
    if year.criteria_regime != _PLANNED_REGIME:
        raise year.facts["criteria_regime"].refused(f"exposures can be planned under {_PLANNED_REGIME} only")
    draw = Draw(year.period.label)
    employers = invented_employers(draw)
    activity = shared_activity(year, employers, draw)
    notifications = _notifications(year, employers, activity, draw)
    inspections = planned_inspections(year, employers, activity, notifications, draw)
    notices = planned_notices(year, inspections, draw)
    return YearPlan(
        label=year.period.label,
        employers=employers,
        activity=activity,
        notifications=notifications,
        inspections=inspections,
        recommendations=planned_recommendations(year, inspections, draw),
        notices=notices,
        breaches=planned_breaches(year, inspections, notices, draw),
    )


def _notifications(
    year: PublishedYear, employers: Sequence[PlannedEmployer], activity: Sequence[PlannedActivity], draw: Draw
) -> tuple[PlannedNotification, ...]:
    slots = draw.shuffled(filled_slots(year, draw), "order")
    placed = _placed(year, slots, employers, activity, draw)
    wrong = _wrong_radiopharmaceutical(year, slots, draw)
    days = working_days_of(year.period)
    earliest = read_criteria().regime(year.criteria_regime).effective_from or year.period.start
    return tuple(
        _notification(
            draw,
            f"N-{at + 1:04d}",
            slot,
            placed[slot],
            days[at * len(days) // len(slots)],
            earliest=earliest,
            wrong_radiopharmaceutical=slot in wrong,
        )
        for at, slot in enumerate(slots)
    )


def _notification(
    draw: Draw,
    key: str,
    slot: Slot,
    employer: PlannedEmployer,
    notified_on: date,
    *,
    earliest: date,
    wrong_radiopharmaceutical: bool,
) -> PlannedNotification:
    dates = timeline(draw, slot, notified_on, earliest=earliest)
    exposure = exposure_of(draw, slot, wrong_radiopharmaceutical=wrong_radiopharmaceutical)
    return PlannedNotification(
        key=key,
        modality=slot.modality,
        submodality=slot.submodality,
        cause=slot.cause,
        employer_key=employer.key,
        site_key=employer.sites[draw.number("site", slot, below=len(employer.sites))].key,
        occurred_on=dates.occurred_on,
        discovered_on=dates.discovered_on,
        notified_on=dates.notified_on,
        report_on=dates.report_on,
        closed_on=dates.closed_on,
        criteria_code=exposure.criteria_code,
        complementary=exposure.complementary,
        exposed=exposure.exposed,
        people=exposure.people,
        dose=exposure.dose,
    )


def _placed(
    year: PublishedYear,
    slots: Sequence[Slot],
    employers: Sequence[PlannedEmployer],
    activity: Sequence[PlannedActivity],
    draw: Draw,
) -> dict[Slot, PlannedEmployer]:
    """The employer of each slot: of the slot's type, active in its modality, by activity and readiness."""
    active = {(one.employer_key, one.modality): one.quantity for one in activity}
    placed: dict[Slot, PlannedEmployer] = {}
    for share in year.sectors:
        group = [slot for slot in slots if (slot.modality, slot.sector) == (share.modality, share.part)]
        able = {
            one: active[one.key, share.modality]
            for one in employers
            if one.employer_type == share.part and active.get((one.key, share.modality))
        }
        if group and not able:
            raise share.row.refused(f"no invented employer of type {share.part} works in {share.modality}")
        dealt = _dealt(len(group), able, draw)
        placed.update(zip(draw.shuffled(group, "placed"), dealt, strict=True))
    return placed


def _dealt(number: int, able: dict[PlannedEmployer, int], draw: Draw) -> list[PlannedEmployer]:
    """``number`` notifications dealt to employers by activity (the values of ``able``) and readiness."""
    ready = [quantity * _readiness(draw, employer) for employer, quantity in able.items()]
    # Where none of a small group is ready, activity alone decides.
    counts = apportion(number, ready if any(ready) else list(able.values()))
    return [employer for employer, count in zip(able, counts, strict=True) for _ in range(count)]


def _readiness(draw: Draw, employer: PlannedEmployer) -> int:
    return _READINESS[draw.number("readiness", employer.key, below=len(_READINESS))]


def _wrong_radiopharmaceutical(year: PublishedYear, slots: Sequence[Slot], draw: Draw) -> set[Slot]:
    """The published number of wrong administrations, among the causes of that kind, diagnostic ones first."""
    wanted = year.totals["wrong_radiopharmaceutical_notifications"]
    causes = {cause.slug for cause in year.causes if cause.tier2 == "Radiopharmaceutical"}
    candidates = draw.shuffled([slot for slot in slots if slot.cause in causes], "wrong radiopharmaceutical")
    candidates.sort(key=lambda slot: slot.submodality in {"radionuclide_therapy", "in_vitro"})
    return set(candidates[:wanted])
