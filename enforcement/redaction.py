"""What of a notice is removed: what it said in each of its versions, where it was served, and what a tribunal
changed, in words. Its kind, provisions, days and outcome stay.

What the public register says is not touched: publishing has its own law (ESIA 1988 ss 1 to 3), and the
register knows no case.
"""

from enforcement.models import Appeal, Notice, NoticeVersion
from regulator.casework.redaction.kinds import REDACTORS, REMOVED, Group
from regulator.casework.redaction.removing import blanking

NOTICE_WORDS = (
    "opinion",
    "reasons",
    "required_action",
    "directions",
    "served_to_address",
    "served_to_office",
    "proof",
)


def contribute() -> None:
    texts = Group.TEXTS
    said = dict.fromkeys(NOTICE_WORDS, REMOVED)
    REDACTORS.register("enforcement.notices", blanking("Texts of notices", texts, Notice, "case", said))
    changed = blanking(
        "Changes by a tribunal", texts, Appeal, "notice__case", {"changes": REMOVED, "case_number": REMOVED}
    )
    REDACTORS.register("enforcement.appeals", changed)
    former = {"required_action": REMOVED}
    REDACTORS.register(
        "enforcement.versions",
        blanking("Earlier texts of notices", texts, NoticeVersion, "appeal__notice__case", former),
    )
