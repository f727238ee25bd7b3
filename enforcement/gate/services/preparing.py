"""A person's hand on what is proposed: the public description, the day from which on it may be read, and the
correction of an entry that stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from enforcement import letters
from enforcement.conditions import withheld
from enforcement.gate.clocks import past_the_clock
from enforcement.gate.conditions import PREPARE, not_correctable, open_proposal
from enforcement.gate.content import BLANKED, alike, overridden, override
from enforcement.gate.drawing import as_the_notice_says, claim_of, short_for, standing_overrides
from enforcement.gate.models import Proposal
from enforcement.gate.names import in_words, named_by_field
from enforcement.gate.services.proposing import Cause, Edit, propose
from enforcement.gate.services.timing import entry_due_on, start_clock
from enforcement.models import Notice
from enforcement.publication import slug_of
from enforcement.register.services import EntrySnapshot, cited, shown
from enforcement.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.legislation.standing import not_in_force
from regulator.organisations.policies import NotPermitted

LONGEST_EMBARGO: Final = timedelta(days=366)
SAME: Final = "The entry says this already, or the same waits for a second person."
DAYS: Final = ("breach_on", "served_on", "compliance_due_on", "complied_on")
WORDS: Final[dict[str, int]] = {
    "employer_name": 250,
    "location": 250,
    "postcode": 10,
    "description": 20_000,
    "how_closed": 80,
}
"""The texts of an entry that may be corrected, with the most characters that each holds."""
CITATIONS: Final = "citations"
CORRECTABLE: Final = (*WORDS, *DAYS, CITATIONS)
"""What of an entry may be corrected: texts, days, and the provisions that it cites."""


def prepare_entry(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    description: str = "",
    embargo_until: datetime | None = None,
    embargo_why: str = "",
    identifies_nobody: str = "",
) -> Proposal:
    """Propose the entry anew, with this public description (empty: the notice's own words) and not to be
    read before ``embargo_until`` (aware). While only the short entry may be shown, which tells no
    description, that stays as it was prepared.

    Somebody else approves it. Raises ``NotPermitted``, ``NotAllowedNow`` while the law allows no entry and
    for the same once more, ``ValidationError`` by field for words that name somebody of the case and for an
    embargo past the end of the entry's clock without a reason, ``IdentifiersFound``.
    """
    person = _person(by)
    with holding(notice, version=version) as held:
        permit_on(held, PREPARE, person)
        if refusal := withheld(held, notice):
            raise NotAllowedNow(refusal)
        _check_embargo(held, embargo_until, embargo_why)
        short = short_for(claim_of(notice))
        described = "" if short else description.strip()
        typed = {"description": described, "embargo_why": embargo_why}
        own = {"description": notice.required_action}
        refuse_identifiers(case=held, texts=typed, stored=own, by=person, reason=identifies_nobody)
        overrides = _with(held, notice, {"description": described} if described else {}, person)
        if not described and not short:
            overrides.pop("description", None)
        edit = Edit(person, overrides, Cause.PREPARED, "", embargo_until, embargo_why)
        return _proposed(held, notice, edit)


def correct_entry(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    why: str,
    changes: Mapping[str, Any],
    identifies_nobody: str = "",
) -> Proposal:
    """Propose that an entry which stands say something else, because a fact on it was wrong.

    ``changes`` are by field (``CORRECTABLE``), each as on the entry; ``citations`` are provisions of the
    catalogue, each as in force on the day of the breach that the entry states then. What the notice
    itself says does not change: the case stays as it was served. While only the short entry may be shown,
    what that does not tell is left as it is. Due within 7 days, as an amendment is (ESIA 1988 s3(4)).
    Raises as ``prepare_entry`` does; ``ValidationError`` by field for values that cannot be.
    """
    person = _person(by)
    with holding(notice, version=version) as held:
        permit_on(held, PREPARE, person)
        if refusal := not_correctable(notice):
            raise NotAllowedNow(refusal)
        if not why.strip():
            raise ValidationError({"why": "Say what was wrong, and how you know."})
        if short_for(claim_of(notice)):
            changes = {name: each for name, each in changes.items() if name not in BLANKED}
        texts = {name: str(changes[name]) for name in WORDS if changes.get(name)}
        refuse_identifiers(case=held, texts=texts | {"why": why}, by=person, reason=identifies_nobody)
        overrides = _with(held, notice, tidied(changes), person)
        check_values(_said(held, notice, overrides), changes)
        start_clock(held, clock.today(), by=person)
        former = open_proposal(held)
        embargo = (former.embargo_until, former.embargo_why) if former else (None, "")
        return _proposed(held, notice, Edit(person, overrides, Cause.CORRECTION, why, *embargo))


def tidied(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as an entry keeps them: texts trimmed, names in one line, each provision once and as it is
    cited. ``ValueError`` for what is not corrected."""
    if unknown := set(changes) - set(CORRECTABLE):
        raise ValueError(f"an entry is not corrected in {sorted(unknown)}")
    return {name: _tidy(name, value) for name, value in changes.items()}


def _tidy(name: str, value: Any) -> Any:
    if name == CITATIONS:
        return cited(dict.fromkeys(value))
    if not isinstance(value, str):
        return value
    return value.strip() if name == "description" else " ".join(value.split())


def check_values(said: EntrySnapshot, changes: Mapping[str, Any]) -> None:
    """Raise ``ValidationError`` by field for what an entry cannot say: an empty name, a text too long, days
    in an impossible order or in the future, provisions that were not in force on the day of the breach or
    none where one must be named."""
    errors: dict[str, str] = {}
    values = {name: getattr(said, name) for name in CORRECTABLE}
    if not str(values["employer_name"]).strip():
        errors["employer_name"] = "Give the employer’s name."
    for name, most in WORDS.items():
        if len(str(values[name])) > most or "\x00" in str(values[name]):
            errors[name] = f"Use {most:,} characters or fewer, and no control characters."
    errors |= _day_errors(values)
    if {CITATIONS, "breach_on"} & set(changes) and (wrong := _citation_error(said)):
        errors[CITATIONS] = wrong
    if errors:
        raise ValidationError(errors)


def _citation_error(said: EntrySnapshot) -> str:
    """A prohibition rests on a risk, and may name no provision (HSWA 1974 s22)."""
    if not said.citations and said.notice_type == Notice.Type.IMPROVEMENT:
        return "An improvement notice names at least one provision."
    return not_in_force(said.citations, said.breach_on)


def _day_errors(values: Mapping[str, Any]) -> dict[str, str]:
    errors: dict[str, str] = {}
    served, breach, complied = values["served_on"], values["breach_on"], values["complied_on"]
    if served < breach:
        errors["breach_on"] = "The breach cannot lie after the day of service."
    if served > clock.today():
        errors["served_on"] = "The day of service cannot be in the future."
    if complied is not None and not served <= complied <= clock.today():
        errors["complied_on"] = "The day must lie between the day of service and today."
    due = values["compliance_due_on"]
    if due is not None and due < served:
        errors["compliance_due_on"] = "The day cannot lie before the day of service."
    return errors


def _person(by: Actor) -> User:
    if not isinstance(by, User):
        raise NotPermitted("An entry is prepared by a person.")
    return by


def _with(held: Case, notice: Notice, changes: Mapping[str, Any], by: User) -> dict[str, dict[str, Any]]:
    """What people made the entry say, with ``changes`` in their places: words of ``by``, but for those that
    somebody made it say already."""
    own, standing = as_the_notice_says(held, notice, claim_of(notice)), standing_overrides(held)
    texts = {name: str(changes[name]) for name in WORDS if name in changes}
    if named := named_by_field(texts, held, notice, shown(slug_of(held))):
        raise ValidationError({name: in_words(people) for name, people in named.items()})
    made = override(own, changes, by=by.pk)
    kept = {name: each for name, each in standing.items() if name not in changes}
    return kept | {
        name: standing[name] if alike(standing.get(name), each) else each for name, each in made.items()
    }


def _said(held: Case, notice: Notice, overrides: Mapping[str, Mapping[str, Any]]) -> EntrySnapshot:
    return overridden(as_the_notice_says(held, notice, claim_of(notice)), overrides)[0]


def _proposed(held: Case, notice: Notice, edit: Edit) -> Proposal:
    """The proposal as edited; ``NotAllowedNow`` where it is nothing new."""
    former = open_proposal(held)
    made = propose(held, notice, by=edit.by, edit=edit)
    alike = former is not None and made is not None and former.content == made.content
    if made is None or (alike and former is not None and former.embargo_until == made.embargo_until):
        raise NotAllowedNow(SAME)
    due_on = entry_due_on(held)
    if due_on is not None:
        letters.tell_ready_to_publish(held, notice, proposal=made.number, due_on=due_on)
    return made


def _check_embargo(held: Case, until: datetime | None, why: str) -> None:
    if until is None:
        if why.strip():
            raise ValidationError({"embargo_until": "Give the day and time, or take the reason out."})
        return
    now = clock.now()
    if not now < until <= now + LONGEST_EMBARGO:
        raise ValidationError({"embargo_until": "The moment must lie ahead, and within a year."})
    due_on = entry_due_on(held)
    if due_on is not None and past_the_clock(timezone.localdate(until), due_on) and not why.strip():
        message = f"The entry is due on {due_on.day} {due_on:%B %Y}. Say why it must wait for longer."
        raise ValidationError({"embargo_why": message})
