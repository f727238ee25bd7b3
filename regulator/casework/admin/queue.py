"""The work queue's pages: one list of every kind of case, and one of each kind. Parse, ask, show."""

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, SavedView
from regulator.casework.queue.exporting import FORMATS
from regulator.casework.queue.filters import OPEN, QueueFilter, statuses
from regulator.casework.queue.listing import listing, standing_statuses
from regulator.casework.queue.orders import ORDERS, URGENCY
from regulator.casework.queue.paging import MOST_COUNTED
from regulator.casework.queue.registries import BULK_DEEDS, BulkDeed
from regulator.organisations.policies import may

FIRST_ROW: Final = ("state", "status", "risk", "assignee", "due", "o")
"""The filters that always show; the others stand behind "More filters"."""
SORTED_BY: Final = {"Next due": "due", "Age": "age"}
"""The headings that sort, and by which order."""
HEADINGS: Final = (
    "Case",
    "Employer and site",
    "Modality",
    "Status",
    "Risk",
    "Assigned to",
    "Next due",
    "Age",
)


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists: its name, its address and whether it is the one that is shown."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the table; where it sorts, the address that sorts so and how it sorts now (for
    ``aria-sort``)."""

    label: str
    url: str = ""
    sorted: str = ""


def list_url(kind: str = "", deed: str = "", **parts: object) -> str:
    """The address of a list, or of what is done with a list (``export``, ``save``)."""
    name = "casework_case_changelist" if not (kind or deed) else "casework_case"
    name += f"{'_kind' if kind else ''}{f'_{deed}' if deed else ''}"
    return reverse(f"admin:{name}", kwargs={**({"kind": kind} if kind else {}), **parts})


def known_kind(kind: str) -> str:
    """``kind``, if there is such a list; else ``Http404``."""
    if kind and kind not in KINDS:
        raise Http404("There is no such list.")
    return kind


@require_safe
def queue_page(request: HttpRequest, kind: str = "") -> HttpResponse:
    """The cases that fit what the address asks, fifty a page. At most 8 SQL queries at any size.

    An address with a value that makes no sense answers 400 and lists nothing: what is wrong is told beside
    its box. The bare address of all kinds opens with this person's default view, if there is one.
    """
    user = signed_in(request)
    known_kind(kind)
    views = list(SavedView.objects.filter(owner=user))
    default = next((view for view in views if view.is_default), None)
    if default and not kind and not request.GET and address_of(default) != list_url():
        return redirect(address_of(default))
    filters = QueueFilter(request.GET, user=user, kind=kind)
    found = listing(filters, request.GET)
    context = {
        **admin.site.each_context(request),
        "title": KINDS.get(kind).plural if kind else "Cases",
        "opts": Case._meta,
        "cl": found,
        "form": filters.form,
        "tabs": list(tabs(kind)),
        "views": [(view, address_of(view)) for view in views],
        "headings": list(headings(filters, kind)),
        "deeds": list(deeds_for(user, kind)),
        "most": f"{MOST_COUNTED:,}",
        "plain": f"{list_url(kind)}?{urlencode({'state': OPEN})}",
        "back": request.GET.urlencode() if not filters.form.errors else "",
        "kind": kind,
        **groups(filters, user, kind),
        **exits(filters, user, kind),
    }
    status = HTTPStatus.BAD_REQUEST if filters.form.errors else HTTPStatus.OK
    return TemplateResponse(request, "admin/casework/case/queue.html", context, status=status)


def address_of(view: SavedView) -> str:
    """Where a saved view leads."""
    asked = urlencode(sorted(view.asked.items()))
    return f"{list_url(view.kind)}?{asked}" if asked else list_url(view.kind)


def tabs(kind: str) -> Iterator[Tab]:
    """Every list. That of all kinds is told to be itself, and not somebody's default view."""
    yield Tab("All kinds", f"{list_url()}?{urlencode({'state': OPEN})}", not kind)
    for each in KINDS.values():
        yield Tab(each.plural, list_url(each.name), each.name == kind)


def headings(filters: QueueFilter, kind: str) -> Iterator[Heading]:
    """Each column's heading; pressing one that sorts a second time turns its order round."""
    asked = filters.asked if not filters.form.errors else {}
    order = filters.order
    for label in HEADINGS:
        name = SORTED_BY.get(label)
        if name is None:
            yield Heading(label)
            continue
        is_current = order.name.lstrip("-") == name
        wanted = f"-{name}" if is_current and not order.backwards else name
        now = ("descending" if order.backwards else "ascending") if is_current else ""
        yield Heading(label, f"?{urlencode({**asked, 'o': wanted})}", now)


def deeds_for(user: User, kind: str) -> Iterator[BulkDeed]:
    """What this person may do with the cases of a list that they tick."""
    for deed in BULK_DEEDS.values():
        if deed.kind in ("", kind or deed.kind) and may(user, deed.action.permission):
            yield deed


def groups(filters: QueueFilter, user: User, kind: str) -> dict[str, Any]:
    """The boxes of the filters in their groups, each offering what makes sense (one or two queries)."""
    form = filters.form
    _offer_statuses(form, standing_statuses(user, kind), kind)
    orders = [(order.name, order.label) for order in ORDERS.values() if order is not URGENCY]
    form.fields["o"].widget.choices = [("", URGENCY.label), *orders]
    said = {name for name in form.fields if form.data.get(name)}
    own: list[str] = []
    foreign: set[str] = set()
    for of_kind, contributed in filters.contributed.items():
        foreign |= set(contributed.filters)
        if of_kind in (kind, form.data.get("kind")) or said & set(contributed.filters):
            filters.narrow(of_kind)
            own += contributed.filters
    more = [name for name in form.fields if name not in foreign and name not in (*FIRST_ROW, "q")]
    return {
        "first_row": [form[name] for name in FIRST_ROW],
        "more": [form[name] for name in (*more, *own)],
        "is_more_said": bool(said & {*more, *own}),
    }


def _offer_statuses(form: forms.Form, standing: set[str], kind: str) -> None:
    """Statuses in which no case stands are understood in an address, and not listed."""
    kept = {*standing, form.data.get("status")}
    offered = [(value, label) for value, label in statuses(kind) if value in kept]
    form.fields["status"].widget.choices = [("", "Any"), *offered]


def exits(filters: QueueFilter, user: User, kind: str) -> dict[str, Any]:
    """Where the list can be taken from here: into a file, or into a view of one's own."""
    if filters.form.errors:
        return {}
    asked = urlencode(filters.asked)
    formats = [
        (each.label, f"{list_url(kind, 'export', form=each.name)}?{asked}") for each in FORMATS.values()
    ]
    return {
        "formats": formats if may(user, "casework.export") else (),
        "save": f"{list_url(kind, 'save')}?{asked}",
    }
