"""Running the risk model over everybody: queueing a run, doing it, and taking up what a dead worker left."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Final

from regulator import clock
from regulator.accounts.actors import Actor, Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import ChainHead
from regulator.organisations.policies import permit
from regulator.periods import DayRange
from regulator.risk.indicators import REPORTS, Asked
from regulator.risk.models import RiskRun
from regulator.risk.parameters import CURRENT, Parameters, read_parameters
from regulator.risk.queries import snapshot, year_snapshots
from regulator.risk.services.storing import store, store_years
from regulator.risk.window import months_to

LEASE: Final = timedelta(minutes=15)
MOST_ATTEMPTS: Final = 3


def queue_run(*, as_of: date, by: Actor) -> RiskRun:
    """A run of the current model as of ``as_of``, waiting for a worker; one that waits already is answered.

    Raises ``NotPermitted``, and ``NotAllowedNow`` for a day to come: its run would stand before every
    other until that day.
    """
    permit(by, "risk.run")
    if as_of > clock.today():
        raise NotAllowedNow("A run cannot be as of a day to come.")
    with writing():
        waiting = RiskRun.objects.filter(
            as_of=as_of, state=RiskRun.State.QUEUED, model_version=CURRENT
        ).first()
        return waiting or _queue(as_of)


def run_risk(*, as_of: date, by: Actor) -> RiskRun:
    """Score every employer and modality on the window that ends on ``as_of``, and store the run.

    The reading and computing hold no lock; the scores, the run's end and its event are written in one
    transaction, so a run is either whole or absent. A worker that dies leaves a run that ``sweep_runs``
    takes up. Raises as ``queue_run``, and ``NotAllowedNow`` where the run was given up meanwhile.
    """
    return work_on(run=queue_run(as_of=as_of, by=by), by=by)


def work_on(*, run: RiskRun, by: Actor) -> RiskRun:
    """Do a queued run. Raises as ``run_risk``; ``NotAllowedNow`` as well where somebody else has taken it."""
    permit(by, "risk.run")
    started = clock.now()
    queued = RiskRun.objects.filter(pk=run.pk, state=RiskRun.State.QUEUED)
    if not queued.update(state=RiskRun.State.RUNNING, started_at=started, lease_until=started + LEASE):
        raise NotAllowedNow("This run has been taken up already.")
    if run.model_version != CURRENT:
        return _replace(run)
    parameters = read_parameters(CURRENT)
    head = ChainHead.objects.filter(pk=1).first()
    seen = snapshot(run.as_of, parameters)
    equipment = _equipment(run)
    # Not at the top of the module: scipy takes long to import, and start-up must not pay for it.
    from regulator.risk.scoring import diagnostics, score
    from regulator.risk.years import year_of

    whole = score(seen, parameters)
    years = [year_of(each, parameters) for each in year_snapshots(run.as_of, parameters)]
    with writing():
        held = RiskRun.objects.select_for_update().get(pk=run.pk)
        if held.state != RiskRun.State.RUNNING:
            raise NotAllowedNow("This run took so long that it was given up; another stands in its place.")
        held.state = RiskRun.State.DONE
        held.parameters_hash, held.snapshot_hash = parameters.digest, whole.digest
        held.diagnostics, held.frozen = diagnostics(whole.frozen), whole.frozen.as_json()
        held.equipment = equipment
        held.followed_to = head.sequence if head else 0
        held.finished_at, held.lease_until, held.rows = clock.now(), None, len(whole.employers)
        held.save()
        store(held, whole)
        store_years(held, years)
        append("risk.run_finished", case=None, by=by, payload=_told(held))
    return held


def stands(*, as_of: date) -> bool:
    """Whether a run of the current model as of ``as_of`` is done or under way (1 query)."""
    ended_or_begun = (RiskRun.State.DONE, RiskRun.State.RUNNING)
    return RiskRun.objects.filter(as_of=as_of, model_version=CURRENT, state__in=ended_or_begun).exists()


def run_nightly(*, by: Actor) -> int:
    """Do today's run unless there is one, and every run that waits; answers how many were done.

    Repeating it is harmless: a run that is done or under way is left alone.
    """
    permit(by, "risk.run")
    today = clock.today()
    standing = RiskRun.objects.filter(as_of=today, model_version=CURRENT).exclude(state=RiskRun.State.FAILED)
    if not standing.exists():
        queue_run(as_of=today, by=by)
    done = 0
    for run in RiskRun.objects.filter(state=RiskRun.State.QUEUED).order_by("pk"):
        with suppress(NotAllowedNow):  # another worker was faster
            work_on(run=run, by=by)
            done += 1
    return done


def sweep_runs() -> int:
    """Give up each run that a dead worker left and queue another in its place; answers how many there were.

    After ``MOST_ATTEMPTS`` no other is queued: then it is not the worker that fails. A sweeper of the
    outbox calls this; it wakes a worker while a run waits.
    """
    waiting = RiskRun.objects.filter(state=RiskRun.State.QUEUED)
    if not (RiskRun.objects.abandoned() | waiting).exists():
        return 0  # the usual case: without asking for the lock that every writer waits for
    with writing():
        abandoned = list(RiskRun.objects.abandoned().select_for_update())
        for run in abandoned:
            run.state, run.finished_at, run.lease_until = RiskRun.State.FAILED, clock.now(), None
            run.save()
            append("risk.run_abandoned", case=None, by=Scheduled("risk.sweep_runs"), payload=_told(run))
            if run.attempt < MOST_ATTEMPTS:
                _queue(run.as_of, attempt=run.attempt + 1)
        if waiting.exists():
            from regulator.risk.tasks import nightly_run

            nightly_run.delay_on_commit()
    return len(abandoned)


def _told(run: RiskRun) -> dict[str, object]:
    """What the event keeps of a run: enough to prove later which input and parameters it had."""
    return {
        "run": run.pk,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "model_version": run.model_version,
        "parameters": run.parameters_hash,
        "snapshot": run.snapshot_hash,
        "rows": run.rows,
    }


def _equipment(run: RiskRun) -> list[dict[str, object]]:
    """The signals of makes and models over the window, with fixed digits (the sources' own queries)."""
    asked = Asked(DayRange(run.window_start, run.window_end))
    reports = [(each.equipment, each.error) for source in REPORTS.values() for each in source(asked)]
    from regulator.risk.equipment import signals

    return [
        {
            "equipment": each.equipment,
            "error": each.error,
            "reports": each.reports,
            "expected": f"{each.expected:.2f}",
            "mean": f"{each.mean:.2f}",
            "lower": f"{each.lower:.2f}",
        }
        for each in signals(reports)
    ]


def _replace(run: RiskRun) -> RiskRun:
    """A run that waited while the model changed: its parameters are of a model that is no more. It is given
    up, and the current model's is done in its place."""
    with writing():
        RiskRun.objects.filter(pk=run.pk).update(
            state=RiskRun.State.FAILED, finished_at=clock.now(), lease_until=None
        )
        held = RiskRun.objects.get(pk=run.pk)
        append("risk.run_abandoned", case=None, by=Scheduled("risk.work_on"), payload=_told(held))
        following = _queue(run.as_of)
    return work_on(run=following, by=Scheduled("risk.work_on"))


def _queue(as_of: date, attempt: int = 1) -> RiskRun:
    parameters: Parameters = read_parameters(CURRENT)
    window = months_to(as_of, parameters.window_months)
    return RiskRun.objects.create(
        as_of=as_of,
        window_start=window.start,
        window_end=window.end,
        attempt=attempt,
        model_version=parameters.version,
        parameters_hash=parameters.digest,
        queued_at=clock.now(),
    )
