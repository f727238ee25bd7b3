"""Asking for a disclosure bundle, making it, handing it over, and removing it after its days.

The rows say what is due, the broker is only a hint. A bundle is made under a lease and becomes ready in one
step, so a worker that dies leaves a row that the next one takes up, and never half a bundle.
"""

import hashlib
import logging
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import IO, Final

import typst
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.evidence.packing import PIECE, pack
from regulator.casework.models import Case, DisclosureBundle, Event
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.hint import wake_on_commit

logger = logging.getLogger(__name__)
MAKE: Final = "casework.make_bundles"
MAKER: Final = Scheduled(MAKE)
REMOVER: Final = Scheduled("casework.remove_bundles")
MOST_ATTEMPTS: Final = 3
LEASE: Final = timedelta(minutes=5)
"""How long a bundle may stand still before its worker is taken for dead. Each step of the work renews it."""
KEPT: Final = timedelta(days=30)
FAULTS: Final = (OSError, typst.TypstError)
"""How the storage or the setting of the paper fails. Whatever else goes wrong is a defect, and is raised."""
_DIED: Final = "The worker stopped during each attempt."
State = DisclosureBundle.State


class TakenOver(Exception):
    """Another worker has the bundle now: this one was taken for dead."""


def ask_bundle(*, case: Case, by: User, reason: str, identifies_nobody: str = "") -> DisclosureBundle:
    """Ask for everything on ``case`` as it stands now, in one file; a worker makes it.

    Raises ``NotPermitted``, ``ValidationError`` for no reason, ``IdentifiersFound`` for one that seems to
    identify somebody, ``NotAllowedNow`` while one of this case is being made.
    """
    permit_on(case, "casework.disclose", by)
    if not reason.strip():
        raise ValidationError({"reason": "Give a reason."})
    with writing():
        held = Case.objects.select_for_update().get(pk=case.pk)
        if underway().filter(case=held).exists():
            raise NotAllowedNow("A bundle of this case is being made already. Wait until it is ready.")
        last = held.events.order_by("-sequence").values_list("sequence", flat=True).first() or 0
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        payload = {"up_to": last}
        event = append("casework.bundle_asked", case=held, by=by, payload=payload, text=reason.strip())
        asked = DisclosureBundle.objects.create(
            case=held, event=event, asked_by=by, asked_at=clock.now(), up_to=last
        )
        wake_on_commit(MAKE)
    return asked


def underway() -> "QuerySet[DisclosureBundle]":
    return DisclosureBundle.objects.filter(state__in=(State.WAITING, State.RUNNING))


def make_due() -> int:
    """Make each bundle that waits, or whose worker died, the oldest first; answers how many became ready."""
    made = 0
    for key in list(_due().order_by("asked_at", "pk").values_list("pk", flat=True)):
        held = _claim(key)
        if held is not None:
            made += _make(held)
    return made


def _due() -> "QuerySet[DisclosureBundle]":
    died = Q(state=State.RUNNING, lease_until__lt=clock.now())
    return DisclosureBundle.objects.filter(Q(state=State.WAITING) | died)


def _claim(key: int) -> DisclosureBundle | None:
    """Take one bundle on, committed before the work begins; ``None`` where another has it, or where it was
    tried too often and is given up."""
    for worn_out in _due().filter(pk=key, attempts__gte=MOST_ATTEMPTS):
        _give_up(worn_out, _DIED)
        return None
    claimed = (
        _due()
        .filter(pk=key, attempts__lt=MOST_ATTEMPTS)
        .update(
            state=State.RUNNING,
            progress=0,
            words="",
            attempts=F("attempts") + 1,
            version=F("version") + 1,
            lease_until=clock.now() + LEASE,
        )
    )
    found = DisclosureBundle.objects.select_related("case__employer", "asked_by")
    return found.get(pk=key) if claimed else None


@dataclass(slots=True)
class _Work:
    """A bundle that this worker holds: each step is written only under the version that it holds."""

    held: DisclosureBundle

    def step(self, percent: int, words: str) -> None:
        """Say how far the work is, and hold the bundle for another while. Raises ``TakenOver``."""
        self.settle(progress=percent, words=words, lease_until=clock.now() + LEASE)

    def settle(self, **values: object) -> None:
        mine = DisclosureBundle.objects.filter(
            pk=self.held.pk, version=self.held.version, state=State.RUNNING
        )
        if not mine.update(version=F("version") + 1, **values):
            raise TakenOver
        self.held.version += 1


