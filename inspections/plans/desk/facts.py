"""What the desk shows of a plan on the page of its inspection, and why nothing can be decided on it."""

from collections import Counter
from typing import Final

from django.urls import reverse

from inspections.plans.models import Plan, PlanAction
from inspections.plans.services.deciding import NONE_WAITS
from regulator.accounts.models import User
from regulator.casework.desk import FactSection, Linked
from regulator.casework.models import Case
from regulator.casework.reading import listed
from regulator.casework.wording import as_text

KIND: Final = "inspection"


def plans_on(case: Case) -> list[Plan]:
    """Its plans, the first first. No query once the case's lists are read."""
    found: list[Plan] = listed(case, "plans.plans")
    return found


def begun_on(case: Case) -> list[PlanAction]:
    """The actions of its accepted plans. No query once the case's lists are read."""
    found: list[PlanAction] = listed(case, "plans.actions")
    return [each for each in found if each.is_begun]


def facts(case: Case) -> list[FactSection]:
    """Where the plan stands, and its actions in numbers. No query once the case's lists are read."""
    sent = [each for each in plans_on(case) if not each.is_draft]
    if not sent:
        return []
    last = sent[-1]
    rows: list[tuple[str | Case, object]] = [
        ("State", last.standing),
        ("Read it", Linked(str(last), reverse("admin:plans_plan_change", args=[last.pk]))),
        ("Submitted", f"{last.submitted_by}, {as_text(last.submitted_at)}"),
    ]
    if last.returned_at:
        rows.append(("Returned because", last.return_reason))
    begun = begun_on(case)
    if begun:
        numbers = Counter(each.standing for each in begun)
        said = (f"{number} {name.lower()}" for name, number in sorted(numbers.items()))
        rows.append(("Actions", ", ".join(said)))
    return [FactSection("Action plan", tuple(rows))]


def undecided(case: Case, by: User) -> str:
    return "" if any(each.is_waiting for each in plans_on(case)) else NONE_WAITS


def to_confirm(case: Case, by: User) -> str:
    done = any(each.done_on and not each.confirmed_at for each in begun_on(case))
    return "" if done else "No action is done and waits to be confirmed."


def to_reopen(case: Case, by: User) -> str:
    return "" if any(each.done_on for each in begun_on(case)) else "No action is done."


def to_cancel(case: Case, by: User) -> str:
    asked = any(each.cancel_asked_at and not each.cancelled_at for each in begun_on(case))
    return "" if asked else "Nobody asked to cancel an action."


def time_asked(case: Case, by: User) -> str:
    return "" if listed(case, "plans.more_time") else "Nobody asked for more time for an action."
