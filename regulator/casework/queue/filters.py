"""The filters of the work queue: one validated set, shared by the page, the export and saved views.

A value that makes no sense is an error beside its box, and nothing is listed until it is mended: an address
that cannot be understood never shows everything.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from regulator import clock
from regulator.accounts.models import User
from regulator.casework import due
from regulator.casework.deeds import case_workers
from regulator.casework.desk import QUEUE_MARKS, DayInput
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.casework.queue.orders import FORMER_NAMES, ORDERS, URGENCY, Order
from regulator.casework.queue.registries import QUEUE_FILTERS
from regulator.casework.search.finding import holding
from regulator.casework.search.words import LONGEST, read
from regulator.organisations.models import Employer, EmployerType, Modality

FIRST_DAY: Final = date(1988, 1, 1)
LAST_DAY: Final = date(2200, 1, 1)
"""Between the first regulations on medical exposure and a date that nobody meant."""
PLACES: Final = frozenset({"after", "before", "page"})
"""What an address may say besides: which page of the list (``queue.paging``)."""
OPEN, CLOSED, ALL = "open", "closed", "all"


def findable(typed: str) -> None:
    """Raise ``ValidationError`` for a search of signs alone."""
    if typed.strip() and read(typed).is_nothing:
        raise ValidationError("Type a word, a number or a reference to look for.")


def day(label: str, **how: Any) -> django_filters.DateFilter:
    """A filter by a day: ``field_name`` and ``lookup_expr``, or a ``method``."""
    return django_filters.DateFilter(
        label=label,
        widget=DayInput(),
        validators=[_within_reach],
        error_messages={"invalid": "Enter a real date, such as 27/3/2026."},
        **how,
    )


def _within_reach(value: date) -> None:
    if not FIRST_DAY <= value <= LAST_DAY:
        raise ValidationError(f"Enter a date between {FIRST_DAY.year} and {LAST_DAY.year}.")


def choice(label: str, choices: Any, *, empty: str = "Any", **how: Any) -> django_filters.ChoiceFilter:
    """A filter with a closed list of answers; ``empty`` says what no answer means."""
    refused = {"invalid_choice": "Choose one of the list: this address asks for something else."}
    return django_filters.ChoiceFilter(
        choices=choices, label=label, empty_label=empty, error_messages=refused, **how
    )


class QueueForm(forms.Form):
    """The boxes of the filters. What an address says twice, or of a filter that there is none of, is told."""

    def clean(self) -> dict[str, Any]:
        for name in self.data:
            if name not in self.fields and name not in PLACES:
                self.add_error(None, f"The list has no filter called “{name[:40]}”.")
            elif isinstance(self.data, QueryDict) and len(set(self.data.getlist(name))) > 1:
                box = name if name in self.fields else None
                self.add_error(box, "This address asks for several values, where one is possible.")
        for name in list(self.cleaned_data):
            if name.endswith("_from"):
                self._runs_forwards(name, f"{name.removesuffix('_from')}_to")
        return self.cleaned_data

    def _runs_forwards(self, first: str, last: str) -> None:
        begins, ends = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begins and ends and ends < begins:
            self.add_error(last, "The last day must not be before the first.")


def _orders() -> list[tuple[str, str]]:
    orders = [(order.name, order.label) for order in ORDERS.values()]
    return [*orders, *((name, ORDERS[order].label) for name, order in FORMER_NAMES.items())]


class QueueFilter(django_filters.FilterSet):
    """Cases that ``user`` may read, narrowed by what an address asks: ``QueueFilter(data, user=, kind=)``.

    ``kind`` is the list's own (``""``: all kinds). Filters of one kind of case are known on every list, and
    their boxes belong to that kind's (``contributed``). Building one takes no SQL query.
    """

    q = django_filters.CharFilter(
        method="search",
        label="Reference, employer, site or words, of closed cases too",
        max_length=LONGEST,
        validators=[findable],
    )
    state = choice(
        "Open or closed",
        [(OPEN, "Open"), (CLOSED, "Closed"), (ALL, "Open and closed")],
        empty="Open (default)",
        method="by_nothing",
    )
    kind = choice("Kind", lambda: [(kind.name, kind.label) for kind in KINDS.values()])
    status = choice("Status", lambda: statuses(), method="by_status")
    risk = choice("Risk", [(str(risk.value), str(risk.label)) for risk in reversed(Case.Risk)])
    assignee = choice("Assigned to", (), method="by_assignee")
    due = choice(
        "Next deadline",
        [("overdue", "Overdue"), ("week", "Due within 7 days"), ("none", "No deadline")],
        method="by_due",
    )
    mark = choice(
        "What came in",
        lambda: [(name, mark.label) for name, mark in QUEUE_MARKS.items()],
        method="by_mark",
    )
    modality = choice("Modality", Modality.choices)
    employer = django_filters.CharFilter(
        method="by_employer",
        label="Employer",
        help_text="Part of its name, its key or its ODS code",
        max_length=100,
    )
    employer_type = choice("Type of employer", EmployerType.choices, field_name="employer__type")
    opened_from = day("Opened from", method="by_first_day")
    opened_to = day("Opened until", method="by_last_day")
    closed_from = day("Closed from", method="by_first_day_closed")
    closed_to = day("Closed until", method="by_last_day_closed")
    due_from = day("Due from", field_name="next_due_on", lookup_expr="gte")
    due_to = day("Due until", field_name="next_due_on", lookup_expr="lte")
    o = choice("Order", _orders, empty=URGENCY.label, method="by_nothing")

    class Meta:
        model = Case
        form = QueueForm
        fields: list[str] = []

    def __init__(self, data: QueryDict, *, user: User, kind: str = "") -> None:
        self.user, self.list_kind = user, kind
        cases = Case.objects.for_user(user)
        super().__init__(data, queryset=cases.filter(kind=kind) if kind else cases)
        people = cache(lambda: list(case_workers().values_list("pk", "name")))
        self.filters["assignee"].extra["choices"] = lambda: [
            ("me", "Me"),
            ("nobody", "Nobody"),
            *((str(pk), name) for pk, name in people()),
        ]
        if kind:
            del self.filters["kind"]
        self._take_contributed()

    def _take_contributed(self) -> None:
        self.contributed = {kind: make() for kind, make in QUEUE_FILTERS.items()}
        for made in self.contributed.values():
            for name, filter_ in made.filters.items():
                filter_.parent, filter_.model = self, Case
                self.filters[name] = filter_

    def narrow(self, kind: str) -> None:
        """Offer of the filters of ``kind`` only what fits what was chosen."""
        if kind in self.contributed and self.form.is_valid():
            self.contributed[kind].narrow(self.form)

    def get_form_class(self) -> type[forms.Form]:
        fields = OrderedDict((name, filter_.field) for name, filter_ in self.filters.items())
        return type("QueueFilterForm", (QueueForm,), fields)

    @property
    def order(self) -> Order:
        """The order that was asked for; the most urgent first where none was, or none that there is."""
        asked = self.form.cleaned_data.get("o", "") if self.form.is_valid() else ""
        return ORDERS.get(FORMER_NAMES.get(asked, asked), URGENCY)

    @property
    def standing(self) -> str:
        """Open, closed or all. Unless said: open ones; all of them where something is searched for or a
        status is asked for, so that looking up the reference of a closed case finds it; closed ones where
        the day of closing is asked for."""
        said = self.form.cleaned_data
        if not said.get("state") and (said.get("closed_from") or said.get("closed_to")):
            return CLOSED
        return str(said.get("state") or (ALL if said.get("q") or said.get("status") else OPEN))

    @property
    def asked(self) -> dict[str, str]:
        """What a valid address asks, by filter, without what it leaves empty."""
        return {name: self.data[name].strip() for name in self.filters if self.data.get(name, "").strip()}

    def filter_queryset(self, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """Nothing at all, unless everything that was asked is understood."""
        if not self.form.is_valid():
            return queryset.none()
        wanted = self.order
        condition = {OPEN: wanted.open, CLOSED: wanted.closed, ALL: Q()}[self.standing]
        found: QuerySet[Case] = super().filter_queryset(queryset.filter(condition))
        return found

    def by_nothing(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """The order narrows nothing; open or closed is asked of every address (``filter_queryset``)."""
        return cases

    def search(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return cases.filter(holding(value))

    def by_status(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        kind, status = value.split(":", 1)
        return cases.filter(kind=kind, status=status)

    def by_assignee(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        if value == "nobody":
            return cases.filter(assignee__isnull=True)
        return cases.filter(assignee=self.user.pk if value == "me" else int(value))

    def by_due(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        today = clock.today()
        when: dict[str, Callable[[], Q]] = {
            "overdue": lambda: due.overdue(today),
            "week": lambda: due.due_within_a_week(today),
            "none": lambda: Q(next_due_on__isnull=True),
        }
        return cases.filter(when[value]())

    def by_mark(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        return cases.filter(QUEUE_MARKS.get(value).condition(self.user))

    def by_employer(self, cases: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        called = Q(name__icontains=value) | Q(key=value.lower()) | Q(ods_code__iexact=value)
        return cases.filter(employer__in=Employer.objects.filter(called).order_by().values("pk"))

    def by_first_day(self, cases: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        return cases.filter(opened_at__gte=begin(value))

    def by_last_day(self, cases: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        return cases.filter(opened_at__lt=begin(value + timedelta(days=1)))

    def by_first_day_closed(self, cases: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        return cases.filter(closed_at__gte=begin(value))

    def by_last_day_closed(self, cases: QuerySet[Case], name: str, value: date) -> QuerySet[Case]:
        return cases.filter(closed_at__lt=begin(value + timedelta(days=1)))


def begin(day: date) -> datetime:
    """The first moment of a day in London."""
    return timezone.make_aware(datetime.combine(day, time.min))


def statuses(kind: str = "") -> list[tuple[str, str]]:
    """Every status that staff may see, of every kind or of one, as the address has it and in words."""
    return [
        (f"{each.name}:{state.value}", state.label if kind else f"{each.label}: {state.label}")
        for each in KINDS.values()
        for state in each.lifecycle.states.values()
        if state.value not in each.hidden_from_staff and kind in ("", each.name)
    ]