def _make(held: DisclosureBundle) -> bool:
    """Make one bundle; whether it became ready. A fault that may pass puts it off, until it was tried often
    enough."""
    work = _Work(held)
    try:
        with tempfile.TemporaryFile() as packed:
            pack(packed, case=held.case, up_to=held.up_to, asker=held.asked_by, progress=work.step)
            _keep(work, packed)
    except TakenOver:
        logger.warning("Bundle %s was taken over by another worker", held.pk)
        return False
    except FAULTS as fault:
        logger.warning("Bundle %s could not be made in attempt %d: %s", held.pk, held.attempts, fault)
        _put_off(work, fault)
        return False
    return True


def _keep(work: _Work, packed: IO[bytes]) -> None:
    """Store the bundle and make it ready in one step; the file is taken away again where that fails."""
    held = work.held
    size, sha256 = packed.tell(), _digest(packed)
    storage = held.file.storage
    _forget_former(held, storage)
    stored = storage.save(held.stored_as(held.attempts), File(packed))
    try:
        with writing():
            work.settle(
                state=State.READY,
                progress=100,
                words="",
                file=stored,
                size=size,
                sha256=sha256,
                made_at=clock.now(),
                lease_until=None,
            )
            payload = {"bundle": held.pk, "sha256": sha256, "size": size}
            append("casework.bundle_made", case=held.case, by=MAKER, payload=payload)
    except BaseException:
        storage.delete(stored)
        raise


def _forget_former(held: DisclosureBundle, storage: Storage) -> None:
    """Remove what a worker left that died between storing the file and saying so."""
    for name in sorted(held.every_file):
        storage.delete(name)


def _digest(packed: IO[bytes]) -> str:
    """The SHA-256 of the whole file, read in pieces; it stands at its start afterwards."""
    packed.seek(0)
    digest = hashlib.sha256()
    while piece := packed.read(PIECE):
        digest.update(piece)
    packed.seek(0)
    return digest.hexdigest()


def _put_off(work: _Work, fault: Exception) -> None:
    said = f"{type(fault).__name__}: {fault}"[:200]
    if work.held.attempts >= MOST_ATTEMPTS:
        _give_up(work.held, said)
        return
    try:
        work.settle(
            state=State.WAITING, progress=0, words=f"It will be tried again. {said}", lease_until=None
        )
    except TakenOver:
        logger.warning("Bundle %s was taken over by another worker", work.held.pk)


def _give_up(bundle: DisclosureBundle, why: str) -> None:
    with writing():
        mine = DisclosureBundle.objects.filter(pk=bundle.pk, version=bundle.version)
        if mine.update(version=F("version") + 1, state=State.FAILED, words=why, lease_until=None):
            append("casework.bundle_failed", case=bundle.case, by=MAKER, payload={"bundle": bundle.pk})
            logger.error("Bundle %s could not be made: %s", bundle.pk, why)


def record_download(*, bundle: DisclosureBundle, by: User) -> Event:
    """Append that ``by`` takes the bundle away, before it is handed over.

    Raises ``NotPermitted``, and ``NotAllowedNow`` for one that is not ready, or no longer there.
    """
    permit_on(bundle.case, "casework.disclose", by)
    with writing():
        held = DisclosureBundle.objects.get(pk=bundle.pk)
        if not held.is_there or not held.file.name:
            raise NotAllowedNow("This bundle is not there to be downloaded.")
        payload = {"bundle": held.pk, "sha256": held.sha256}
        return append("casework.bundle_downloaded", case=bundle.case, by=by, payload=payload)


def remove_old() -> int:
    """Daily: take the files of bundles off the disk that were made ``KEPT`` ago; the rows stay."""
    removed = 0
    old = DisclosureBundle.objects.filter(
        state=State.READY, removed_at=None, made_at__lte=clock.now() - KEPT
    ).select_related("case")
    for bundle in old:
        stored, storage = bundle.file.name, bundle.file.storage
        with writing():
            mine = DisclosureBundle.objects.filter(pk=bundle.pk, version=bundle.version, removed_at=None)
            if not mine.update(version=F("version") + 1, file="", removed_at=clock.now()):
                continue
            payload = {"bundle": bundle.pk, "sha256": bundle.sha256}
            append("casework.bundle_removed", case=bundle.case, by=REMOVER, payload=payload)
            if stored:
                transaction.on_commit(partial(storage.delete, stored))
        removed += 1
    return removed
