"""What a case app shows and offers on its cases' page on the staff desk.

Each kind of case registers a ``DeskPage``: its facts, and the deeds that a person may do, each with the
form that it needs and the service that it calls. The page itself is ``regulator.casework.admin``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django import forms
from django.db.models import Q, QuerySet

from regulator.accounts.models import User
from regulator.casework.attempt import ConfirmsIdentifiers
from regulator.casework.meanwhile import Said
from regulator.casework.models import Case
from regulator.casework.visibility import interest_refusal
from regulator.frontend.fields import PlainErrors
from regulator.organisations.policies import may
from regulator.registry import Registry

if TYPE_CHECKING:
    _Several = forms.ModelMultipleChoiceField[Any]
else:
    _Several = forms.ModelMultipleChoiceField


class DayInput(forms.DateInput):
    """A browser's own box for a date, which shows a value only where it is written year first."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SeveralField(_Several):
    """Several rows of a table. A key that no database could hold is no valid choice, like any other."""

    def clean(self, value: Any) -> QuerySet[Any]:
        try:
            return super().clean(value)
        except OverflowError as far:
            message = self.error_messages["invalid_choice"] % {"value": "That"}
            raise forms.ValidationError(message, code="invalid_choice") from far


class CaseReferenceField(forms.CharField):
    """The reference of another case. It is looked up and never kept, so it holds nobody's words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 24, **kwargs})


class DeskForm(PlainErrors, forms.Form):
    """What a deed asks for. Knows the case and who is acting, so that it can offer only what fits.

    ``begins_with_what_stands``: its boxes begin with what somebody wrote, which sending it replaces. Where
    another person was faster, the page shows theirs beside what was typed.
    """

    begins_with_what_stands = False

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        self.case = case
        self.by = by
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class WordsForm(ConfirmsIdentifiers, DeskForm):
    """A deed that keeps somebody's words, or passes them on. Where these seem to identify somebody, it asks
    why they do not."""


class ReasonForm(WordsForm):
    """A deed that only needs a reason."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good on the case's record. Do not name a person.",
    )


Deed: TypeAlias = Callable[..., Case | None]
"""A service as the desk calls it: ``(*, case, by, version, **cleaned)`` with the form's cleaned values. One
that opens a case answers it, and the desk goes there."""


def no_condition(case: Case, by: User) -> str:
    """The condition of a deed that has none beyond its permission and its transition."""
    return ""


def nothing_shown(case: Case) -> Said:
    """What a deed shows that decides on no words."""
    return ()


def not_for(by: User, case: Case, permission: str, *, reads: bool = False) -> str:
    """Why ``by`` may never do something under ``permission`` on ``case`` as it is, in plain English; ``""``
    where they may. ``reads``: it leaves the case as it is, so that a redacted one allows it too."""
    if not may(by, permission, employer=case.employer_id):
        return "Your role does not include this."
    if refused := interest_refusal(case, permission, by):
        return refused
    return case.why_empty if case.redacted_at is not None and not reads else ""


@dataclass(frozen=True, slots=True)
class DeskAction:
    """One button on the case page.

    ``transition`` names the lifecycle's row that the deed takes (``""`` for a deed that moves nothing);
    ``condition`` says why this person may not do it now, where the lifecycle cannot know; ``reads`` that it
    leaves the case as it is, so that it is offered on a redacted one too. ``shows``: what it decides on, in
    words by label, so that somebody who was overtaken is told what changed of it.
    """

    name: str
    label: str
    permission: str
    form: type[DeskForm]
    run: Deed
    transition: str = ""
    condition: Callable[[Case, User], str] = no_condition
    warning: bool = False
    reads: bool = False
    shows: Callable[[Case], Said] = nothing_shown

    def refusal(self, case: Case, by: User) -> str:
        """Why ``by`` may not do this now, in plain English; ``""`` where they may."""
        if refused := not_for(by, case, self.permission, reads=self.reads):
            return refused
        if self.transition:
            lifecycle = case.spec.lifecycle
            refused = lifecycle.refusal(lifecycle.transitions[self.transition], case)
            if refused:
                return refused
        return self.condition(case, by)


