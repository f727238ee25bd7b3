"""Putting a list together, the page of one, and deciding on it."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.desk import FactSection
from regulator.casework.models import Case, Event
from regulator.casework.redaction import Group
from regulator.editions.forms import DecideForm, RefuseForm
from regulator.organisations.deed_page import answer_deed
from regulator.organisations.policies import InterestDeclared, may
from regulator.retention import services
from regulator.retention.editions import policy_named
from regulator.retention.forms import AsOfForm
from regulator.retention.hindrances import sentence
from regulator.retention.meanwhile import changed_since
from regulator.retention.models import RetentionBatch, RetentionItem
from regulator.retention.permissions import APPROVE, PROPOSE
from regulator.retention.policies import RetentionPolicy
from regulator.retention.seeing import told_of, unseen_in_words
from regulator.retention.services.deciding import interested
from regulator.retention.views.paging import case_page

Outcome = RetentionItem.Outcome


@dataclass(frozen=True, slots=True)
class _Deed:
    """One button on the page of a list that waits."""

    label: str
    lead: str
    form: type[forms.Form]
    service: Callable[..., RetentionBatch]
    permission: str
    for_the_proposer: bool = False


_DEEDS: Final = {
    "approve": _Deed(
        "Approve",
        "Two people who did not put the list together approve it. Then what was written, sent and filed on "
        "its cases is removed for good.",
        DecideForm,
        services.approve_batch,
        APPROVE,
    ),
    "refuse": _Deed(
        "Refuse",
        "Nothing is removed. The cases may be listed again.",
        RefuseForm,
        services.refuse_batch,
        APPROVE,
    ),
    "withdraw": _Deed(
        "Withdraw",
        "Nobody needs to decide any more. The cases may be listed again.",
        DecideForm,
        services.withdraw_batch,
        PROPOSE,
        for_the_proposer=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: HttpRequest, policy: str) -> HttpResponse:
    """GET asks for the day, POST lists what is due on it: 302 to the list, else the form with what was wrong
    (400, 403, 409)."""
    rule = _policy(policy)
    first = {"as_of": request.GET.get("as_of", "")[:10] or clock.today()}
    form = AsOfForm(request.POST if request.method == "POST" else None, initial=first)

    def deed() -> HttpResponse:
        as_of = form.cleaned_data["as_of"]
        made = services.propose_batch(as_of=as_of, policy=rule.name, by=signed_in(request))
        return redirect("admin:retention_retentionbatch_change", made.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        context = {**_context(request, f"Put a list together: {rule.label}"), "form": form, "policy": rule}
        return TemplateResponse(request, "admin/retention/propose.html", context, status=status)

    return answer_deed(request, form, deed, page, done="The list waits for two others to approve it.")


@require_safe
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what about a list, its digest, how far it is, and its cases, fifty a page. At most 10 SQL
    queries at any size.

    Cases are told by reference alone, restricted ones only to those who may open them.
    """
    batch, by = _batch(pk), signed_in(request)
    cases = Case.objects.filter(told_of(by), retention_items__batch=batch.pk)
    page = case_page(cases, request.GET, {})
    changed = changed_since(batch)
    listed = batch.items.filter(case__in=[case.pk for case in page.cases]).annotate(is_changed=changed)
    items = {each.case_id: each for each in listed}
    counts = _counts(batch, by, changed)
    context = {
        **_context(request, str(batch)),
        "batch": batch,
        "facts": _facts(batch),
        "refused_because": _refused_because(batch),
        "counts": counts,
        "unseen": unseen_in_words(batch.cases - counts["seen"]),
        "page": page,
        "rows": [(case, items[case.pk], _became(items[case.pk])) for case in page.cases],
        "may_read": may(by, "casework.read"),
        **_offers(batch, by),
    }
    return TemplateResponse(request, "admin/retention/batch.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def deed_page(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Approve, refuse or withdraw: 302 when done, else the form with what was wrong (400, 403, 409)."""
    batch, deed = _batch(pk), _DEEDS.get(name)
    if deed is None:
        raise Http404("There is no such deed on a list.")
    form = deed.form(request.POST if request.method == "POST" else None, initial={"version": batch.version})

    def decide() -> HttpResponse:
        deed.service(batch=batch, by=signed_in(request), **form.cleaned_data)
        return redirect("admin:retention_retentionbatch_change", batch.pk)

    def page(status: HTTPStatus) -> HttpResponse:
        now = batch if status == HTTPStatus.OK else _batch(pk)
        context = {**_context(request, f"{deed.label}: {now}"), "batch": now, "facts": _facts(now)}
        context |= {"form": form, "deed": deed, "warning": name != "withdraw"}
        return TemplateResponse(request, "admin/retention/deed.html", context, status=status)

    return answer_deed(request, form, decide, page, done=f"Done: {deed.label.lower()}.")


def _policy(name: str) -> RetentionPolicy:
    try:
        return policy_named(name, clock.today())
    except LookupError as unknown:
        raise Http404("There is no such retention policy.") from unknown


def _batch(pk: int) -> RetentionBatch:
    found = RetentionBatch.objects.select_related("proposed_by", "first_by", "second_by", "ended_by")
    return get_object_or_404(found, pk=min(pk, 2**63 - 1))


def _counts(batch: RetentionBatch, by: User, changed: Q) -> dict[str, int]:
    """How far the list is, how many of its cases changed since, and of how many the reader is told. One
    query."""
    seen = Case.objects.filter(told_of(by)).order_by().values("pk")
    waiting = Q(outcome=Outcome.WAITING)
    return batch.items.order_by().aggregate(
        waiting=Count("pk", filter=waiting),
        redacted=Count("pk", filter=Q(outcome=Outcome.REDACTED)),
        passed_over=Count("pk", filter=Q(outcome=Outcome.PASSED_OVER)),
        changed=Count("pk", filter=waiting & changed),
        seen=Count("pk", filter=Q(case__in=seen)),
    )


def _became(item: RetentionItem) -> str:
    """What became of a listed case, in words; the item knows whether its case changed since."""
    if item.outcome == Outcome.PASSED_OVER:
        return f"Passed over. {sentence(item.why)}"
    if item.outcome == Outcome.WAITING and vars(item)["is_changed"]:
        return "It was changed after the list was made, and will be passed over."
    return item.get_outcome_display()


def _refused_because(batch: RetentionBatch) -> str:
    """Why a list was refused (one query where it was)."""
    if batch.state != RetentionBatch.State.REFUSED:
        return ""
    refusal = Event.objects.filter(type="retention.refused", payload__batch=batch.pk)
    event = refusal.select_related("typed").first()
    typed = getattr(event, "typed", None)
    return typed.text if typed else ""


def _offers(batch: RetentionBatch, by: User) -> dict[str, Any]:
    """What ``by`` may do about a list that waits, or why they may not approve it (one query at most)."""
    if not batch.is_open or not may(by, APPROVE):
        return {"deeds": []}
    own = batch.proposed_by_id == by.pk
    why = ""
    if batch.first_by_id == by.pk:
        why = "You approved this list. Somebody else approves it as well."
    elif not own and interested(batch, by):
        why = str(InterestDeclared())
    offered = [
        (name, deed)
        for name, deed in _DEEDS.items()
        if deed.for_the_proposer == own and may(by, deed.permission) and not (why and name == "approve")
    ]
    return {"deeds": offered, "why_not": why}


def _facts(batch: RetentionBatch) -> FactSection:
    removed = "; ".join(Group(name).label for name in batch.groups)
    rows: list[tuple[str | Case, object]] = [
        ("Policy", policy_named(batch.policy, batch.as_of).label),
        ("Kept for", f"{batch.years} years from closing"),
        ("Edition of the policy", batch.edition_id or "As it comes with the portal"),
        ("What is removed", removed),
        ("Due on", batch.as_of),
        ("Cases", batch.cases),
        ("State", batch.get_state_display()),
        ("Put together by", batch.proposed_by),
        ("Put together", batch.proposed_at),
    ]
    for name, by, at in (
        ("First approval", batch.first_by, batch.first_at),
        ("Second approval", batch.second_by, batch.second_at),
    ):
        rows.append((name, [by, at] if by else "Not yet" if batch.is_open else "None"))
    if batch.ended_at is not None:
        rows.append((batch.get_state_display(), [*filter(None, (batch.ended_by, batch.ended_at))]))
    return FactSection("The list", tuple(rows))


def _context(request: HttpRequest, title: str) -> dict[str, Any]:
    return {**admin.site.each_context(request), "title": title, "opts": RetentionBatch._meta}
