"""Proposing what an entry would say: drawn anew whenever the notice changes, one open at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from enforcement.gate.conditions import last_hand, open_proposal
from enforcement.gate.content import cites_alike, content_of, hands, snapshot_from
from enforcement.gate.drawing import Overrides, drawn, settled_overrides, standing_overrides
from enforcement.gate.models import Paper, Proposal
from enforcement.gate.setting import as_pdf
from enforcement.models import Appeal, Notice
from enforcement.publication import organisation, slug_of
from enforcement.register.services import EntrySnapshot, digest_of, shown
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Case

State = Proposal.State
Cause = Proposal.Cause


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person made of a proposal: what it says in place of the notice's own words, from when on the
    public may read it, and why."""

    by: User
    overrides: Overrides
    cause: str
    why: str = ""
    embargo_until: datetime | None = None
    embargo_why: str = ""


def propose(held: Case, notice: Notice, *, by: Actor, edit: Edit | None = None) -> Proposal | None:
    """On a held case: what its entry would say now, in the place of what was proposed before.

    ``None`` where the entry says that already; what was open falls away then. The same once more, and what
    somebody approved of it, stays. The caller has asked whether the law allows the entry.
    """
    former = open_proposal(held)
    overrides = edit.overrides if edit is not None else standing_overrides(held)
    said, holding = drawn(held, notice, overrides)
    stands = shown(slug_of(held))
    if said == stands:
        if former is not None:
            lapse(held, by=by, why="the entry says this already")
        return None
    if former is not None and edit is None and former.content == content_of(said):
        return former
    if former is not None:
        _end(former, State.SUPERSEDED)
    made, document = _made(held, notice, said, by=by, former=former)
    made.kind = Proposal.Kind.CHANGE if stands is not None else Proposal.Kind.NEW
    made.overrides = holding
    made.cause = edit.cause if edit is not None else _cause(held, made, former, stands, said)
    _take_over(made, former, edit)
    made.save()
    Paper.objects.create(proposal=made, content=document)
    append("gate.proposed", case=held, by=by, payload=_told(held, made, former), text=made.why)
    return made


def lapse(held: Case, *, by: Actor, why: str) -> bool:
    """On a held case: whatever is proposed falls away, approved or not; ``False`` where nothing is."""
    former = open_proposal(held)
    if former is None:
        return False
    _end(former, State.LAPSED)
    append("gate.lapsed", case=held, by=by, payload={"proposal": former.number, "why": why})
    return True


def numbered(slug: str) -> int:
    """The number that the next proposal of an entry has (one query)."""
    last = Proposal.objects.filter(slug=slug).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def drawn_up(said: EntrySnapshot, *, number: int) -> tuple[Proposal, bytes]:
    """An unsaved proposal that the entry say ``said``, and its PDF, with the digests of both."""
    now, content = clock.now(), content_of(said)
    document = as_pdf(content, made_at=now)
    made = Proposal(
        slug=said.slug,
        number=number,
        content=content,
        sha256=digest_of(said),
        document_sha256=sha256(document).hexdigest(),
        proposed_at=now,
    )
    return made, document


def _made(
    held: Case, notice: Notice, said: EntrySnapshot, *, by: Actor, former: Proposal | None
) -> tuple[Proposal, bytes]:
    made, document = drawn_up(said, number=numbered(said.slug))
    made.notice, made.drafted_by_id = notice, notice.drafted_by_id
    if isinstance(by, User):
        made.proposed_by = by
    elif former is not None:
        made.proposed_by_id = former.proposed_by_id
    else:
        made.proposed_by_id = last_hand(held)
    return made, document


