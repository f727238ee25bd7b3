"""The clocks of a claim that an entry tells a trade secret. How their days are found is ``gate.clocks``."""

from typing import Final

from enforcement.deadlines import nobody, publishers
from enforcement.gate import clocks
from regulator.deadlines.kinds import REMINDER, Counting, DeadlineKind

KINDS: Final = (
    DeadlineKind(
        name="safe_entry",
        label="Entry without the trade secret",
        days=clocks.SAFE_ENTRY_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s4; the days are the portal’s own",
        reminders=(-7, -1),
        letter=REMINDER,
        recipients=publishers,
    ),
    DeadlineKind(
        name="secretary_appeal",
        label="End of the time for appeal to the Secretary of State",
        days=clocks.SECRETARY_DAYS,
        counting=Counting.CALENDAR,
        source="Environment and Safety Information Act 1988 s4",
        reminders=(),
        letter=REMINDER,
        recipients=nobody,
        escalates=False,
        for_employer=True,
    ),
)
