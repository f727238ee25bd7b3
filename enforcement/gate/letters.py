"""The letters of the gate. The texts lie in ``templates/email/gate``."""

from datetime import date
from typing import Final

from enforcement.gate.models import Claim
from enforcement.legal_clock import LegalDate
from enforcement.letters import addressees
from enforcement.models import Notice
from regulator.accounts.actors import Actor
from regulator.casework.links import case_url
from regulator.casework.models import Case
from regulator.casework.recipients import staff_for
from regulator.outbox.letters import Letter
from regulator.outbox.payload import DAY, EMPLOYER, LINK, MAYBE_DAY, TEXT, one_of
from regulator.outbox.services import enqueue

SAFE_ENTRY: Final = Letter(
    "gate/safe_entry",
    1,
    "{{ reference }}: the entry that we drafted after your claim",
    payload={
        "reference": TEXT,
        "employer": EMPLOYER,
        "description": TEXT,
        "appeal_by": DAY,
        "appeal_derivation": TEXT,
    },
    needs=("reference", "description", "appeal_by"),
)
CLAIMED: Final = Letter(
    "gate/claimed",
    2,
    "Notice {{ reference }}: "
    "{% if reopened_on %}the claim of a trade secret is open again"
    "{% else %}a trade secret is claimed{% endif %}",
    payload={
        "reference": TEXT,
        "desk_url": LINK,
        "claimed_on": DAY,
        "reopened_on": MAYBE_DAY,
        "draft_by": DAY,
    },
    needs=("reference", "claimed_on", "draft_by"),
)
RECEIVED: Final = Letter(
    "gate/claim_received",
    3,
    "Notice {{ reference }}: {% if reopened_on %}your claim of a trade secret is open again{% else %}we have "
    "your claim of a trade secret{% endif %}",
    payload={
        "reference": TEXT,
        "employer": EMPLOYER,
        "notice_url": LINK,
        "claimed_on": DAY,
        "reopened_on": MAYBE_DAY,
        "draft_by": DAY,
    },
    needs=("reference", "claimed_on", "draft_by"),
)
DECIDED: Final = Letter(
    "gate/claim_decided",
    2,
    "Notice {{ reference }}: your claim of a trade secret is settled",
    payload={
        "reference": TEXT,
        "employer": EMPLOYER,
        "notice_url": LINK,
        "decided_on": DAY,
        "outcome": one_of(*Claim.Outcome.values),
    },
    needs=("reference", "decided_on", "outcome"),
)
LETTERS: Final = (SAFE_ENTRY, CLAIMED, RECEIVED, DECIDED)


def tell_claimed(case: Case, claim: Claim, *, draft_by: date, by: Actor) -> None:
    """That a claim is on record, or open again: to all who decide on it and may see the notice, but not to
    whoever recorded that; and to those who are told of the employer's notices. Neither quotes the claim."""
    days: dict[str, object] = {
        "claimed_on": claim.claimed_on,
        "reopened_on": claim.reopened_on,
        "draft_by": draft_by,
    }
    told = {"reference": str(case), "desk_url": case_url(case, for_staff=True)} | days
    for person in staff_for(case, permission="enforcement.publish"):
        if person != by:
            _post(case, CLAIMED, person.email, told)
    _to_employer(case, RECEIVED, days)


def tell_decided(case: Case, *, outcome: str, decided_on: date) -> None:
    """What became of the claim, to those who are told of the employer's notices."""
    _to_employer(case, DECIDED, {"outcome": outcome, "decided_on": decided_on})


def tell_safe_entry(case: Case, notice: Notice, *, description: str, appeal_by: LegalDate) -> None:
    """Serve the drafted entry: what it would say, and until when the recipient may appeal against it."""
    context: dict[str, object] = {
        "reference": case.reference,
        "employer": case.employer.name,
        "description": description,
        "appeal_by": appeal_by.on,
        "appeal_derivation": appeal_by.derivation,
    }
    for address in addressees(case.employer):
        _post(case, SAFE_ENTRY, address, context)


def _to_employer(case: Case, letter: Letter, context: dict[str, object]) -> None:
    own = {
        "reference": case.reference,
        "employer": case.employer.name,
        "notice_url": case_url(case, for_staff=False),
    }
    for address in addressees(case.employer):
        _post(case, letter, address, {**own, **context})


def _post(case: Case, letter: Letter, to: str, context: dict[str, object]) -> None:
    """One letter to an address for one change of the case: its version is the one being changed."""
    key = f"{letter.name}:{case.pk}:{case.version}"
    enqueue(letter=letter.name, to=to, context=context, dedupe_key=key, case=case)