def _take_over(made: Proposal, former: Proposal | None, edit: Edit | None) -> None:
    """Who edited it and from when on it may be read: what was said last, by a person or before. Words of
    somebody that fell away unread and come back are their edit still."""
    if edit is not None:
        made.edited_by, made.why = edit.by, edit.why.strip()
        made.embargo_until, made.embargo_why = edit.embargo_until, edit.embargo_why.strip()
        if edit.cause != Cause.CORRECTION:
            made.proposed_by_id = former.proposed_by_id if former is not None else None
        return
    if former is not None:
        made.edited_by_id = former.edited_by_id
        made.why = "" if made.cause == Cause.FACTS else former.why
        made.embargo_until, made.embargo_why = former.embargo_until, former.embargo_why
    if made.edited_by_id is None:
        made.edited_by_id = _last_editor(made)


def _last_editor(made: Proposal) -> int | None:
    """Who last edited the entry, of those whose words it tells that no second person let stand (one query
    where there are any). By the proposals: fields of stored JSON are in no order."""
    theirs = hands(made.overrides, made.content)
    if not theirs:
        return None
    edited = Proposal.objects.filter(slug=made.slug, edited_by__in=theirs).order_by("-number")
    found: int | None = edited.values_list("edited_by", flat=True).first()
    return found


def _cause(
    held: Case, made: Proposal, former: Proposal | None, stands: EntrySnapshot | None, said: EntrySnapshot
) -> str:
    """Why the entry would say something else, as far as what it says tells. Of an entry that stands it is
    facts alone only where nothing else of it changes, and nobody's words are in it that no second person
    let stand."""
    before = snapshot_from(former.content) if former is not None else stands
    found = _between(before, said, held)
    if found == Cause.FACTS and stands is not None:
        found = _between(stands, said, held)
        if found == Cause.FACTS and not _is_of_facts(held, made, stands, said):
            theirs = former is not None and former.cause != Cause.FACTS
            return former.cause if former is not None and theirs else Cause.MODIFIED
    return found


def _is_of_facts(held: Case, made: Proposal, stands: EntrySnapshot, said: EntrySnapshot) -> bool:
    """Whether only what the organisation's record says would change (one query)."""
    own = {name: getattr(said, name) for name in organisation(held)}
    if not cites_alike(stands, said) or replace(stands, **own, citations=said.citations) != said:
        return False
    settled = settled_overrides(held)
    return all(settled.get(name) == each for name, each in made.overrides.items())


def _between(before: EntrySnapshot | None, said: EntrySnapshot, held: Case) -> str:
    if before is None:
        decided = Appeal.objects.filter(notice=held.pk).exclude(disposed_on=None)
        return Cause.DISPOSED if decided.exists() else Cause.WINDOW
    if before.form != said.form:
        return Cause.SECRET
    if before.status != said.status:
        causes: Mapping[str, str] = {"complied": Cause.COMPLIED, "not_complied": Cause.FAILED}
        return causes.get(said.status, Cause.MODIFIED)
    if before.compliance_due_on != said.compliance_due_on:
        return Cause.EXTENDED
    told_alike = (before.description, before.timeline) == (said.description, said.timeline)
    return Cause.FACTS if told_alike and cites_alike(before, said) else Cause.MODIFIED


def _end(proposal: Proposal, state: str) -> None:
    proposal.state, proposal.ended_at = state, clock.now()
    if proposal.approved_by_id is not None:
        proposal.approved_by = proposal.approved_at = None
    proposal.save(update_fields=["state", "ended_at", "approved_by", "approved_at"])


def _told(held: Case, made: Proposal, former: Proposal | None) -> dict[str, Any]:
    """What the chain records of a proposal."""
    return {
        "proposal": made.number,
        "kind": str(made.kind),
        "cause": str(made.cause),
        "sha256": made.sha256,
        "document_sha256": made.document_sha256,
        "proposed_by": made.proposed_by_id,
        "edited_by": made.edited_by_id,
        "embargo_until": made.embargo_until.isoformat() if made.embargo_until else None,
        "embargo_why_sha256": keep_text(held, made.embargo_why),
        "replaces": former.number if former is not None else None,
    }
