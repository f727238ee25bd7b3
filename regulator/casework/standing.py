"""What must be seen first on the page of a case: that it is restricted, to whom and why; and a declared
interest of its reader or of whoever it is assigned to."""

from dataclasses import dataclass
from typing import Final

from regulator.accounts.models import User
from regulator.casework.models import Access, Case, Restriction
from regulator.casework.wording import as_text

ERASED: Final = "The text was erased."


@dataclass(frozen=True, slots=True)
class Banner:
    """A headed notice above everything else; ``quote`` is what somebody typed."""

    title: str
    lines: tuple[str, ...]
    quote: str = ""


def banners(
    case: Case, *, access: Access | None, reader_interest: bool, holder_interest: bool
) -> list[Banner]:
    """The notices of a case's page for whoever opened it under ``access``. Two queries where the case is
    restricted, else none."""
    shown = []
    if access is not None:
        shown.append(_restricted(case, access))
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


def _restricted(case: Case, access: Access) -> Banner:
    stands = Restriction.objects.filter(case=case, lifted_at__isnull=True)
    restriction = stands.select_related("event__typed", "restricted_by").first()
    standing = list(Access.objects.standing().filter(case=case).select_related("person"))
    lines = [f"Only these people open it: {_names(standing, Access.Right.NAMED)}. Every look is recorded."]
    glass = [each for each in standing if each.right == Access.Right.GLASS]
    if glass:
        until = "; ".join(f"{each.person} until {as_text(each.until)}" for each in glass)
        lines.append(f"The glass was broken: {until}.")
    if access.right == Access.Right.GLASS:
        lines.append(f"You opened it by breaking the glass, until {as_text(access.until)}.")
    if restriction is None:
        return Banner("This case is restricted", tuple(lines))
    who = restriction.restricted_by or "The portal"
    lines.append(f"Restricted by {who}, {as_text(restriction.restricted_at)}.")
    follows = "follows" in restriction.event.payload
    typed = getattr(restriction.event, "typed", None)
    quote = "As the case from which it arose." if follows else (typed.text if typed else ERASED)
    return Banner("This case is restricted", tuple(lines), quote)


def _names(standing: list[Access], right: str) -> str:
    """Those named who may sign in, by name."""
    people: list[User] = [each.person for each in standing if each.right == right and each.person.is_active]
    return ", ".join(map(str, people)) or "nobody any more"
