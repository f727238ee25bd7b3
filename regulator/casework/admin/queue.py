"""The work queue: what each case shows in a row, how the rows are found and in which order they stand."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Case as Choice
from django.db.models import F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from regulator import clock
from regulator.accounts.desk import LONGEST_SEARCH, DeskModelAdmin
from regulator.casework.admin.filters import QUEUE_FILTERS
from regulator.casework.models import Case
from regulator.casework.references import normalise
from regulator.casework.wording import days, short_day

if TYPE_CHECKING:
    _Paginator = Paginator[Case]
else:
    _Paginator = Paginator

MOST_COUNTED: Final = 10_000
NOT_ASSESSED: Final = Case.Risk.NOT_ASSESSED
URGENCY: Final = Choice(
    When(risk=Case.Risk.HIGH, then=Value(0)),
    When(risk=NOT_ASSESSED, then=Value(1)),
    default=Value(1 + Case.Risk.HIGH) - F("risk"),
)
"""What nobody has assessed may be anything: it stands behind high risk and before medium."""
LONGEST_UNASSESSED: Final = Choice(When(risk=NOT_ASSESSED, then=F("opened_at")))


class QueuePaginator(_Paginator):
    """Counts at most ``MOST_COUNTED`` cases, so that no page waits for a count of the whole table."""

    @cached_property
    def count(self) -> int:
        rows: QuerySet[Case] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[:MOST_COUNTED].count()

    @property
    def is_cut_short(self) -> bool:
        return self.count == MOST_COUNTED


class CaseQueue(DeskModelAdmin):
    """The list of every kind of case: open ones first; high risk, then not assessed, medium, low; among
    those not assessed the oldest first, among the others whatever is due first.

    At most 8 SQL queries at any size. Shows only what ``Case.objects.for_user`` lets this person read.
    """

    read_permission = "casework.read"
    paginator = QueuePaginator
    list_display = (
        "which",
        "where",
        "modality",
        "status_in_words",
        "risk",
        "assigned_to",
        "due",
        "age",
    )
    list_filter = QUEUE_FILTERS
    list_select_related = ("employer", "site", "assignee")
    search_fields = ("reference", "employer__name", "summary")
    search_help_text = "A reference, an employer's name, or words of the summary"
    ordering = (
        F("closed_at").asc(nulls_first=True),
        URGENCY.asc(),
        LONGEST_UNASSESSED.asc(),
        F("next_due_on").asc(nulls_last=True),
        "-pk",
    )
    sortable_by = ("which", "where", "modality", "status_in_words", "risk", "due", "age")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        return Case.objects.for_user(request.user).order_by(*self.get_ordering(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """References are found in either case and with spaces for hyphens, whole or in part."""
        sought = search_term.strip()[:LONGEST_SEARCH]
        if not sought:
            return queryset, False
        found = Q(employer__name__icontains=sought) | Q(summary__icontains=sought)
        return queryset.filter(found | Q(reference__contains=normalise(sought))), False

    @admin.display(description="Case", ordering="reference")
    def which(self, case: Case) -> SafeString:
        return format_html(
            '<span class="desk-reference">{}</span> <span class="desk-under">{}{}</span>',
            str(case),
            case.kind_label,
            ", restricted" if case.is_restricted else "",
        )

    @admin.display(description="Employer and site", ordering="employer__name")
    def where(self, case: Case) -> SafeString:
        site = case.site.name if case.site else "No site given"
        return format_html('{} <span class="desk-under">{}</span>', case.employer.name, site)

    @admin.display(description="Status", ordering="status")
    def status_in_words(self, case: Case) -> str:
        return case.status_label

    @admin.display(description="Assigned to", ordering="assignee__name")
    def assigned_to(self, case: Case) -> str:
        return str(case.assignee) if case.assignee else "Nobody"

    @admin.display(description="Next due", ordering=F("next_due_on").asc(nulls_last=True))
    def due(self, case: Case) -> str | SafeString:
        if case.next_due_on is None:
            return "No deadline"
        late = (clock.today() - case.next_due_on).days
        if late <= 0:
            return short_day(case.next_due_on)
        return format_html(
            '{} <strong class="desk-overdue">Overdue by {}</strong>', short_day(case.next_due_on), days(late)
        )

    @admin.display(description="Age", ordering="opened_at")
    def age(self, case: Case) -> str:
        if case.opened_at is None:
            return "Not opened"
        return days((clock.now() - case.opened_at).days)
