"""What became of a notice, as its employer reads it: from the chain, a closed list of events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from enforcement.legal_life import Clock, Life, clocks
from enforcement.legal_record import life_of
from enforcement.models import Appeal, Notice
from enforcement.register.wording import due_called
from regulator.casework.models import Event

_DAY: Final = {
    "enforcement.served": "served_on",
    "enforcement.service_failed": "failed_on",
    "enforcement.appeal_lodged": "lodged_on",
    "enforcement.appeal_disposed": "disposed_on",
    "enforcement.cancelled": "disposed_on",
    "enforcement.complied": "complied_on",
    "enforcement.suspended": "from",
    "gate.claimed": "claimed_on",
    "gate.secretary_appealed": "appealed_on",
    "gate.claim_decided": "decided_on",
}
"""Where the payload of an event says on which day the thing itself was, not its record."""
SHOWN: Final = {
    "enforcement.served": "CQC served the notice",
    "enforcement.service_failed": "CQC found that the notice had not reached you, so it was not served",
    "enforcement.appeal_lodged": "You lodged an appeal",
    "enforcement.appeal_disposed": "The tribunal disposed of the appeal: the notice stands",
    "enforcement.modified": "The tribunal changed what the notice says",
    "enforcement.cancelled": "The tribunal cancelled the notice",
    "enforcement.suspended": "The tribunal suspended the notice",
    "enforcement.extended": "CQC gave you more time",
    "enforcement.complied": "You complied with the notice",
    "enforcement.not_complied": "CQC recorded that you did not comply in time",
    "enforcement.withdrawn": "CQC withdrew the notice",
    "deadlines.more_time_asked": "You asked for more time",
    "deadlines.more_time_refused": "CQC refused more time",
    "compliance.evidence_submitted": "You sent evidence",
    "compliance.evidence_returned": "CQC returned your evidence",
    "compliance.evidence_accepted": "CQC accepted your evidence",
    "compliance.appeal_told": "You told CQC of an appeal",
    "compliance.appeal_confirmed": "CQC confirmed your appeal",
    "compliance.appeal_declined": "CQC did not record the appeal",
    "gate.claimed": "You claimed a trade secret",
    "gate.safe_entry_served": "CQC served the entry that it drafted after your claim",
    "gate.secretary_appealed": "You appealed to the Secretary of State against the drafted entry",
    "gate.claim_decided": "Your claim of a trade secret was settled",
    "gate.claim_reopened": "Your claim of a trade secret is open again: the tribunal changed the notice",
}
"""What an employer may read of its notice's past, in its words. Any other event is not shown to it."""
_TRIED: Final = "CQC tried to serve the notice"
"""What a service is called that came to nothing."""
FOR_THE_EMPLOYER: Final = {
    "appeal": "Last day to appeal",
    "trade_secret": "Last day to claim a trade secret",
    "comply": "Comply by",
    "binds_again": "After the suspension the prohibition binds from",
}
"""The clocks that an employer is shown, the one to the day that a notice states by what that is called of an
improvement notice. When its entry may become public rests on the generous count of the time for appeal, which
nobody should rely on to lodge one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that happened: the day, and what."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A clock as it is shown: what it is called, its day or none, and how it was found."""

    label: str
    on: date | None
    derivation: str


def told_of(notice: Notice) -> list[Event]:
    """The events of a notice that its employer may read, the first first (one query)."""
    shown = Event.objects.filter(case=notice.pk, type__in=list(SHOWN))
    return list(shown.order_by("sequence"))


def in_words(told: Iterable[Event]) -> list[Row]:
    """What happened, the newest first. No query."""
    rows: list[Row] = []
    failed = False
    for each in reversed(list(told)):
        tried = failed and each.type == "enforcement.served"
        rows.append(Row(_day_of(each), _TRIED if tried else SHOWN[each.type]))
        failed = each.type == "enforcement.service_failed" or (failed and not tried)
    return rows


def changed_since_service(notice: Notice, told: Iterable[Event]) -> bool:
    """Whether the notice asks for something else, or by another day, than when it was served. No query."""
    events = list(told)
    served = [each for each in events if each.type == "enforcement.served"]
    stated = served[-1].payload.get("compliance_on") if served else None
    moved = stated is not None and notice.compliance_on != date.fromisoformat(stated)
    return moved or any(each.type == "enforcement.modified" for each in events)


def clocks_of(notice: Notice, told: Iterable[Event], appeals: Sequence[Appeal]) -> list[Shown]:
    """The clocks that concern the employer, each with how it was found. No query."""
    life = life_of(notice, told, appeals)
    called = FOR_THE_EMPLOYER | {"comply": due_called(notice.type)}
    return [
        Shown(called[each.name], each.on, each.derivation)
        for each in clocks(life)
        if each.name in FOR_THE_EMPLOYER and _matters(each, life)
    ]


def _matters(each: Clock, life: Life) -> bool:
    """Whether a clock has anything to say: a suspension that there was none of has not."""
    return each.name != "binds_again" or life.directed is not None


def _day_of(event: Event) -> date:
    said = event.payload.get(_DAY.get(event.type, ""))
    return date.fromisoformat(said) if said else timezone.localdate(event.occurred_at)
