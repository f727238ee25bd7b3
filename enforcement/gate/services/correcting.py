"""Entries that CQC published before the portal, which no notice stands behind: one person says what was
wrong, and another lets the correction, or the removal, onto the register. Their source's address stays."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from enforcement.gate.conditions import PREPARE, PUBLISH
from enforcement.gate.content import content_of, overridden, override, snapshot_from
from enforcement.gate.models import Paper, Proposal
from enforcement.gate.services.deciding import CHANGED, give_back
from enforcement.gate.services.preparing import SAME, WORDS, check_values, tidied
from enforcement.gate.services.proposing import Cause, State, drawn_up, numbered
from enforcement.register.importing import Identity, identity_of
from enforcement.register.models import RegisterEntry
from enforcement.register.services import EntrySnapshot, put_entry, remove_entry, shown
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.identifiers import find
from regulator.organisations.models import Employer
from regulator.organisations.policies import InterestDeclared, NotPermitted, has_interest, permit


def correct_imported(
    *, slug: str, by: Actor, version: int | None, why: str, changes: Mapping[str, Any]
) -> Proposal:
    """Propose that the entry at ``slug`` say something else: ``changes`` are by field
    (``preparing.CORRECTABLE``), as ``correct_entry`` takes them.

    ``version`` is that of the entry as it was read. Raises ``NotPermitted``, ``NotAllowedNow`` for an entry
    that has a notice or says this already, ``StaleVersion``, and ``ValidationError`` by field, also for words
    that seem to identify somebody.
    """
    with writing():
        person, stands = _permitted(slug, by, version, why)
        said, _ = overridden(stands, override(stands, tidied(changes)))
        _refuse_people(_new_words(said, stands))
        check_values(said, changes)
        if said == stands:
            raise NotAllowedNow(SAME)
        return _kept(said, stands, person, Proposal.Kind.CHANGE, Cause.CORRECTION, why)


def remove_imported(*, slug: str, by: Actor, version: int | None, why: str) -> Proposal:
    """Propose that the entry at ``slug`` go. Raises as ``correct_imported`` does."""
    with writing():
        person, stands = _permitted(slug, by, version, why)
        return _kept(stands, stands, person, Proposal.Kind.REMOVE, Cause.REMOVAL, why)


def approve_imported(*, proposal: Proposal, by: Actor) -> None:
    """Let a correction or a removal take effect, once and whole.

    Raises ``NotPermitted`` (also for an interest in the employer), ``NotAllowedNow`` for one's own, for one
    that does not wait any more, and where the entry has changed since it was proposed; ``ValidationError``
    by field for words that seem to identify somebody.
    """
    with writing():
        person, held = _deciding(proposal, by)
        if person.pk == held.proposed_by_id:
            raise NotAllowedNow("You proposed this, so somebody else must approve it.")
        stands = shown(held.slug)
        if stands is None or content_of(stands) != held.overrides["stands"]:
            raise NotAllowedNow(CHANGED.partition(":")[0] + ": propose it again.")
        _refuse_people(_new_words(snapshot_from(held.content), stands))
        held.approved_by, held.approved_at = person, clock.now()
        entry = RegisterEntry.objects.get(slug=held.slug)
        held.version = entry.version
        if held.kind == Proposal.Kind.REMOVE:
            remove_entry(held.slug)
        else:
            document = bytes(Paper.objects.get(proposal=held).content)
            held.version = put_entry(snapshot_from(held.content), document=document).version
        held.state, held.released_at = State.RELEASED, clock.now()
        held.save()
        event = "gate.removed" if held.kind == Proposal.Kind.REMOVE else "gate.corrected"
        append(event, case=None, by=person, payload=_which(held) | {"version": held.version})


def return_imported(*, proposal: Proposal, by: Actor, reason: str) -> None:
    """Give a correction or a removal back, and say why. Raises as ``approve_imported`` does."""
    with writing():
        person, held = _deciding(proposal, by)
        _refuse_people({"reason": reason})
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        give_back(held, person, reason)
        append("gate.returned", case=None, by=person, payload=_which(held), text=reason.strip())


def corrected_entries() -> list[tuple[Identity, str]]:
    """The imported entries that a person corrected or removed, by what each was known before that: another
    import leaves them as they are (one query)."""
    done = Proposal.objects.filter(notice__isnull=True, state=State.RELEASED).order_by("number")
    return [
        (identity_of(snapshot_from(overrides["stands"])), slug)
        for slug, overrides in done.values_list("slug", "overrides")
    ]


def _permitted(slug: str, by: Actor, version: int | None, why: str) -> tuple[User, EntrySnapshot]:
    """Who proposes it and what stands; the reason is checked."""
    if not isinstance(by, User):
        raise NotPermitted("An entry is corrected by a person.")
    permit(by, PREPARE)
    entry = RegisterEntry.objects.filter(slug=slug).first()
    stands = shown(slug)
    if entry is None or stands is None:
        raise NotAllowedNow("No entry stands at this address.")
    if entry.origin != RegisterEntry.Origin.PUBLISHED_BY_CQC:
        raise NotAllowedNow("This entry has a notice: correct it from there.")
    _refuse_interest(by, entry.employer_name)
    if version != entry.version:
        raise StaleVersion(read=version or 0, current=entry.version)
    if not why.strip():
        raise ValidationError({"why": "Say what was wrong, and how you know."})
    _refuse_people({"why": why})
    return by, stands


def _deciding(proposal: Proposal, by: Actor) -> tuple[User, Proposal]:
    """Who decides, and what waits, read anew under the lock of the chain."""
    if not isinstance(by, User):
        raise NotPermitted("This is decided by a person.")
    permit(by, PUBLISH)
    held = Proposal.objects.select_for_update().get(pk=proposal.pk, notice__isnull=True)
    _refuse_interest(by, str(held.content["employer_name"]))
    if not held.is_waiting:
        raise NotAllowedNow("This does not wait for a decision any more.")
    return by, held


def _kept(said: EntrySnapshot, stands: EntrySnapshot, by: User, kind: str, cause: str, why: str) -> Proposal:
    """The proposal as it waits now, in the place of one that waited. ``overrides`` remembers what stood."""
    former = Proposal.objects.waiting().filter(slug=said.slug).first()
    if former is not None:
        former.state, former.ended_at = State.SUPERSEDED, clock.now()
        former.save(update_fields=["state", "ended_at"])
    made, document = drawn_up(replace(said, slug=stands.slug), number=numbered(said.slug))
    made.kind, made.cause, made.why, made.proposed_by = kind, cause, why.strip(), by
    made.overrides = {"stands": content_of(stands)}
    made.save()
    Paper.objects.create(proposal=made, content=document)
    append("gate.proposed", case=None, by=by, payload=_which(made), text=made.why)
    return made


def _which(proposal: Proposal) -> dict[str, object]:
    kind = str(proposal.kind)
    return {"entry": proposal.slug, "proposal": proposal.number, "kind": kind, "sha256": proposal.sha256}


def _refuse_interest(by: User, employer_name: str) -> None:
    """An imported entry knows its employer by name only; so an interest is looked for by name."""
    for employer in Employer.objects.filter(name__iexact=employer_name.strip()):
        if has_interest(by, employer):
            raise InterestDeclared


def _new_words(said: EntrySnapshot, stands: EntrySnapshot) -> dict[str, str]:
    """The texts of an entry that it does not say yet, by field."""
    words = {name: str(getattr(said, name)) for name in WORDS}
    return {name: text for name, text in words.items() if text != getattr(stands, name)}


def _refuse_people(texts: Mapping[str, str]) -> None:
    """No case stands behind these words, so nothing in them can be confirmed: they name nobody."""
    named = [name for name, text in texts.items() if find(text)]
    if named:
        told = "This seems to identify somebody. Say it without a name, a number or an address of a person."
        raise ValidationError(dict.fromkeys(named, told))
