"""What must be seen first on the page of a case: that it was redacted; that it is restricted, to whom and
why; and a declared interest of its reader or of whoever it is assigned to."""

from dataclasses import dataclass
from typing import Final

from regulator.casework.models import Access, Case, EventText
from regulator.casework.services.opening import Opening
from regulator.casework.wording import as_text

ERASED: Final = "The text was erased."


@dataclass(frozen=True, slots=True)
class Banner:
    """A headed notice above everything else; ``quote`` is what somebody typed."""

    title: str
    lines: tuple[str, ...]
    quote: str = ""


def banners(
    case: Case, *, opening: Opening | None, reader_interest: bool, holder_interest: bool
) -> list[Banner]:
    """The notices of a case's page for whoever opened it by that ``opening`` (no query)."""
    shown = []
    if case.redacted_at is not None:
        kept = "Its reference, states, dates, codes and figures are kept, and its events, which hold digests."
        shown.append(Banner("This case was redacted", (case.why_empty, kept)))
    if opening is not None:
        shown.append(_restricted(opening))
    if reader_interest:
        shown.append(
            Banner(
                "You have declared an interest in this employer",
                ("You may read this case, write notes and hand it on. Somebody else decides on it.",),
            )
        )
    if holder_interest and case.assignee is not None:
        shown.append(
            Banner(
                "Assigned despite an interest",
                (f"{case.assignee} has declared an interest in this employer. Assign it to somebody else.",),
            )
        )
    return shown


def _restricted(opening: Opening) -> Banner:
    access, restriction = opening.access, opening.access.restriction
    named = [each.person for each in opening.standing if each.right == Access.Right.NAMED]
    names = ", ".join(sorted(str(person) for person in named if person.is_active)) or "nobody any more"
    lines = [f"Only these people open it: {names}. Every view is recorded."]
    glass = [each for each in opening.standing if each.right == Access.Right.GLASS]
    if glass:
        until = "; ".join(f"{each.person} until {as_text(each.until)}" for each in glass)
        lines.append(f"The glass was broken: {until}.")
    if access.right == Access.Right.GLASS:
        lines.append(f"You opened it by breaking the glass, until {as_text(access.until)}.")
    who = restriction.restricted_by or "The portal"
    lines.append(f"Restricted by {who}, {as_text(restriction.restricted_at)}.")
    if "follows" in restriction.event.payload:
        return Banner("This case is restricted", tuple(lines), "As the case from which it arose.")
    typed: EventText | None = getattr(restriction.event, "typed", None)
    return Banner("This case is restricted", tuple(lines), typed.text if typed else ERASED)
