"""What becomes public, stays public, and ceases to be: the only writers of the register's portal entries.

The register is given a whitelisted snapshot (``enforcement.publication``); it never reads a notice.
"""

import hashlib
from datetime import date

from enforcement import letters
from enforcement.conditions import unpublishable, withheld
from enforcement.legal_clock import appeal_window_closes
from enforcement.models import Notice
from enforcement.publication import slug_of, snapshot
from enforcement.register.services import put_entry, remove_entry
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline
from regulator.organisations.policies import permit


def publish(*, notice: Notice, by: Actor, version: int | None) -> None:
    """Put the notice onto the public register.

    Raises ``NotAllowedNow`` before the time for appeal is over, while an appeal is pending, and for a
    notice that was withdrawn or cancelled (ESIA 1988 s3).
    """
    with holding(notice, version=version) as held:
        permit(by, "enforcement.publish", employer=held.employer_id)
        if refusal := unpublishable(held, by):
            raise NotAllowedNow(refusal)
        _start_publication_clock(held, notice, by=by)
        entry = put_entry(snapshot(held, notice))
        notice.published_on = clock.today()
        notice.save(update_fields=["published_on"])
        append(
            "enforcement.published", case=held, by=by, payload={"entry": entry.slug, "version": entry.version}
        )
        meet_deadline(case=held, kind="publish", by=by)


def withdraw(*, notice: Notice, by: Actor, version: int | None, reason: str) -> None:
    """Take a notice back (HSWA 1974 s23); its entry is deleted, and only the chain remembers it."""
    with holding(notice, version=version) as held:
        move(held, "withdraw", by=by, reason=reason)
        take_down(held, notice, by=by, why="withdrawn")
        notice.withdrawn_on = clock.today()
        notice.save(update_fields=["withdrawn_on"])
        end_deadlines(case=held, by=by)
        letters.tell_withdrawn(held, notice)


def propose_publication(*, notice: Notice, by: Actor) -> bool:
    """Start the clock for the entry and tell the enforcement managers; ``False`` where it is not due.

    Scheduled work; doing it again changes nothing and tells nobody twice.
    """
    permit(by, "enforcement.propose_publication", employer=notice.case.employer_id)
    with holding(notice, version=None, by=by) as held:
        due = notice.published_on is None and not withheld(held, notice)
        if due:
            open_publication(held, notice, by=by)
    return due


def open_publication(held: Case, notice: Notice, *, by: Actor) -> None:
    """On a held case: the clock for the entry starts, and each manager gets one letter."""
    due_on = _start_publication_clock(held, notice, by=by)
    letters.tell_ready_to_publish(held, notice, due_on=due_on)


def bring_up_to_date(held: Case, notice: Notice, *, by: Actor) -> None:
    """Make a public entry say what the notice says now (within 7 days, ESIA 1988 s3; here at once)."""
    if notice.published_on is None:
        return
    _start_register_clock(held, by=by)
    entry = put_entry(snapshot(held, notice))
    payload = {"entry": entry.slug, "version": entry.version}
    append("enforcement.entry_updated", case=held, by=by, payload=payload)
    meet_deadline(case=held, kind="register_update", by=by)


def take_down(held: Case, notice: Notice, *, by: Actor, why: str) -> None:
    """Remove a public entry; what it was stays in the chain as address and digest."""
    if notice.published_on is None:
        return
    _start_register_clock(held, by=by)
    slug = slug_of(held)
    digest = hashlib.sha256(repr(snapshot(held, notice)).encode()).hexdigest()
    remove_entry(slug)
    payload = {"entry": slug, "sha256": digest, "published_on": notice.published_on.isoformat(), "why": why}
    append("enforcement.entry_removed", case=held, by=by, payload=payload)
    notice.published_on = None
    notice.save(update_fields=["published_on"])
    meet_deadline(case=held, kind="register_update", by=by)


def _start_publication_clock(held: Case, notice: Notice, *, by: Actor) -> date:
    end_deadlines(case=held, by=by, kinds=["appeal_window"])
    return open_deadline(case=held, kind="publish", start_on=_publication_starts(notice), by=by).due_on


def _publication_starts(notice: Notice) -> date:
    """The day from which the 14 days count: the last appeal's disposal, else the end of the time for one."""
    last = notice.appeals.exclude(disposed_on=None).order_by("disposed_on").last()
    if last is not None and last.disposed_on is not None:
        return last.disposed_on
    if notice.served_on is None:
        raise NotAllowedNow("This notice was not served.")
    return appeal_window_closes(notice.served_on).on


def _start_register_clock(held: Case, *, by: Actor) -> None:
    open_deadline(case=held, kind="register_update", start_on=clock.today(), by=by)
