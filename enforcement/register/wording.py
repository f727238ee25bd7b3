"""What the register's pages say of notices in plain words: what each type is, each status means, how to
cite."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from django.utils import timezone

from enforcement.register.models import RegisterEntry
from regulator import clock

APPEAL_SUSPENDS: Final = (
    "An appeal lodged within 21 days of service suspends the notice until the appeal has ended. So does a "
    "later one that the tribunal allows, if it is lodged before the time to comply has run out."
)
"""What an appeal does to an improvement notice (HSWA 1974 s24(3)(a)), wherever it is told."""
APPEAL_LEAVES: Final = (
    "An appeal does not suspend the notice: it stays in force unless the tribunal directs otherwise."
)
"""What it does to a prohibition notice (HSWA 1974 s24(3)(b))."""
TYPE_MEANS: Final = {
    RegisterEntry.Type.IMPROVEMENT: (
        "An improvement notice says which regulations an employer has broken, and by when it must put that "
        "right. It is served under section 21 of the Health and Safety at Work etc. Act 1974. "
        f"{APPEAL_SUSPENDS}"
    ),
    RegisterEntry.Type.PROHIBITION_IMMEDIATE: (
        "An immediate prohibition notice stops an activity at once, because it involves, or will involve, a "
        "risk of serious personal injury. It is served under section 22 of the Health and Safety at Work "
        f"etc. Act 1974. {APPEAL_LEAVES}"
    ),
    RegisterEntry.Type.PROHIBITION_DEFERRED: (
        "A deferred prohibition notice stops an activity at the end of a time that it states, unless what it "
        "asks for is done by then. It is served under section 22 of the Health and Safety at Work etc. Act "
        f"1974. {APPEAL_LEAVES}"
    ),
}
STATUS_MEANS: Final = {
    RegisterEntry.Status.IN_FORCE: "The employer has still to show that it does what the notice requires.",
    RegisterEntry.Status.COMPLIED: "CQC is satisfied that the employer has done what the notice required.",
    RegisterEntry.Status.NOT_COMPLIED: (
        "CQC has recorded that the employer did not comply with the notice when it had to."
    ),
}
SHORT_MEANS: Final = (
    "This entry is short because the employer claimed that the full one would tell a trade secret. Until "
    "that is decided, and after it where the claim holds, the law lets the register tell no more of what the "
    "notice says than whom it was served on, the place, and the provisions concerned (Environment and Safety "
    "Information Act 1988, section 4)."
)
"""Of every short entry: the register does not tell whether the claim is decided."""
_DUE_CALLED: Final[dict[str, str]] = {
    RegisterEntry.Type.IMPROVEMENT: "Comply by",
    RegisterEntry.Type.PROHIBITION_IMMEDIATE: "Takes effect",
    RegisterEntry.Type.PROHIBITION_DEFERRED: "Takes effect at the end of",
}
CITES_NONE: Final = "The notice cites no provision."
WHY_REMOVED: Final = (
    "An entry is removed when its notice is withdrawn or cancelled, and while an appeal against it is "
    "pending: after that it comes back, if the notice stands. One that CQC published before this register is "
    "also removed where it should not have stood."
)

CHANGED_BY_TRIBUNAL: Final = "Appeal decided: affirmed with changes"
"""How the line of a timeline begins after which a notice asks for something else than when it was served."""
MORE_TIME: Final = "CQC gave more time to comply"
DAYS_ADDED: Final = "The days of the appeal were added to the time to comply"
TIME_CHANGED: Final = "The tribunal changed the time to comply"
NEW_DAYS: Final = (MORE_TIME, DAYS_ADDED, TIME_CHANGED)
"""How those begin after which it asks for it by another day; ``until`` ends them."""
CHANGED_MEANS: Final = (
    "What this notice asks for, or by when, was changed after it was served. What is said here of it is what "
    "holds now; how it was changed and when stands under “What happened”."
)


def appeal_means(notice_type: str) -> str:
    """What an appeal does to a notice, by its type."""
    return APPEAL_SUSPENDS if _of_a_breach(notice_type) else APPEAL_LEAVES


def changed_since(timeline: Iterable[str]) -> str:
    """What is said of an entry of whose notice these things are told, where one of them changed it; else
    ``""``."""
    changed = any(each.startswith((CHANGED_BY_TRIBUNAL, *NEW_DAYS)) for each in timeline)
    return CHANGED_MEANS if changed else ""


def until(what: str, last: date | None) -> str:
    """One of ``NEW_DAYS`` with the day that it came to be, if there is one."""
    return f"{what}, until {day(last)}" if last is not None else what


def seen_on(notice_type: str) -> str:
    """What the day is called on which a notice rests: a prohibition does so on a risk, whether it cites
    provisions or none (HSWA 1974 s22)."""
    return "Breach on or before" if _of_a_breach(notice_type) else "Risk found on or before"


def due_called(notice_type: str) -> str:
    """What the day is called that a notice states: by it an improvement notice is complied with, and at its
    end a deferred prohibition takes effect (HSWA 1974 s22(4)). An immediate one states none."""
    return _DUE_CALLED[notice_type]


def what_it_cites(notice_type: str, provisions: str) -> str:
    """One line on the provisions of a notice, as ``RegisterEntry.provisions_in_words`` names them: those that
    an improvement notice says were broken, and those that a prohibition cites beside its risk."""
    if not provisions:
        return CITES_NONE
    named = provisions.replace("IR(ME)R 2017 ", "").replace("; ", ", ")
    return f"{'Breach of' if _of_a_breach(notice_type) else 'Cites'} {named}."


def provisions_title(notice_type: str, *, cites: bool) -> str:
    """The heading over the provisions of an entry."""
    if not cites:
        return "Provisions"
    return "Provisions breached" if _of_a_breach(notice_type) else "Provisions cited"


def as_they_stood(notice_type: str) -> str:
    """Of which day the words are in which an entry gives its provisions."""
    day = "of the breach" if _of_a_breach(notice_type) else "on which the risk was found"
    return f"In plain words, as they stood on the day {day}."


def _of_a_breach(notice_type: str) -> bool:
    """Whether a notice is served for a breach of what it cites (HSWA 1974 s21); a prohibition is for a risk
    of serious personal injury (s22)."""
    return notice_type == RegisterEntry.Type.IMPROVEMENT


def how_to_cite(entry: RegisterEntry, address: str) -> str:
    """One line with which others can cite the entry as it stands, with its version and its day."""
    what = f"{entry.get_notice_type_display()}{f' {entry.reference}' if entry.reference else ''}"
    when = f"version {entry.version} of {day(timezone.localdate(entry.updated_at))}"
    return (
        f"Care Quality Commission, {what}, {entry.employer_name}, served {day(entry.served_on)}. "
        f"IR(ME)R enforcement register, {when}. {address} (seen on {day(clock.today())})."
    )


def how_many(total: int, *, more: bool = False) -> str:
    """ "1 notice", "12 notices", "More than 10,000 notices"."""
    if more:
        return f"More than {total:,} notices"
    return "1 notice" if total == 1 else f"{total:,} notices"


def sentence(said: Sequence[str]) -> str:
    """What was searched for, as one sentence; nothing where nothing was."""
    if not said:
        return ""
    *first, last = said
    joined = f"{', '.join(first)} and {last}" if first else last
    return f"Showing notices that {joined}."


def day(of: date) -> str:
    """ "3 June 2019"."""
    return f"{of.day} {of:%B} {of.year}"
