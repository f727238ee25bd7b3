"""What the desk shows on a notice of its entry and of a claim of a trade secret, and the deeds on both."""

from collections.abc import Callable
from typing import Any, Final

from django.urls import reverse

from enforcement.conditions import withheld
from enforcement.gate import clocks, services
from enforcement.gate import desk_forms as forms
from enforcement.gate.conditions import NOTHING_WAITS, PREPARE, PUBLISH, not_correctable, own_hand
from enforcement.gate.models import Claim, Proposal
from enforcement.gate.services.claiming import CLAIM, over, unserved
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskExtra, FactSection, Linked
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text

PROPOSALS: Final = "gate.proposals"
CLAIMS: Final = "gate.claims"
_WITHHELD: Final = "_withheld"
Rows = tuple[tuple[str | Case, object], ...]


def facts(case: Case) -> list[FactSection]:
    """What is proposed and what was, the newest first, and the claim (no query once the lists are read)."""
    rows: list[tuple[str | Case, object]] = []
    for each in reversed(listed(case, PROPOSALS)):
        rows.append((f"Version {each.number}", _standing(each)))
        if each.content:
            path = reverse("admin:gate_proposal_change", args=[each.pk])
            rows.append((f"Read version {each.number}", Linked("What it says and what changes", path)))
    sections = [FactSection("Entry of the public register", tuple(rows))] if rows else []
    claims = listed(case, CLAIMS)
    return [*sections, *(FactSection("Trade secret", _claim(each)) for each in claims)]


def _standing(each: Proposal) -> str:
    """Where a proposal stands, and who had to do with it."""
    about = f"{each.get_kind_display()}: {each.get_cause_display().lower()}"
    by = each.proposed_by or "the portal"
    made = f"{about}. Proposed by {by} on {as_text(each.proposed_at)}"
    if each.edited_by:
        made += f", edited by {each.edited_by}"
    said = f"{each.get_state_display()}. {made}."
    if each.state == Proposal.State.RELEASED:
        said = f"On the register as version {each.version} since {as_text(each.released_at)}. {made}."
    if each.approved_by:
        said += f" Approved by {each.approved_by} on {as_text(each.approved_at)}."
    if each.returned_by:
        back = "Kept as it stood" if each.is_of_facts else "Given back"
        said += f" {back} by {each.returned_by} on {as_text(each.returned_at)}: {each.returned_why}"
    if each.embargo_until:
        said += f" Not before {as_text(each.embargo_until)}. {each.embargo_why}".rstrip()
    return f"{said}\n{each.why}".strip()


def _claim(claim: Claim) -> Rows:
    due = clocks.safe_entry_due(claim.claimed_on, claim.reopened_on)
    rows: list[tuple[str | Case, object]] = [
        ("Claimed on", claim.claimed_on),
        ("Recorded by", claim.recorded_by),
        ("The claim", claim.text),
        *_open_again(claim),
        ("Entry without it due on", f"{as_text(due.on)}: {due.derivation}"),
        ("Entry as we drafted it", claim.safe_description),
        ("Served on", claim.entry_served_on),
    ]
    if claim.entry_served_on:
        closes = clocks.secretary_appeal_closes(claim.entry_served_on)
        rows.append(("Last day to appeal", f"{as_text(closes.on)}: {closes.derivation}"))
        rows.append(("Appeal to the Secretary of State", claim.appealed_on or "None recorded"))
    decided = f"{claim.get_outcome_display()}, on {as_text(claim.decided_on)}" if claim.decided_on else "Open"
    return (*rows, ("Decided", decided))


def _open_again(claim: Claim) -> Rows:
    if claim.reopened_on is None:
        return ()
    why = "the tribunal changed what the notice asks for after an entry was drafted"
    return (("Opened again on", f"{as_text(claim.reopened_on)}: {why}"),)


def _deed(service: Callable[..., object], *unread: str) -> Deed:
    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        for name in unread:
            cleaned.pop(name, None)
        service(notice=case.notice, by=by, version=version, **cleaned)

    return run


