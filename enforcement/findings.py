"""Findings on which a notice rests and that its inspection corrected or withdrew after it was drafted."""

from dataclasses import dataclass
from typing import Final

from enforcement.models import Notice
from inspections.models import Finding
from regulator.casework.models import Event

SETTLED: Final = "enforcement.findings_settled"
"""The event of a drafter's look: which findings were taken over as they stand now, and which kept."""
TO_SETTLE: Final = "A finding that this notice rests on was corrected or withdrawn: settle that first."
TO_RETURN: Final = (
    "A finding that this notice rests on was corrected or withdrawn since it was drafted. Return it, so that "
    "its drafter looks at that."
)


@dataclass(frozen=True, slots=True)
class Fallen:
    """A finding that no longer holds, and what stands in its place: none where it was withdrawn. ``kept``: a
    drafter looked at both, and the notice goes on resting on it."""

    finding: Finding
    now: Finding | None
    kept: bool

    @property
    def pair(self) -> list[int | None]:
        """Both keys, as the chain records them."""
        return [self.finding.pk, self.now.pk if self.now is not None else None]

    @property
    def heir(self) -> Finding | None:
        """What the notice can rest on instead: a breach alone."""
        return self.now if self.now is not None and self.now.kind == Finding.Kind.BREACH else None


def fallen(notice: Notice) -> list[Fallen]:
    """The findings of a notice that hold no more (no query for one that rests on no inspection, one where all
    hold, else four)."""
    if notice.inspection_id is None:
        return []
    gone = list(notice.findings.filter(superseded_on__isnull=False))
    if not gone:
        return []
    known = Finding.objects.filter(inspection=notice.inspection_id).prefetch_related("provisions")
    after = {each.corrects_id: each for each in known if each.corrects_id is not None}
    events = Event.objects.filter(case=notice.pk, type=SETTLED).values_list("payload", flat=True)
    kept = [pair for payload in events for pair in payload["kept"]]
    pairs = [(each, _standing(each, after)) for each in gone]
    return [Fallen(each, now, [each.pk, now.pk if now is not None else None] in kept) for each, now in pairs]


def unsettled(notice: Notice) -> list[Fallen]:
    """Those at which no drafter has looked as they stand now (queries as ``fallen``)."""
    return [each for each in fallen(notice) if not each.kept]


def _standing(finding: Finding, after: dict[int, Finding]) -> Finding | None:
    found = after.get(finding.pk)
    while found is not None and found.superseded_on is not None:
        found = after.get(found.pk)
    return found
