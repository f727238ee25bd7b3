"""The letters that casework itself writes, all to CQC's own staff. The outbox stands a floor above: its way
of writing a letter is handed down (``organisations.post``), and these are registered as its kinds.

None says what is in a case, and none why: a mailbox is open to more people than a restricted case is.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from regulator.accounts.models import User
from regulator.accounts.queries import staff_with
from regulator.casework.models import Access, Case
from regulator.casework.recipients import lead_of
from regulator.casework.weeks import week_of
from regulator.casework.wording import as_text
from regulator.organisations.models import Interest
from regulator.organisations.post import POST, HouseLetter

RESTRICTED: Final = HouseLetter("casework_restricted", 1, "{{ reference }} is restricted")
"""Context: reference, who, names (a line of them)."""

GLASS_BROKEN: Final = HouseLetter("casework_glass_broken", 1, "The glass was broken: {{ reference }}")
"""Context: reference, who, until (in words), week_url."""

VIEWS_UNREVIEWED: Final = HouseLetter(
    "casework_views_unreviewed", 1, "Views of restricted cases wait for review: week of {{ week|day }}"
)
"""Context: week (date), views (count), week_url, nobody_left (bool)."""

INTEREST: Final = HouseLetter("casework_interest", 1, "Declaration of interest: {{ person }}")
"""Context: person, employer, happened (in words), cases (references), interest_url."""

LETTERS: Final = (RESTRICTED, GLASS_BROKEN, VIEWS_UNREVIEWED, INTEREST)


def managers() -> list[User]:
    """Those who answer for restricted cases whoever leads them. One query."""
    return staff_with("casework.restrict_any")


def tell_restricted(case: Case, *, by: User | None, people: Iterable[User]) -> None:
    """To the enforcement managers: that nobody but these opens the case any more."""
    context = {
        "reference": str(case),
        "who": str(by) if by else "The portal",
        "names": ", ".join(sorted(map(str, people))),
    }
    _post(RESTRICTED, to=managers(), context=context, key=f"{case.pk}:{case.version}")


def tell_glass_broken(case: Case, access: Access) -> None:
    """To the case's lead and to the enforcement managers, at once."""
    context = {
        "reference": str(case),
        "who": str(access.person),
        "until": as_text(access.until),
        "week_url": week_url(week_of(access.granted_at)),
    }
    _post(GLASS_BROKEN, to=[*filter(None, [lead_of(case)]), *managers()], context=context, key=str(access.pk))


def remind_of_views(week: date, *, views: int, to: Iterable[User], nobody_left: bool, number: int) -> None:
    """The ``number``-th reminder that the views of ``week`` are not reviewed; each goes once to each."""
    context = {"week": week, "views": views, "week_url": week_url(week), "nobody_left": nobody_left}
    _post(VIEWS_UNREVIEWED, to=to, context=context, key=f"{week}:{number}")


def tell_interest(interest: Interest, *, happened: str, cases: Iterable[Case]) -> None:
    """To the managers: what was declared, changed or ended, and which cases wait to be handed on."""
    path = reverse("admin:organisations_interest_change", args=[interest.pk])
    context = {
        "person": str(interest.person),
        "employer": interest.employer.name,
        "happened": happened,
        "cases": [str(each) for each in cases],
        "interest_url": f"{settings.PORTAL_URL}{path}",
    }
    to = staff_with("casework.manage_interests")
    _post(INTEREST, to=to, context=context, key=f"{interest.pk}:{interest.version}")


def week_url(week: date) -> str:
    """The whole address of the page on which a week's views are reviewed."""
    return f"{settings.PORTAL_URL}{reverse('admin:casework_weekreview_change', args=[week.isoformat()])}"


def _post(letter: HouseLetter, *, to: Iterable[User], context: dict[str, Any], key: str) -> None:
    enqueue = POST.get("outbox")
    for address in dict.fromkeys(person.email for person in to):
        enqueue(letter=letter.name, to=address, context=context, dedupe_key=f"{letter.name}:{key}")
