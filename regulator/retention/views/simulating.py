"""What there is of retention at a glance; and what would be due and removed on a day. Nothing is written."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.models import Case
from regulator.organisations.policies import may
from regulator.retention.desk_home import batches_url, for_me
from regulator.retention.due import due_on, old_enough, why_kept
from regulator.retention.editions import policies_on
from regulator.retention.forms import AsOfForm
from regulator.retention.models import LegalHold, RetentionBatch
from regulator.retention.permissions import APPROVE, MANAGE_HOLDS, PROPOSE
from regulator.retention.seeing import told_of, unseen_in_words
from regulator.retention.simulation import Simulation, simulate
from regulator.retention.views.paging import CasePage, case_page


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The policies as they hold today, the holds that stand, and the lists that wait. At most 6 queries."""
    by = signed_in(request)
    waiting = RetentionBatch.objects.filter(state=RetentionBatch.State.PROPOSED).order_by()
    batches = waiting.aggregate(all=Count("pk"), for_me=Count("pk", filter=for_me(by)))
    holds = LegalHold.objects.standing().order_by()
    context = {
        "policies": list(policies_on(clock.today()).values()),
        "batches": batches,
        "for_me_url": batches_url("for_me"),
        "holds": holds.aggregate(cases=Count("case"), employers=Count("employer")),
        "may_approve": may(by, APPROVE),
        "may_hold": may(by, MANAGE_HOLDS),
    }
    return _page(request, "overview.html", "Retention", context)


@require_safe
def simulate_page(request: HttpRequest) -> HttpResponse:
    """Asks for a day; with one, what would be due on it and why other cases are kept. 400 for no day.

    At most 8 SQL queries at any number of cases. The cases are told by reference alone, restricted ones only
    to those who may open them.
    """
    form, as_of = _asked(request)
    if as_of is None:
        return _page(request, "simulate.html", "Simulate", {"form": form}, _status(form))
    found, by = simulate(as_of, things=False), signed_in(request)
    page = _listed(request, found, by)
    seen = _count_seen(found, by)
    context = {
        "form": form,
        "found": found,
        "page": page,
        "rows": [_row(case, found) for case in page.cases],
        "unseen": unseen_in_words(found.old - seen),
        "may_propose": may(by, PROPOSE) and as_of <= clock.today(),
        "may_read": may(by, "casework.read"),
    }
    return _page(request, "simulate.html", "Simulate", context)


@require_safe
def things_page(request: HttpRequest) -> HttpResponse:
    """What would be removed of the cases that are due on a day, by kind. One query for each kind of thing,
    which ``simulate`` counts for each policy and each 5,000 cases."""
    form, as_of = _asked(request)
    context: dict[str, Any] = {"form": form}
    if as_of is not None:
        context["found"] = simulate(as_of)
    return _page(request, "things.html", "What would be removed", context, _status(form))


def _asked(request: HttpRequest) -> tuple[AsOfForm, date | None]:
    if "as_of" not in request.GET:
        return AsOfForm(initial={"as_of": clock.today()}), None
    form = AsOfForm(request.GET)
    return form, form.cleaned_data["as_of"] if form.is_valid() else None


def _status(form: AsOfForm) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if form.errors else HTTPStatus.OK


def _listed(request: HttpRequest, found: Simulation, by: User) -> CasePage:
    policies = [each.policy for each in found.outlooks]
    cases = old_enough(policies, found.as_of).filter(told_of(by))
    return case_page(cases, request.GET, {"as_of": found.as_of.isoformat()})


def _count_seen(found: Simulation, by: User) -> int:
    """How many of the cases that are old enough the reader is told of. One query."""
    policies = [each.policy for each in found.outlooks]
    old: Q = told_of(by)
    return old_enough(policies, found.as_of).filter(old).order_by().count()


def _row(case: Case, found: Simulation) -> dict[str, Any]:
    policy = next(each.policy for each in found.outlooks if each.policy.kind == case.kind)
    return {"case": case, "due_on": due_on(case, policy), "why": why_kept(case)}


def _page(
    request: HttpRequest,
    template: str,
    title: str,
    context: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    whole = {
        **admin.site.each_context(request),
        "title": title,
        "opts": RetentionBatch._meta,
        **context,
    }
    return TemplateResponse(request, f"admin/retention/{template}", whole, status=status)
