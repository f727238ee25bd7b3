"""The filters of the work queue. An answer that a filter does not offer is refused: it never reaches SQL."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from regulator import clock
from regulator.casework import due
from regulator.casework.deeds import case_workers
from regulator.casework.desk import QUEUE_MARKS
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.organisations.models import Modality

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

Choices = list[tuple[str, str]]


class QueueFilter(admin.SimpleListFilter):
    """A filter with a closed list of answers. Any other answer raises ``IncorrectLookupParameters``."""

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Case], model_admin: "ModelAdmin[Case]"
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.request = request
        offered = {str(value) for value, _ in self.lookup_choices}
        if self.value() is not None and self.value() not in offered:
            raise IncorrectLookupParameters

    def has_output(self) -> bool:
        return True


class KindFilter(QueueFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [(kind.name, kind.label) for kind in KINDS.values()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StatusFilter(QueueFilter):
    """By status. Statuses belong to kinds; those that staff do not see are not offered. Those in
    which no case stands are understood in an address, and not listed (one query)."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [
            (f"{kind.name}:{state.value}", f"{kind.label}: {state.label}")
            for kind in KINDS.values()
            for state in kind.lifecycle.states.values()
            if state.value not in kind.hidden_from_staff
        ]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        standing = (
            Case.objects.for_user(self.request.user).order_by().values_list("kind", "status").distinct()
        )
        kept = {f"{kind}:{status}" for kind, status in standing} | {self.value()}
        everything, *listed = super().choices(changelist)
        yield everything
        for (value, _), choice in zip(self.lookup_choices, listed, strict=True):
            if value in kept:
                yield choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if not self.value():
            return queryset
        kind, status = str(self.value()).split(":", 1)
        return queryset.filter(kind=kind, status=status)


class ModalityFilter(QueueFilter):
    title = "modality"
    parameter_name = "modality"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [(modality.value, str(modality.label)) for modality in Modality]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(modality=self.value()) if self.value() else queryset


class RiskFilter(QueueFilter):
    title = "risk"
    parameter_name = "risk"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [(str(risk.value), str(risk.label)) for risk in reversed(Case.Risk)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(risk=int(chosen)) if (chosen := self.value()) else queryset


class AssigneeFilter(QueueFilter):
    title = "assignee"
    parameter_name = "assignee"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        people = case_workers().values_list("pk", "name")
        return [("me", "Me"), ("nobody", "Nobody"), *((str(pk), name) for pk, name in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() == "nobody":
            return queryset.filter(assignee__isnull=True)
        if self.value() == "me":
            return queryset.filter(assignee_id=request.user.pk)
        return queryset.filter(assignee_id=int(chosen)) if (chosen := self.value()) else queryset


class DueFilter(QueueFilter):
    title = "next deadline"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [("overdue", "Overdue"), ("week", "Due within 7 days"), ("none", "No deadline")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() == "overdue":
            return queryset.filter(due.overdue(clock.today()))
        if self.value() == "week":
            return queryset.filter(due.due_within_a_week(clock.today()))
        return queryset.filter(next_due_on__isnull=True) if self.value() else queryset


class MarkFilter(QueueFilter):
    """What waits for a decision though no status says so; contributed by the apps (``QUEUE_MARKS``)."""

    title = "what came in"
    parameter_name = "mark"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [(name, mark.label) for name, mark in QUEUE_MARKS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return queryset.filter(QUEUE_MARKS.get(chosen).cases()) if (chosen := self.value()) else queryset


class OpenFilter(QueueFilter):
    """Open or closed. Unless said, open ones; all of them where a search or a status is asked for, so
    that looking up the reference of a closed case finds it."""

    title = "open or closed"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: "ModelAdmin[Case]") -> Choices:
        return [("open", "Open"), ("closed", "Closed"), ("all", "All")]

    def chosen(self) -> str:
        asked = self.request.GET
        sought = asked.get(SEARCH_VAR, "").strip() or asked.get(StatusFilter.parameter_name)
        return self.value() or ("all" if sought else "open")

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            yield {
                "selected": self.chosen() == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.chosen() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.chosen() == "open")


QUEUE_FILTERS = (
    OpenFilter,
    KindFilter,
    StatusFilter,
    DueFilter,
    MarkFilter,
    RiskFilter,
    AssigneeFilter,
    ModalityFilter,
)
