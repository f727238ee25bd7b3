"""Coming to a checklist: only by way of a case that the reader may read."""

from typing import Any, Final

from django.contrib import admin
from django.http import Http404, HttpRequest

from inspections.checklists.models import Checklist
from inspections.queries import in_reach
from regulator.casework.admin.page import UNREADABLE, readable_case
from regulator.casework.models import Case
from regulator.casework.standing import banners

LONGEST_KEY: Final = 19


def key_of(text: str) -> int:
    """A row's key as an address or a script says it; 0, which names no row, where it says none."""
    return in_reach(int(text)) if text.isdecimal() and len(text) <= LONGEST_KEY else 0


def inspection_case(request: HttpRequest, pk: int) -> Case:
    """An inspection's case that this person may read. ``Http404`` for any other."""
    case = readable_case(request, pk)
    if case.kind != "inspection":
        raise Http404(UNREADABLE)
    return case


def reach(request: HttpRequest, pk: int) -> tuple[Case, Checklist]:
    """A checklist and its case (two queries, and what looking at a restricted case takes). ``Http404`` where
    there is none, or its case is not for this person."""
    found = Checklist.objects.select_related("inspection", "visit__site", "opened_by").filter(pk=pk).first()
    if found is None:
        raise Http404(UNREADABLE)
    case = inspection_case(request, found.inspection_id)
    found.inspection.case = case
    return case, found


def context_of(request: HttpRequest, case: Case, title: str) -> dict[str, Any]:
    """What every page on a case shows around its own."""
    return {
        **admin.site.each_context(request),
        "title": title,
        "case": case,
        "opts": Checklist._meta,
        "banners": banners(case, opening=vars(case)["opening"], reader_interest=False, holder_interest=False),
    }