@dataclass(frozen=True, slots=True)
class FactSection:
    """A headed list of facts: label and value. Values are shown as text, escaped, ``Linked`` as links.

    Another case is given as itself, not as its reference: whoever may not see it is not told of it
    (``casework.mentions``).
    """

    title: str
    rows: tuple[tuple[str | Case, object], ...]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What one kind of case shows on the desk. ``facts`` states its number of SQL queries where defined."""

    facts: Callable[[Case], Sequence[FactSection]]
    actions: tuple[DeskAction, ...]


@dataclass(frozen=True, slots=True)
class DeskExtra:
    """What a higher app adds to the page of a lower one's ``kind``: "Open a reactive inspection" on a
    notification, the notices that follow from an inspection."""

    kind: str
    actions: tuple[DeskAction, ...] = ()
    facts: Callable[[Case], Sequence[FactSection]] | None = None


DESK_PAGES: Registry[DeskPage] = Registry("desk page")
"""By kind of case."""
DESK_EXTRAS: Registry[DeskExtra] = Registry("desk extra")


@dataclass(frozen=True, slots=True)
class Linked:
    """A cell of a table that leads to a page of its own."""

    label: str
    path: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class DeskTable:
    """A headed table on a case's page. Cells are shown as text, escaped, other cases given as themselves,
    ``Linked`` as links; ``empty`` stands for no rows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    empty: str

    def labelled_rows(self) -> list[list[tuple[str, object]]]:
        """Each row as (heading, cell), for screens too narrow for a row of headings. A row with more or
        fewer cells than headings raises ``ValueError``."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


DESK_PANELS: Registry[Callable[[Case], DeskTable]] = Registry("panel of the case page")
"""What platform apps above casework show on every case's page: its clocks, its letters. Each contributor
states its number of SQL queries; together they and the facts must leave a case page at 15 or fewer."""


@dataclass(frozen=True, slots=True)
class QueueMark:
    """Something that staff look for in the queue and that no column shows: more time was asked for.

    ``cases`` answers the condition on cases, and may hold a subquery; ``of_reader`` says that it depends on
    who reads the list, who is then handed to it.
    """

    label: str
    cases: Callable[..., Q]
    of_reader: bool = False

    def condition(self, user: User) -> Q:
        """The condition, for whoever reads the list."""
        return self.cases(user) if self.of_reader else self.cases()


QUEUE_MARKS: Registry[QueueMark] = Registry("mark in the work queue")
"""By the value that stands in the queue's address (``mark``)."""

EVERYDAY: Registry[DeskAction] = Registry("everyday deed")
"""What may be done on a case of any kind: assigning it, noting, attaching."""

DEEDS_OF_ANY_KIND: Registry[Callable[[Case], Sequence[DeskAction]]] = Registry("deeds on any case")
"""Those of the everyday deeds of a platform app above casework that fit a case as it stands. No query on a
case whose lists are read (``casework.reading``)."""


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One count on the desk's home, with the address of the queue that shows exactly those cases."""

    label: str
    count: int
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HomePanel:
    """A headed group of counts on the desk's home."""

    title: str
    lines: tuple[HomeLine, ...]


HOME_PANELS: Registry[Callable[[User], HomePanel | None]] = Registry("panel of the desk's home")
"""What waits, for this person. Answers ``None`` where the person has no business with it."""


def actions_for(kind: str) -> tuple[DeskAction, ...]:
    """Every deed on the page of one kind of case: its own app's first, then what higher apps add."""
    extra = (each.actions for each in DESK_EXTRAS.values() if each.kind == kind)
    return (*DESK_PAGES.get(kind).actions, *(action for actions in extra for action in actions))


def action_named(case: Case, name: str) -> DeskAction | None:
    """The deed of this name that the case's page offers, allowed at the moment or not."""
    if name in EVERYDAY:
        return EVERYDAY.get(name)
    return next((action for action in actions_for(case.kind) if action.name == name), None)


def facts_for(case: Case) -> list[FactSection]:
    """Every section of facts on a case's page, in the same order."""
    sections = list(DESK_PAGES.get(case.kind).facts(case))
    for extra in DESK_EXTRAS.values():
        if extra.kind == case.kind and extra.facts is not None:
            sections.extend(extra.facts(case))
    return sections
