"""Doing one deed on many cases: each through its own service and in its own transaction, each told apart.

One that cannot be done, or that somebody changed meanwhile, keeps none of the others from it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, Exists, OuterRef

from regulator.accounts.models import User
from regulator.casework.desk import DeskForm
from regulator.casework.errors import NotPermitted, Refused, StaleVersion
from regulator.casework.models import Case
from regulator.casework.queue.paging import PAGE_SIZE
from regulator.casework.queue.registries import BulkDeed
from regulator.casework.services.identifiers import refuse_on_any
from regulator.casework.visibility import remember_interest
from regulator.organisations.models import Interest
from regulator.organisations.policies import InterestDeclared

MOST: Final = PAGE_SIZE
"""How many cases a deed takes at once: those of one page of the queue."""
CONFIRMING: Final = "identifies_nobody"
"""The box of a form in which somebody says why what they typed identifies nobody (``casework.attempt``)."""
_TICK: Final = re.compile(r"([0-9]{1,19})\.([0-9]{1,10})")


@dataclass(frozen=True, slots=True)
class Ticked:
    """A case that was ticked, at the version that was shown then."""

    pk: int
    version: int


@dataclass(frozen=True, slots=True)
class Intended:
    """One case before the deed: why it cannot be done (``""`` where it can), whether it was changed since
    it was ticked, and what is to be read before it is done."""

    case: Case
    refusal: str
    is_changed: bool
    told: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case after the deed: whether it was done, and why not."""

    case: Case
    done: bool
    why: str = ""


def tick(case: Case) -> str:
    """``case`` as it stands in a box to tick: its key and the version that is shown."""
    return f"{case.pk}.{case.version}"


def read_ticks(values: Sequence[str]) -> list[Ticked]:
    """The cases that were ticked, each once. Raises ``ValidationError`` where none was, too many were, or one
    cannot be read."""
    found: dict[int, Ticked] = {}
    for value in values:
        match = _TICK.fullmatch(value)
        if match is None or int(match[1]) > BigIntegerField.MAX_BIGINT:
            raise ValidationError("A ticked case cannot be read. Go back to the list and tick again.")
        found.setdefault(int(match[1]), Ticked(int(match[1]), int(match[2])))
    if not found:
        raise ValidationError("Tick at least one case.")
    if len(found) > MOST:
        raise ValidationError(f"Tick at most {MOST} cases at once.")
    return list(found.values())


def intended(deed: BulkDeed, ticked: Sequence[Ticked], by: User) -> list[Intended]:
    """What the deed would do to each ticked case that ``by`` may read, in the order of the ticks; the others
    are left out. One query, where the deed's condition asks for none."""
    declared = Interest.objects.current().filter(person=by.pk, employer=OuterRef("employer"))
    cases = Case.objects.for_user(by).filter(pk__in=[each.pk for each in ticked])
    cases = cases.select_related("employer", "site", "assignee").annotate(reader_interest=Exists(declared))
    found = {case.pk: case for case in deed.knowing(cases)}
    for case in found.values():
        remember_interest(case, by, vars(case)["reader_interest"])
    return [
        Intended(
            case=found[each.pk],
            refusal=deed.refusal(found[each.pk], by),
            is_changed=found[each.pk].version != each.version,
        )
        for each in ticked
        if each.pk in found
    ]


def with_what_is_told(deed: BulkDeed, plan: Sequence[Intended]) -> list[Intended]:
    """The plan, and beside each case on which the deed can be done what is to be read first (as many queries
    as the deed's ``telling`` takes)."""
    told = deed.telling([each.case for each in plan if not each.refusal])
    return [replace(each, told=told.get(each.case.pk, "")) for each in plan]


def refuse_words(plan: Sequence[Intended], form: DeskForm, by: User) -> None:
    """Raise ``IdentifiersFound`` where what was typed once for all of them seems to identify somebody and
    nobody says why not, or ``ValidationError`` where what they say is no reason. No query where nothing is
    found."""
    typed = {
        name: form.cleaned_data[name]
        for name, field in form.fields.items()
        if isinstance(field, forms.CharField) and name != CONFIRMING
    }
    able = (each.case for each in plan if not each.refusal)
    refuse_on_any(cases=able, texts=typed, by=by, reason=form.cleaned_data.get(CONFIRMING, ""))


def do_on_each(
    deed: BulkDeed, ticked: Sequence[Ticked], by: User, cleaned: Mapping[str, Any]
) -> list[Outcome]:
    """Do the deed on each case that it can be done on, at the version that was ticked; answers what became of
    each that ``by`` may read."""
    versions = {each.pk: each.version for each in ticked}
    return [_do(deed, each.case, by, versions[each.case.pk], cleaned) for each in intended(deed, ticked, by)]


def _do(deed: BulkDeed, case: Case, by: User, version: int, cleaned: Mapping[str, Any]) -> Outcome:
    """Whoever was faster is told before a refusal: what they did is why it is refused."""
    refusal = deed.refusal(case, by) if case.version == version else deed.misfit(case)
    if refusal:
        return Outcome(case, done=False, why=refusal)
    try:
        deed.action.run(case=case, by=by, version=version, **cleaned)
    except StaleVersion:
        now = Case.objects.for_user(by).select_related("assignee").filter(pk=case.pk).first()
        return Outcome(case, done=False, why=f"Someone else changed this case meanwhile: {_standing(now)}")
    except ValidationError as error:
        return Outcome(case, done=False, why=" ".join(error.messages))
    except Refused as refused:
        return Outcome(case, done=False, why=str(refused))
    except InterestDeclared as declared:
        return Outcome(case, done=False, why=str(declared))
    except NotPermitted:
        return Outcome(case, done=False, why="You may not do this here.")
    return Outcome(case, done=True)


def _standing(case: Case | None) -> str:
    if case is None:
        return "it is no longer for you to read."
    risk = f"{case.get_risk_display().lower()} risk" if case.risk else "risk not assessed"
    return f"it is now “{case.status_label}”, {risk}, assigned to {case.assignee or 'nobody'}."
