"""Who may deliver at the moment: exactly one sender, through one row that two can never both hold.

A lease runs out, so a killed sender never blocks the next for longer than ``OUTBOX_LEASE_SECONDS``; a living
one renews it from a thread of its own, so that a slow mail server does not make it look dead.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from regulator import clock
from regulator.outbox.models import DeliveryLease

_ROW = 1


def lease_end() -> datetime:
    """When a lease taken or renewed now runs out."""
    return clock.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def somebody_delivers() -> bool:
    """Whether a sender holds a lease that has not run out."""
    return DeliveryLease.objects.filter(until__gte=clock.now()).exclude(holder="").exists()


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to deliver, held under a ``token`` that no other sender has."""

    token: str

    def renew(self) -> bool:
        """Hold it for a full term from now. ``False``: it ran out and somebody else took it."""
        return bool(DeliveryLease.objects.filter(pk=_ROW, holder=self.token).update(until=lease_end()))

    def release(self) -> None:
        DeliveryLease.objects.filter(pk=_ROW, holder=self.token).update(holder="", until=None)


@contextmanager
def delivery_lease() -> Iterator[Lease | None]:
    """Hold the right to deliver while inside; ``None`` where somebody else holds it."""
    lease = _take()
    if lease is None:
        yield None
        return
    stop = threading.Event()
    renewer = threading.Thread(target=_keep_renewing, args=(lease, stop), daemon=True, name="delivery-lease")
    renewer.start()
    try:
        yield lease
    finally:
        stop.set()
        renewer.join()
        lease.release()


def _take() -> Lease | None:
    """One conditional UPDATE, which the database lets only one of two senders win."""
    DeliveryLease.objects.get_or_create(pk=_ROW)
    lease = Lease(uuid.uuid4().hex)
    free = DeliveryLease.objects.filter(Q(holder="") | Q(until__lt=clock.now()), pk=_ROW)
    return lease if free.update(holder=lease.token, until=lease_end()) else None


def _keep_renewing(lease: Lease, stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.OUTBOX_LEASE_SECONDS / 3):
            if not lease.renew():
                return
    finally:
        connection.close()
