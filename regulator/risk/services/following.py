"""Scoring an employer again within seconds of something new, with what the last run fitted.

What happened is read off the chain by number, as the search reads it: a hint on commit only saves the wait,
the sweeper finds what nobody was told of, and doing it twice changes nothing.
"""

from typing import Final

from django.db.models import Max, QuerySet

from regulator import hint
from regulator.accounts.actors import Scheduled
from regulator.casework.chain import append, writing
from regulator.casework.models import ChainHead, Event
from regulator.organisations.policies import permit
from regulator.risk.models import RiskRun, RiskScore
from regulator.risk.parameters import CURRENT, read_parameters
from regulator.risk.queries import snapshot
from regulator.risk.services.storing import store
from regulator.risk.snapshot import canonical, digest

RESCORER: Final = Scheduled("risk.rescore_changed")
A_TURN: Final = 200
"""Events that are followed at once."""


def follow() -> int:
    """One turn: score again each employer of the next events; answers how many events were followed, 0 where
    there was nothing to follow or no run of the current model to follow it with."""
    permit(RESCORER, "risk.run")
    run = _followed()
    if run is None:
        return 0
    happened = list(_unseen(run).values_list("sequence", "case__employer")[:A_TURN])
    if not happened:
        return 0
    for employer in sorted({key for _, key in happened}):
        rescore_one(run, employer)
    unmoved = RiskRun.objects.filter(pk=run.pk, followed_to=run.followed_to)
    return len(happened) if unmoved.update(followed_to=happened[-1][0]) else 0


def anything_to_follow() -> bool:
    """Whether something happened since the last run that was not looked at (two queries)."""
    run = _followed()
    return run is not None and _unseen(run).exists()


def sweep_rescoring() -> int:
    """Wake a worker where a hint was lost; nothing is put right here, so it answers 0."""
    if anything_to_follow():
        hint.wake(RESCORER.name)
    return 0


def rescore_one(run: RiskRun, employer: int) -> RiskScore | None:
    """Score ``employer`` again with what ``run`` fitted; ``None`` where nothing that counts has changed, or
    it has to wait for the next run (a peer group that the run did not know).

    The reading and computing hold no lock. What happened to the employer meanwhile makes the result old: it
    is dropped, and the turn that follows the newer event scores again. So of two workers the slower never
    replaces what the faster one saw later.
    """
    parameters = read_parameters(run.model_version)
    head = ChainHead.objects.filter(pk=1).first()
    seen = snapshot(run.as_of, parameters, employer)
    sha256 = digest(canonical(seen))
    if _is_stored(run, employer, sha256):
        return None
    from regulator.risk.frozen import Frozen
    from regulator.risk.scoring import rescore

    try:
        whole = rescore(seen, Frozen.from_json(run.frozen), parameters)
    except LookupError:
        return None
    with writing():
        newer = Event.objects.filter(sequence__gt=head.sequence if head else 0, case__employer=employer)
        if newer.exists() or _is_stored(run, employer, sha256):
            return None
        earlier = RiskScore.objects.filter(run=run, employer=employer)
        revision = (earlier.aggregate(newest=Max("revision"))["newest"] or 0) + 1 if earlier.exists() else 0
        earlier.filter(is_current=True).update(is_current=False)
        [score] = store(run, whole, revision=revision)
        payload = {"run": run.pk, "employer": employer, "revision": revision, "snapshot": sha256}
        append("risk.rescored", case=None, by=RESCORER, payload=payload)
    return score


def _is_stored(run: RiskRun, employer: int, sha256: str) -> bool:
    current = RiskScore.objects.filter(run=run, employer=employer, is_current=True)
    return current.filter(snapshot_hash=sha256).exists()


def _unseen(run: RiskRun) -> QuerySet[Event]:
    """What happened on cases since ``run``, or since it was last followed."""
    return Event.objects.filter(sequence__gt=run.followed_to, case__isnull=False).order_by("sequence")


def _followed() -> RiskRun | None:
    """The newest run, where the current model made it."""
    return RiskRun.objects.done().filter(model_version=CURRENT).first()
