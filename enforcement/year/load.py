"""Loading a published year: its plan played through every app's services, in the order of time.

It stands on the top floor because it runs the whole chain.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from enforcement.year import replay_inspections, replay_notices, replay_notifications
from enforcement.year.plan import plan_year
from enforcement.year.published import PublishedYear
from enforcement.year.records import PlannedInspection, PlannedNotice, PlannedNotification, YearPlan
from enforcement.year.tables import read_year
from enforcement.year.world import Step, found_world, record_activity
from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.periods import Period

Progress = Callable[[list[Step]], Iterable[Step]]


class PartlyLoaded(Exception):
    """The database holds some of the year's records and not others: the tables changed since."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: how many cases the year has, and whether they were made now."""

    cases: int
    notifications: int
    fresh: bool


def load_year(folder: Path, *, progress: Progress = iter) -> Loaded:
    """Play the year in ``folder`` through the services, whole or not at all.

    A year that is loaded already is left alone. Raises ``YearRefused`` for tables that do not add up and
    ``PartlyLoaded`` where the database holds another reading of the same year.
    """
    year = read_year(folder)
    plan = plan_year(year)
    wanted = _keys(plan)
    held = set(
        Case.objects.filter(source_key__startswith=f"{plan.label}:").values_list("source_key", flat=True)
    )
    if held == wanted:
        return Loaded(len(wanted), len(plan.notifications), fresh=False)
    if held:
        raise PartlyLoaded(
            f"{len(held)} of the {len(wanted)} cases of {plan.label} are here already, so the tables have "
            "changed since they were loaded. Load the year into an empty database."
        )
    _refuse_unknown_provisions(year)
    _play(plan, year.period, progress)
    return Loaded(len(wanted), len(plan.notifications), fresh=True)


def _refuse_unknown_provisions(year: PublishedYear) -> None:
    """Before anything is played: every provision that a table names must be on record. One query."""
    in_force = Provision.objects.in_force_on(year.period.end).filter(instrument="IR(ME)R 2017")
    known = set(in_force.values_list("reference", flat=True))
    named = [(each.row, each.regulations) for each in year.recommendations]
    named += [(each.row, each.provisions) for each in year.notices]
    for row, references in named:
        unknown = [reference for reference in references if reference not in known]
        if unknown:
            raise row.refused(f"regulation {', '.join(unknown)} is not on record as in force in that year")


def _play(plan: YearPlan, period: Period, progress: Progress) -> None:
    with writing():
        world = found_world(plan)
        record_activity(plan, world, period, source=f"Published year {plan.label}, shared out")
        steps = sorted(
            [
                *replay_notifications.steps(plan, world),
                *replay_inspections.steps(plan, world),
                *replay_notices.steps(plan, world),
            ]
        )
        for step in progress(steps):
            with clock.at(step.moment):
                step.do()
        append(
            "enforcement.year_loaded",
            case=None,
            by=Scheduled("load_year"),
            payload={"year": plan.label, "cases": len(_keys(plan))},
        )


def _keys(plan: YearPlan) -> set[str]:
    records: list[PlannedNotification | PlannedInspection | PlannedNotice]
    records = [*plan.notifications, *plan.inspections, *plan.notices]
    return {f"{plan.label}:{record.key}" for record in records}
