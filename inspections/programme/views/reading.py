"""A programme as staff read it: its page, and the selection log as a file."""

import csv
from collections.abc import Collection
from typing import Any, Final

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from inspections.programme import queries
from inspections.programme.models import ARMS, Place, Programme
from inspections.programme.records import terms_of
from inspections.programme.services.holding import APPROVE, PLAN, changing_needs
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.casework.kinds import EVENTS
from regulator.casework.mentions import UNSEEN
from regulator.sheets import defused

LOG_COLUMNS: Final = (
    "position",
    "employer",
    "modality",
    "sector",
    "arm",
    "probability",
    "score",
    "why",
    "inspection",
    "taken_off_at",
)
SAME: Final = "The same places"
NOT_THE_SAME: Final = "NOT the same places: what is kept was changed since. Tell whoever keeps the portal."


def programme_of(pk: int) -> Programme:
    found = Programme.objects.select_related("run", "drawn_by", "approved_by")
    return get_object_or_404(found, pk=pk)


def context_of(request: HttpRequest, programme: Programme | None, title: str) -> dict[str, Any]:
    """What every page of the programme shows around its own."""
    return {
        **admin.site.each_context(request),
        "title": title,
        "programme": programme,
        "opts": Programme._meta,
    }


@require_safe
def programme_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The places in their order, the split by modality and sector, how it was drawn and what was done to it.

    A restricted inspection is named to those alone who may see it. At most 8 SQL queries at any number of
    places, and one more where an inspection is restricted."""
    by, programme = signed_in(request), programme_of(pk)
    places = queries.places_of(programme)
    context = {
        **context_of(request, programme, str(programme)),
        "places": places,
        "unseen": queries.unseen_inspections(places, by),
        "unseen_case": UNSEEN,
        "shares": queries.shares_of(programme, places),
        "arms": list(ARMS.values()),
        "facts": _facts(programme, places),
        "history": [(EVENTS.get(event.type), event) for event in queries.history_of(programme)],
        **_offers(programme, by),
    }
    return TemplateResponse(request, "admin/programme/programme.html", context)


@require_safe
def selection_log(request: HttpRequest, pk: int) -> HttpResponse:
    """Every place that ever stood on it as CSV, with the arm and its probability. A restricted inspection is
    named to those alone who may see it. 3 queries, and one more where an inspection is restricted."""
    by, programme = signed_in(request), programme_of(pk)
    places = list(queries.log_of(programme))
    unseen = queries.unseen_inspections(places, by)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="selection-log-{programme.starts_on.year}.csv"'
    writer = csv.writer(answer)
    writer.writerow(LOG_COLUMNS)
    for place in places:
        writer.writerow(
            [
                place.position,
                defused(place.employer.key),
                place.modality,
                place.sector,
                place.arm,
                "" if place.probability is None else place.probability,
                "" if place.score is None else place.score,
                defused(place.why),
                _opened(place, unseen),
                place.dropped_at.isoformat() if place.dropped_at else "",
            ]
        )
    return answer


def _opened(place: Place, unseen: Collection[int]) -> str:
    """The reference of its inspection, as far as the reader may know it."""
    if place.inspection is None:
        return ""
    return UNSEEN if place.inspection_id in unseen else str(place.inspection.case)


def _facts(programme: Programme, places: list[Any]) -> FactSection:
    terms = terms_of(programme.terms)
    misses = queries.expected_misses(places)
    rows: list[tuple[str, object]] = [
        ("State", programme.get_state_display()),
        ("Drawn", programme.drawn_at),
        ("Drawn by", programme.drawn_by),
        ("Times it was drawn", programme.draws),
        ("Scores", programme.run or "None: no run of scores stood when it was drawn"),
        ("Seed of chance", terms.seed),
        ("SHA-256 of what it was drawn from", programme.input_sha256),
        ("Drawn again from what is kept", SAME if queries.is_as_drawn(programme) else NOT_THE_SAME),
        (
            "Reactive inspections",
            f"{queries.reactive_opened(programme)} opened of {programme.reactive_places} kept free",
        ),
    ]
    if misses is not None:
        rows.append(("Of those by the score, expected to show nothing", f"{misses:.1f}"))
    if programme.approved_by is not None:
        rows += [("Approved", programme.approved_at), ("Approved by", programme.approved_by)]
    return FactSection("How it was drawn", tuple(rows))


def _offers(programme: Programme, by: User) -> dict[str, bool]:
    """What this person may do with it now."""
    grants = by.staff_grants
    waiting = not programme.is_approved
    return {
        "may_approve": APPROVE in grants and waiting and programme.drawn_by_id != by.pk,
        "may_draw_again": PLAN in grants and waiting,
        "may_move": PLAN in grants,
        "may_change": changing_needs(programme) in grants,
        "may_open": "inspections.open" in grants and programme.is_approved,
    }
