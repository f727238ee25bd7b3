"""What becomes public, stays public, and ceases to be: the only writers of the register's portal entries.

The register is given a whitelisted snapshot (``enforcement.publication``); it never reads a notice.
"""

from datetime import date
from typing import Final

from enforcement import letters
from enforcement.conditions import last_disposal, not_withdrawable, unpublishable, withheld
from enforcement.legal_clock import appeal_window_closes, publication_due, register_update_due
from enforcement.models import Appeal, Notice
from enforcement.publication import slug_of, snapshot
from enforcement.register.services import digest_of, put_entry, remove_entry, shown
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move, refuse_identifiers
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline
from regulator.organisations.policies import permit

SHOWN: Final = ("enforcement.published", "enforcement.entry_updated")
"""The events that say what the public saw from then on: the entry's version and the digest of its content."""


def publish(*, notice: Notice, by: Actor, version: int | None, identifies_nobody: str = "") -> None:
    """Put the notice onto the public register.

    Raises ``NotAllowedNow`` before the time for appeal is over, while an appeal is pending, and for a
    notice that was withdrawn or cancelled (ESIA 1988 s3); ``IdentifiersFound`` where what the public would
    read seems to identify somebody and was not confirmed yet, unless ``identifies_nobody`` says why not.
    """
    with holding(notice, version=version) as held:
        permit(by, "enforcement.publish", employer=held.employer_id)
        if refusal := unpublishable(held, by):
            raise NotAllowedNow(refusal)
        texts = {"required_action": notice.required_action}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        _start_publication_clock(held, notice, by=by)
        _show(held, notice, "enforcement.published", by=by)
        notice.published_on = clock.today()
        notice.save(update_fields=["published_on"])
        for kind in ("publish", "register_update"):
            meet_deadline(case=held, kind=kind, by=by)


def withdraw(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Take a notice back (HSWA 1974 s23); its entry is deleted, and only the chain remembers it.

    A pending appeal falls away with it. Raises ``NotAllowedNow`` for an immediate prohibition, and once the
    notice's period is over; ``IdentifiersFound`` for a reason that seems to identify somebody, unless
    ``identifies_nobody`` says why it does not.
    """
    with holding(notice, version=version) as held:
        move(held, "withdraw", by=by, reason=reason, identifies_nobody=identifies_nobody)
        if refusal := not_withdrawable(held, by):
            raise NotAllowedNow(refusal)
        notice.appeals.filter(disposed_on=None).update(
            disposed_on=clock.today(), outcome=Appeal.Outcome.LAPSED
        )
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


def open_publication(held: Case, notice: Notice, *, by: Actor, amended_on: date | None = None) -> None:
    """On a held case: the clock for the entry starts, and each manager gets one letter.

    ``amended_on`` is the day on which the tribunal changed the notice: where an entry stood before the
    appeal, the amended one is due within 7 days of it (ESIA 1988 s3(4)).
    """
    due_on = _start_publication_clock(held, notice, by=by)
    if amended_on is not None and _last_version(held):
        due_on = min(due_on, _start_register_clock(held, changed_on=amended_on, by=by))
    letters.tell_ready_to_publish(held, notice, due_on=due_on)


def bring_up_to_date(held: Case, notice: Notice, *, by: Actor) -> None:
    """Make a public entry say what the notice says now (within 7 days, ESIA 1988 s3; here at once)."""
    if notice.published_on is None:
        return
    _start_register_clock(held, changed_on=clock.today(), by=by)
    _show(held, notice, "enforcement.entry_updated", by=by)
    meet_deadline(case=held, kind="register_update", by=by)


def take_down(held: Case, notice: Notice, *, by: Actor, why: str) -> None:
    """Remove a public entry; what it was stays in the chain as address, version and digest."""
    if notice.published_on is None:
        return
    _start_register_clock(held, changed_on=clock.today(), by=by)
    slug = slug_of(held)
    seen = shown(slug)
    remove_entry(slug)
    payload = {
        "entry": slug,
        "version": _last_version(held),
        "sha256": digest_of(seen) if seen else "",
        "published_on": notice.published_on.isoformat(),
        "why": why,
    }
    append("enforcement.entry_removed", case=held, by=by, payload=payload)
    notice.published_on = None
    notice.save(update_fields=["published_on"])
    meet_deadline(case=held, kind="register_update", by=by)


def _show(held: Case, notice: Notice, event: str, *, by: Actor) -> None:
    """Put the entry, and keep in the chain which version was shown and the digest of what it said."""
    said = snapshot(held, notice)
    entry = put_entry(said, former_version=_last_version(held))
    payload = {"entry": entry.slug, "version": entry.version, "sha256": digest_of(said)}
    append(event, case=held, by=by, payload=payload)


def _last_version(held: Case) -> int:
    """The last version of the entry that the public saw, whether it stands or not; 0 before the first."""
    last = held.events.filter(type__in=SHOWN).order_by("-sequence").first()
    return int(last.payload["version"]) if last else 0


def _start_publication_clock(held: Case, notice: Notice, *, by: Actor) -> date:
    if notice.served_on is None:
        raise NotAllowedNow("This notice was not served.")
    end_deadlines(case=held, by=by, kinds=["appeal_window"])
    disposed_on = last_disposal(notice)
    start_on = disposed_on or appeal_window_closes(notice.served_on).on
    due = publication_due(notice.served_on, disposed_on=disposed_on)
    return open_deadline(case=held, kind="publish", start_on=start_on, due_on=due.on, by=by).due_on


def _start_register_clock(held: Case, *, changed_on: date, by: Actor) -> date:
    due = register_update_due(changed_on)
    return open_deadline(case=held, kind="register_update", start_on=changed_on, due_on=due.on, by=by).due_on
