"""What readers said, for staff alone: counted by page, listed with the comments, and as a file."""

from collections.abc import Iterator
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from notifications.guidance.forms import YES, FeedbackFilterForm
from notifications.guidance.models import Feedback
from notifications.guidance.pages import PAGES
from notifications.guidance.services import COMMENT_DAYS
from notifications.guidance.services.deciding import beginning_of
from regulator.sheets import csv_lines

PER_PAGE: Final = 50
_HEADINGS: Final = ("Kind", "Page", "Version", "Useful", "Comment", "Received (London)")
_AT_ONCE: Final = 500


@require_safe
def counts_page(request: HttpRequest) -> HttpResponse:
    """How many said yes and no of each page, the page with most answers first, and the address of what they
    said. Filtered as the list is. At most 8 SQL queries at any size."""
    form, found = _asked(request)
    by_page = (
        found.order_by()
        .values("kind", "page_key")
        .annotate(
            yes=Count("pk", filter=Q(useful=True)),
            no=Count("pk", filter=Q(useful=False)),
            comments=Count("pk", filter=~Q(comment="")),
            answers=Count("pk"),
            last=Max("received_at"),
        )
        .order_by("-answers", "kind", "page_key")
    )
    page = Paginator(by_page, PER_PAGE).get_page(request.GET.get("p"))
    rows: list[dict[str, Any]] = [dict(row) for row in page.object_list]
    titles = _titles({(row["kind"], row["page_key"]) for row in rows})
    for row in rows:
        row["title"] = titles[row["kind"], row["page_key"]]
        row["kind_label"] = _label(row["kind"])
        row["query"] = _with(request, kind=row["kind"], page=row["page_key"])
    return _page(request, "admin/guidance/feedback_counts.html", form, page, {"rows": rows})


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """What was said, the newest first. At most 8 SQL queries at any size."""
    form, found = _asked(request)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    said = list(page.object_list)
    titles = _titles({(each.kind, each.page_key) for each in said})
    rows = [(each, titles[each.kind, each.page_key], _label(each.kind)) for each in said]
    return _page(request, "admin/guidance/feedback_list.html", form, page, {"rows": rows})


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The same as CSV, streamed, with no cell that a spreadsheet takes for a formula. 400 for a filter that
    cannot be read."""
    form, found = _asked(request)
    if form.errors:
        return HttpResponse(
            "A filter cannot be read.\n", status=400, content_type="text/plain; charset=utf-8"
        )
    answer = StreamingHttpResponse(csv_lines(_rows(found)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="feedback.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _rows(found: QuerySet[Feedback]) -> Iterator[tuple[object, ...]]:
    yield _HEADINGS
    for each in found.iterator(chunk_size=_AT_ONCE):
        received = timezone.localtime(each.received_at)
        yield (
            _label(each.kind),
            each.page_key,
            each.page_version or "",
            "yes" if each.useful else "no",
            "(removed)" if each.comment_removed_at else each.comment,
            f"{received:%Y-%m-%d %H:%M}",
        )


def _asked(request: HttpRequest) -> tuple[FeedbackFilterForm, QuerySet[Feedback]]:
    """The filters, and what they leave; nothing where one cannot be read."""
    form = FeedbackFilterForm(request.GET)
    if not form.is_valid():
        return form, Feedback.objects.none()
    said = form.cleaned_data
    wanted = Q()
    if said["kind"]:
        wanted &= Q(kind=said["kind"])
    if said["page"]:
        wanted &= Q(page_key=said["page"])
    if said["useful"]:
        wanted &= Q(useful=said["useful"] == YES)
    if said["comments"]:
        wanted &= ~Q(comment="")
    if said["since"]:
        wanted &= Q(received_at__gte=beginning_of(said["since"]))
    if said["until"]:
        wanted &= Q(received_at__lt=beginning_of(said["until"] + timedelta(days=1)))
    return form, Feedback.objects.filter(wanted)


def _titles(keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The titles of pages, their keys where they have none any more; one query for each kind."""
    titles = {each: each[1] for each in keys}
    for kind in {kind for kind, _ in keys if kind in PAGES}:
        known = PAGES.get(kind).titles({key for each, key in keys if each == kind})
        titles |= {(kind, key): title for key, title in known.items()}
    return titles


def _label(kind: str) -> str:
    return Feedback.Kind(kind).label


def _with(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("p", None)
    for name, value in changes.items():
        query[name] = value
    return query.urlencode()


def _page(
    request: HttpRequest, template: str, form: FeedbackFilterForm, page: Any, more: dict[str, Any]
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": "What readers say",
        "opts": Feedback._meta,
        "form": form,
        "page": page,
        "query": _with(request),
        "years": COMMENT_DAYS // 365,
        **more,
    }
    status = HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK
    return TemplateResponse(request, template, context, status=status)