def _correct(
    *, case: Case, by: User, version: int, why: str, identifies_nobody: str = "", **changes: Any
) -> None:
    services.correct_entry(
        notice=case.notice,
        by=by,
        version=version,
        why=why,
        changes=changes,
        identifies_nobody=identifies_nobody,
    )


def _open(case: Case) -> Proposal | None:
    return next((each for each in listed(case, PROPOSALS) if each.is_open), None)


def _withheld(case: Case, by: User) -> str:
    """As ``conditions.withheld``, asked once for all the buttons of a page."""
    known = vars(case)
    if _WITHHELD not in known:
        known[_WITHHELD] = withheld(case, case.notice)
    return str(known[_WITHHELD])


def _approvable(case: Case, by: User) -> str:
    proposal = _open(case)
    if proposal is None:
        return _withheld(case, by) or NOTHING_WAITS
    if not proposal.is_waiting:
        return f"Approved, and not before {as_text(proposal.embargo_until)}."
    return own_hand(case.notice, proposal, by) or _withheld(case, by)


def _returnable(case: Case, by: User) -> str:
    return "" if _open(case) is not None else NOTHING_WAITS


def _correctable(case: Case, by: User) -> str:
    return not_correctable(case.notice)


def _claimable(case: Case, by: User) -> str:
    if refusal := unserved(case):
        return refusal
    return "A claim is on record already." if listed(case, CLAIMS) else ""


def _claim_waits(
    *, served: bool, appealed: bool | None = None, while_it_stands: bool = True
) -> Callable[[Case, User], str]:
    """A condition: a claim is open whose drafted entry was served or not, and appealed against or not; and
    the notice was neither withdrawn nor cancelled, unless that does not matter."""

    def condition(case: Case, by: User) -> str:
        claim = next((each for each in listed(case, CLAIMS) if each.is_open), None)
        if claim is None:
            return "No claim of a trade secret is open on this notice."
        if while_it_stands and (refusal := over(case)):
            return refusal
        if (claim.entry_served_on is not None) != served:
            return "The drafted entry was served already." if not served else "Serve the drafted entry first."
        if appealed is False and claim.appealed_on is not None:
            return "An appeal is on record."
        return ""

    return condition


ON_NOTICES: Final = DeskExtra(
    kind="notice",
    actions=(
        DeskAction(
            "approve_entry",
            "Approve the entry",
            PUBLISH,
            forms.ApproveForm,
            _deed(services.approve_entry, "entry_read"),
            condition=_approvable,
        ),
        DeskAction(
            "return_entry",
            "Give the entry back",
            PUBLISH,
            forms.ReturnForm,
            _deed(services.return_entry),
            condition=_returnable,
        ),
        DeskAction(
            "prepare_entry",
            "Prepare the entry",
            PREPARE,
            forms.PrepareForm,
            _deed(services.prepare_entry),
            condition=_withheld,
        ),
        DeskAction(
            "correct_entry",
            "Correct the entry",
            PREPARE,
            forms.CorrectForm,
            _correct,
            condition=_correctable,
        ),
        DeskAction(
            "claim_trade_secret",
            "Record a claim of a trade secret",
            CLAIM,
            forms.ClaimForm,
            _deed(services.claim_trade_secret),
            condition=_claimable,
        ),
        DeskAction(
            "serve_safe_entry",
            "Serve an entry without the secret",
            PUBLISH,
            forms.SafeEntryForm,
            _deed(services.serve_safe_entry),
            condition=_claim_waits(served=False),
        ),
        DeskAction(
            "record_secretary_appeal",
            "Record an appeal to the Secretary of State",
            PUBLISH,
            forms.SecretaryForm,
            _deed(services.record_secretary_appeal),
            condition=_claim_waits(served=True, appealed=False, while_it_stands=False),
        ),
        DeskAction(
            "decide_claim",
            "Settle the claim",
            PUBLISH,
            forms.DecideForm,
            _deed(services.decide_claim),
            condition=_claim_waits(served=True),
        ),
    ),
    facts=facts,
)
