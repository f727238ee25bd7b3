"""The chain of events on the desk, for auditors: to be searched and read, never changed."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from regulator.accounts.desk import LONGEST_SEARCH, DeskModelAdmin
from regulator.casework.admin.filters import Choices, ClosedFilter
from regulator.casework.admin.page import look
from regulator.casework.kinds import EVENTS
from regulator.casework.models import Case, Event
from regulator.casework.queue.paging import MOST_COUNTED
from regulator.casework.references import normalise

if TYPE_CHECKING:
    _Paginator = Paginator[Event]
else:
    _Paginator = Paginator


class EventPaginator(_Paginator):
    """Counts at most ``MOST_COUNTED`` events, so that no page waits for a count of the whole chain."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Event] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()


class TypeFilter(ClosedFilter):
    title = "what happened"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return sorted(EVENTS.items(), key=lambda each: (each[1], each[0]))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(type=self.value()) if self.value() else queryset


class EventAdmin(DeskModelAdmin):
    """Every event of the cases that CQC sees, and those of no case, the newest first.

    At most 8 SQL queries at any size. That the chain is whole is proved by ``manage.py verify_audit``.
    """

    read_permission = "audit.read"
    paginator = EventPaginator
    fields = (
        "sequence",
        "case",
        "what",
        "who",
        "occurred_at",
        "recorded_at",
        "values",
        "previous_hash",
        "hash",
    )
    list_display = ("sequence", "occurred_at", "case", "what", "who")
    list_filter = (TypeFilter,)
    list_select_related = ("case", "actor")
    search_fields = ("case__reference",)
    search_help_text = "A case’s reference"
    ordering = ("-sequence",)
    sortable_by = ("sequence",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        seen = Case.objects.for_user(request.user)
        found = Event.objects.filter(Q(case__isnull=True) | Q(case__in=seen))
        return found.order_by(*self.get_ordering(request))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Event | None:
        """One event. Looking at one of a restricted case is a look at that case."""
        event: Event | None = super().get_object(request, object_id, from_field)
        if event is not None and event.case is not None:
            look(request, event.case)
        return event

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The events of the cases whose reference holds what was typed."""
        sought = normalise(search_term.strip()[:LONGEST_SEARCH])
        return (queryset.filter(case__reference__contains=sought) if sought else queryset), False

    @admin.display(description="What happened")
    def what(self, event: Event) -> str:
        return EVENTS.get(event.type)

    @admin.display(description="Who")
    def who(self, event: Event) -> str:
        return str(event.actor) if event.actor else f"Scheduled: {event.scheduled_by}"

    @admin.display(description="Values")
    def values(self, event: Event) -> str:
        return json.dumps(event.payload, indent=1, sort_keys=True, ensure_ascii=False)
