"""What an entry would say now: the notice's whitelist, then a decided claim, then what people made it say."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from enforcement.gate.content import overridden, short
from enforcement.gate.models import Claim, Proposal
from enforcement.models import Notice
from enforcement.publication import slug_of, snapshot
from enforcement.register.services import Cited, EntrySnapshot, cited
from regulator.casework.models import Case
from regulator.legislation.models import Provision

Overrides = dict[str, dict[str, Any]]


def drawn(
    case: Case, notice: Notice, overrides: Mapping[str, Mapping[str, Any]]
) -> tuple[EntrySnapshot, Overrides]:
    """What the entry of a served notice would say, and which of ``overrides`` still hold (seven queries;
    one more where the provisions are among them)."""
    claim = claim_of(notice)
    said, holding = overridden(as_the_notice_says(case, notice, claim), overrides)
    if "citations" in holding:
        said = replace(said, citations=_as_catalogued(said.citations))
    return (short(said) if short_for(claim) else said), holding


def as_the_notice_says(case: Case, notice: Notice, claim: Claim | None) -> EntrySnapshot:
    """The whitelist; where a claim was decided, with the description that CQC drafted for it."""
    said = snapshot(case, notice)
    if claim is not None and claim.outcome == Claim.Outcome.FULL:
        return replace(said, description=claim.safe_description)
    return said


def _as_catalogued(citations: tuple[Cited, ...]) -> tuple[Cited, ...]:
    """The same texts of the same provisions, each in the words of the catalogue today, as those are that the
    notice itself names."""
    within = Provision.objects.filter(reference__in={each.reference for each in citations})
    known = {(each.instrument, each.reference, each.in_force_from): each for each in cited(within)}
    return tuple(known.get((each.instrument, each.reference, each.in_force_from), each) for each in citations)


def claim_of(notice: Notice) -> Claim | None:
    """The recipient's claim that the entry tells a trade secret (one query)."""
    return Claim.objects.filter(notice=notice.pk).first()


def short_for(claim: Claim | None) -> bool:
    """Whether only the short entry may be shown: while a claim is open, or once it was decided so."""
    return claim is not None and claim.outcome != Claim.Outcome.FULL


def standing_overrides(case: Case) -> Overrides:
    """What people made the entry say, as it was last proposed and not given back, or kept (one query).

    Their words of the description end where a claim was opened again since: what they stood in place of is
    drafted anew, and would bring them back if it came out the same.
    """
    binding = Proposal.objects.binding().filter(slug=slug_of(case)).order_by("-number")
    last = binding.values_list("overrides", "proposed_at", "notice__trade_secret__reopened_at").first()
    if last is None:
        return {}
    overrides, proposed_at, reopened_at = last
    ended = reopened_at is not None and proposed_at < reopened_at
    return {name: each for name, each in overrides.items() if not (ended and name == "description")}


def settled_overrides(case: Case) -> Overrides:
    """What people made the entry say and a second person let stand (one query)."""
    settled = Proposal.objects.settled().filter(slug=slug_of(case)).order_by("-number")
    return dict(settled.values_list("overrides", flat=True).first() or {})
