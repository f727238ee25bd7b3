"""What a standing entry says, of its employer and place and altogether, against what it would say if it were
drawn now."""

from dataclasses import replace
from typing import Any

from enforcement.gate.conditions import open_proposal
from enforcement.gate.content import cites_alike, content_of, override, snapshot_from
from enforcement.gate.drawing import Overrides, drawn, standing_overrides
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.publication import organisation, slug_of
from enforcement.register.services import shown
from regulator.casework.models import Case


def changed_facts(case: Case, notice: Notice) -> frozenset[str]:
    """The fields of a standing entry that its organisation's record says differently now; none while
    something is proposed, and none that were proposed like this and given back (thirteen queries at most)."""
    stands = shown(slug_of(case))
    if stands is None or open_proposal(case) is not None:
        return frozenset()
    said, standing = content_of(drawn(case, notice, standing_overrides(case))[0]), content_of(stands)
    now = {name: said[name] for name in organisation(case)}
    if _refused(case, now, alone=said == standing | now | {"citations": said["citations"]}):
        return frozenset()
    return frozenset(name for name, value in now.items() if value != standing[name])


def says_otherwise(case: Case, notice: Notice) -> bool:
    """Whether a standing entry says anything else than it would if it were drawn now, in whatever words it
    gives its provisions. Never while something is proposed, nor while what was given back waits for a person
    to prepare it again (thirteen queries at most)."""
    stands = shown(slug_of(case))
    if stands is None or open_proposal(case) is not None:
        return False
    last = Proposal.objects.filter(slug=slug_of(case)).order_by("-number").first()
    if last is not None and last.state == Proposal.State.RETURNED and not last.is_of_facts:
        return False
    said, _ = drawn(case, notice, standing_overrides(case))
    return replace(said, citations=stands.citations) != stands or not cites_alike(said, stands)


def kept(proposal: Proposal, case: Case) -> Overrides:
    """What makes the entry go on saying what it says of the organisation, in place of what ``proposal`` would
    have it say, until the record changes again. On an entry that stands (two queries)."""
    stands = shown(slug_of(case))
    if stands is None:
        return {}
    return override(
        snapshot_from(proposal.content), {name: getattr(stands, name) for name in organisation(case)}
    )


def _refused(case: Case, now: dict[str, Any], *, alone: bool) -> bool:
    """Whether a person gave this back last (one query). What else they gave back with it waits for a person;
    where the facts ``alone`` are left of that, nobody has said no to them."""
    last = Proposal.objects.filter(slug=slug_of(case)).order_by("-number").first()
    if last is None or last.state != Proposal.State.RETURNED or (alone and not last.is_of_facts):
        return False
    return all(last.content[name] == value for name, value in now.items())
