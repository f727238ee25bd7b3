"""Holding a report for one change, and what its events say."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.models import Event
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Freeze, Report
from regulator.statistics.reports.overtaken import overtaken
from regulator.statistics.reports.permissions import permit_now

__all__ = ["changing", "record", "refuse_overtaken", "refuse_unless_open", "undo_signature"]


@contextmanager
def changing(report: Report, *, by: User, permission: str, version: int | None = None) -> Iterator[Report]:
    """Yield the report locked as it stands, its version one higher on leaving.

    Raises ``NotPermitted``, and ``StaleVersion`` where somebody was faster; ``version=None`` where what is
    changed has a version of its own.
    """
    with writing():
        permit_now(by, permission)
        held = Report.objects.select_for_update().get(pk=report.pk)
        if version is not None and held.version != version:
            raise StaleVersion(read=version, current=held.version, what="report")
        yield held
        held.version += 1
        held.save()
    report.refresh_from_db()


def refuse_unless_open(held: Report) -> None:
    """Raises ``NotAllowedNow`` for an edition that was published."""
    if not held.is_open:
        raise NotAllowedNow("This edition was published, and never changes. Start a correction instead.")


def refuse_overtaken(freeze: Freeze) -> None:
    """Raises ``NotAllowedNow`` for a freeze that tells a case which was withdrawn from the library or revised
    there since (1 query at most)."""
    if found := overtaken({freeze.pk: Content.read(freeze.content)})[freeze.pk]:
        raise NotAllowedNow(" ".join(map(str, found)))


def undo_signature(held: Report, by: User) -> None:
    """Take the signature off again where there is one: what was signed is no longer what the report says."""
    if held.state != Report.State.SIGNED:
        return
    undone = held.signed_freeze
    held.state = Report.State.DRAFTING
    held.signed_freeze, held.signed_by, held.signed_at = None, None, None
    record("signature_undone", held, by, freeze=undone.number if undone else None)


def record(what: str, report: Report, by: User, reason: str = "", **payload: Any) -> Event:
    """Append what was done to a report."""
    told = {"report": report.pk, "year": report.label, "edition": report.edition, **payload}
    return append(f"reports.{what}", case=None, by=by, payload=told, text=reason)
