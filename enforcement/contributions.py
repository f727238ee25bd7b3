"""What enforcement contributes to the platform's registries."""

from typing import Final

from enforcement import (
    desk,
    desk_drafting,
    desk_findings,
    desk_home,
    dimensions,
    employer_section,
    figures,
    indicators,
    letters,
    past,
    redaction,
    totals,
)
from enforcement.deadlines import KINDS as CLOCKS
from enforcement.lifecycle import LIFECYCLE, PROPOSED, REVIEWED, UNSEEN_BY_EMPLOYER
from enforcement.models import Notice
from enforcement.queries import appealed, arisen_from
from enforcement.search import found_by
from regulator.casework.consequences import CONSEQUENCES
from regulator.casework.desk import DESK_EXTRAS, DESK_PAGES, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.home import waiting_in
from regulator.casework.kinds import EVENTS, KINDS, CaseKind
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS
from regulator.retention.hindrances import HINDRANCES, KIN, Hindrance, Kin

NOTICE: Final = CaseKind(
    name="notice",
    label="Notice",
    prefix="IRE",
    lifecycle=LIFECYCLE,
    follow="enforcement.follow",
    hidden_from_employer=UNSEEN_BY_EMPLOYER,
)
_EVENTS: Final = {
    "enforcement.drafted": "Notice drafted",
    "enforcement.edited": "Draft edited",
    "enforcement.findings_settled": "Corrected findings settled",
    "enforcement.proposed": "Proposed for approval",
    "enforcement.reviewed": "Legally reviewed: in order",
    "enforcement.review_failed": "Returned with points of law",
    "enforcement.returned": "Returned to the drafter",
    "enforcement.approved": "Approved",
    "enforcement.served": "Served",
    "enforcement.service_failed": "Not served after all",
    "enforcement.appeal_lodged": "Appeal lodged",
    "enforcement.appeal_disposed": "Appeal disposed of: the notice stands",
    "enforcement.modified": "Changed by the tribunal",
    "enforcement.suspended": "Suspended by the tribunal’s direction",
    "enforcement.cancelled": "Cancelled on appeal",
    "enforcement.extended": "More time given",
    "enforcement.complied": "Complied with",
    "enforcement.not_complied": "Not complied with",
    "enforcement.withdrawn": "Withdrawn",
    "enforcement.abandoned": "Draft abandoned",
    "enforcement.published": "Published on the register",
    "enforcement.entry_updated": "Register entry updated",
    "enforcement.entry_removed": "Register entry removed",
    "enforcement.year_loaded": "Published year loaded",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    KINDS.register(NOTICE.name, NOTICE)
    for name, label in _EVENTS.items():
        EVENTS.register(name, label)
    for clock in CLOCKS:
        DEADLINES.register(clock.name, clock)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    DESK_PAGES.register(NOTICE.name, desk.PAGE)
    DESK_EXTRAS.register("enforcement.findings", desk_findings.ON_NOTICES)
    DESK_EXTRAS.register("enforcement.on_inspections", desk_drafting.ON_INSPECTIONS)
    waiting = waiting_in(NOTICE.name, PROPOSED, title="Notices waiting for legal review")
    HOME_PANELS.register("enforcement.proposed", waiting)
    waiting = waiting_in(NOTICE.name, REVIEWED, title="Notices waiting for approval")
    HOME_PANELS.register("enforcement.reviewed", waiting)
    HOME_PANELS.register("enforcement.second_person", desk_home.second_person)
    to_review = QueueMark("Notices for me to review", desk_home.for_my_review, of_reader=True)
    QUEUE_MARKS.register(desk_home.TO_REVIEW, to_review)
    mine = QueueMark("Notices that I drafted, proposed", desk_home.my_proposals, of_reader=True)
    QUEUE_MARKS.register(desk_home.MINE, mine)
    theirs = QueueMark("Notices for me to approve", desk_home.for_my_approval, of_reader=True)
    QUEUE_MARKS.register(desk_home.FOR_ME, theirs)
    CONSEQUENCES.register("enforcement", arisen_from)
    resting = Notice.objects.filter(inspection__isnull=False)
    KIN.register("enforcement.rests", Kin(resting.all, "case", "inspection"))
    HINDRANCES.register("appeal", Hindrance("An appeal is pending.", appealed))
    SEARCH_TEXTS.register(NOTICE.name, found_by)
    figures.contribute()
    totals.contribute()
    dimensions.contribute()
    indicators.contribute()
    past.contribute()
    redaction.contribute()
    employer_section.contribute()
