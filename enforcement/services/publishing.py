"""When an entry of the register is to be proposed, and when it goes: the notice's side of the gate.

What an entry would say and who lets it onto the register is ``enforcement.gate``. Taking one off needs no
second person: it is the safe direction (docs/decisions/0028).
"""

from datetime import date

from enforcement import letters
from enforcement.conditions import last_disposal, not_withdrawable, withheld
from enforcement.gate.conditions import open_proposal
from enforcement.gate.facts import changed_facts, says_otherwise
from enforcement.gate.services.proposing import lapse, propose
from enforcement.gate.services.timing import last_version, start_clock
from enforcement.legal_clock import appeal_window_closes, publication_due
from enforcement.models import Appeal, Notice
from enforcement.publication import slug_of
from enforcement.register.services import digest_of, remove_entry, shown
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import move
from regulator.deadlines.services import end_deadlines, meet_deadline, open_deadline
from regulator.organisations.policies import permit


def withdraw(
    *, notice: Notice, by: Actor, version: int | None, reason: str, identifies_nobody: str = ""
) -> None:
    """Take a notice back (HSWA 1974 s23); its entry is deleted, and only the chain remembers it.

    A pending appeal falls away with it, and so does whatever is proposed. Raises ``NotAllowedNow`` for an
    immediate prohibition, and once the notice's period is over; ``IdentifiersFound`` for a reason that seems
    to identify somebody, unless ``identifies_nobody`` says why it does not.
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
    """Propose the entry, start its clock and tell the enforcement managers; ``False`` where it is not due.

    Scheduled work; doing it again changes nothing and tells nobody twice.
    """
    permit(by, "enforcement.propose_publication", employer=notice.case.employer_id)
    with holding(notice, version=None, by=by) as held:
        due = notice.published_on is None and not withheld(held, notice)
        if due:
            open_publication(held, notice, by=by)
    return due


def propose_facts(*, notice: Notice, by: Actor) -> bool:
    """Propose that a standing entry say what the record of its employer and site says now, where that changed
    without any deed on the notice; ``False`` where it says so already, or what stands was kept.

    Scheduled work; doing it again changes nothing and tells nobody twice.
    """
    permit(by, "enforcement.propose_publication", employer=notice.case.employer_id)
    with holding(notice, version=None, by=by) as held:
        due = notice.published_on is not None and bool(changed_facts(held, notice))
        if due:
            bring_up_to_date(held, notice, by=by)
    return due


def propose_redrawn(*, notice: Notice, by: Actor) -> bool:
    """Propose that a standing entry say what it would say if it were drawn now, where that is something else
    though no deed on the notice changed it since: the portal has learnt to tell more, or to count otherwise.
    ``False`` where it says so already, or what was given back waits for a person.

    Scheduled work; doing it again changes nothing and tells nobody twice.
    """
    permit(by, "enforcement.propose_publication", employer=notice.case.employer_id)
    with holding(notice, version=None, by=by) as held:
        due = notice.published_on is not None and says_otherwise(held, notice)
        if due:
            bring_up_to_date(held, notice, by=by)
    return due


def open_publication(held: Case, notice: Notice, *, by: Actor, amended_on: date | None = None) -> None:
    """On a held case: the clock for the entry starts. Where the law allows the entry already, it is proposed,
    and each manager gets one letter; else the daily task does both when it does.

    ``amended_on`` is the day on which the tribunal changed the notice: where an entry stood before the
    appeal, the amended one is due within 7 days of it (ESIA 1988 s3(4)).
    """
    due_on = _start_publication_clock(held, notice, by=by)
    if amended_on is not None and last_version(held):
        due_on = min(due_on, start_clock(held, amended_on, by=by))
    made = None if withheld(held, notice) else propose(held, notice, by=by)
    if made is not None:
        letters.tell_ready_to_publish(held, notice, proposal=made.number, due_on=due_on)


def bring_up_to_date(held: Case, notice: Notice, *, by: Actor) -> None:
    """On a held case: propose that its entry say what the notice says now (due within 7 days, ESIA 1988 s3).

    What is proposed already is drawn anew; a notice that is neither public nor proposed waits for its time.
    """
    if notice.published_on is None:
        if open_proposal(held) is not None:
            propose(held, notice, by=by)
        return
    made = propose(held, notice, by=by)
    if made is not None:
        due_on = start_clock(held, clock.today(), by=by)
        letters.tell_ready_to_publish(held, notice, proposal=made.number, due_on=due_on)
    else:
        meet_deadline(case=held, kind="register_update", by=by)


def take_down(held: Case, notice: Notice, *, by: Actor, why: str) -> None:
    """On a held case: remove a public entry at once, and whatever is proposed with it. What it was stays in
    the chain as address, version and digest."""
    lapse(held, by=by, why=why)
    if notice.published_on is None:
        return
    start_clock(held, clock.today(), by=by)
    slug = slug_of(held)
    seen = shown(slug)
    remove_entry(slug)
    payload = {
        "entry": slug,
        "version": last_version(held),
        "sha256": digest_of(seen) if seen else "",
        "published_on": notice.published_on.isoformat(),
        "why": why,
    }
    append("enforcement.entry_removed", case=held, by=by, payload=payload)
    notice.published_on = None
    notice.save(update_fields=["published_on"])
    meet_deadline(case=held, kind="register_update", by=by)


def _start_publication_clock(held: Case, notice: Notice, *, by: Actor) -> date:
    if notice.served_on is None:
        raise NotAllowedNow("This notice was not served.")
    end_deadlines(case=held, by=by, kinds=["appeal_window"])
    disposed_on = last_disposal(notice)
    start_on = disposed_on or appeal_window_closes(notice.served_on).on
    due = publication_due(notice.served_on, disposed_on=disposed_on)
    return open_deadline(case=held, kind="publish", start_on=start_on, due_on=due.on, by=by).due_on
