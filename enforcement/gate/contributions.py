"""What the gate contributes to the platform's registries."""

from typing import Final

from enforcement.gate import desk, desk_home, letters, past, queries, redaction
from enforcement.gate.deadlines import KINDS as CLOCKS
from enforcement.gate.search import found_by
from enforcement.gate.services.correcting import corrected_entries
from enforcement.register.importing import BY_HAND
from regulator.casework.desk import DESK_EXTRAS, HOME_PANELS, QUEUE_MARKS, QueueMark
from regulator.casework.kinds import EVENTS
from regulator.casework.reading import CASE_LISTS, CaseList
from regulator.casework.search.texts import SEARCH_TEXTS
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.letters import LETTERS

_EVENTS: Final = {
    "gate.proposed": "Register entry proposed",
    "gate.approved": "Register entry approved",
    "gate.returned": "Register entry given back",
    "gate.lapsed": "Proposed register entry fell away",
    "gate.claimed": "Trade secret claimed",
    "gate.safe_entry_served": "Entry without the secret served",
    "gate.secretary_appealed": "Appeal to the Secretary of State",
    "gate.claim_decided": "Claim of a trade secret settled",
    "gate.claim_reopened": "Claim of a trade secret open again",
    "gate.corrected": "Imported register entry corrected",
    "gate.removed": "Imported register entry removed",
}


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    for name, label in _EVENTS.items():
        EVENTS.register(name, label)
    for clock in CLOCKS:
        DEADLINES.register(clock.name, clock)
    for letter in letters.LETTERS:
        LETTERS.register(letter.name, letter)
    CASE_LISTS.register(desk.PROPOSALS, CaseList(queries.proposals_of, "notice"))
    CASE_LISTS.register(desk.CLAIMS, CaseList(queries.claims_of, "notice"))
    DESK_EXTRAS.register("gate.on_notices", desk.ON_NOTICES)
    HOME_PANELS.register("gate.waiting", desk_home.at_the_gate)
    mine = QueueMark("Register entry for me to approve", queries.waiting_for, of_reader=True)
    QUEUE_MARKS.register(desk_home.TO_APPROVE, mine)
    QUEUE_MARKS.register(
        desk_home.EMBARGOED, QueueMark("Register entry under embargo", queries.under_embargo)
    )
    QUEUE_MARKS.register(desk_home.GIVEN_BACK, QueueMark("Register entry given back", queries.given_back))
    QUEUE_MARKS.register(
        desk_home.CLAIMED, QueueMark("Claim of a trade secret to decide", queries.with_open_claim)
    )
    SEARCH_TEXTS.register("gate", found_by)
    BY_HAND.register("gate", corrected_entries)
    past.contribute()
    redaction.contribute()
