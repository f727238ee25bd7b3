"""The packet of a referral as a page, and as plain text to copy. Nothing is sent from here."""

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from regulator.casework.admin.page import readable_case
from regulator.casework.models import Case, Referral, ReferralReply
from regulator.casework.packet_text import as_plain_text, facts_of_the_record


@require_safe
def packet_page(request: HttpRequest, pk: int, referral: int) -> HttpResponse:
    """What was sent, its replies, and the other rows of its line, with the reason for each correction. Six
    queries at most beside those of the frame."""
    case = readable_case(request, pk)
    shown = _found(case, referral)
    replies = _replies(shown)
    line = Referral.objects.filter(Q(pk=shown.first_key) | Q(root=shown.first_key)).exclude(pk=shown.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"Referral to {shown.to.short}",
        "case": case,
        "opts": Case._meta,
        "referral": shown,
        "record": facts_of_the_record(shown),
        "replies": replies,
        "others": line.select_related("recorded_by").order_by("pk"),
        "why": getattr(shown.event, "typed", "") if shown.supersedes_id else "",
        "text": as_plain_text(shown, replies),
    }
    page = TemplateResponse(request, "admin/casework/case/referral.html", context)
    page["Cache-Control"] = "private, no-store"
    return page


@require_safe
def packet_text(request: HttpRequest, pk: int, referral: int) -> HttpResponse:
    """The same as plain text."""
    case = readable_case(request, pk)
    shown = _found(case, referral)
    answer = HttpResponse(as_plain_text(shown, _replies(shown)), content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _found(case: Case, key: int) -> Referral:
    rows = case.referrals.select_related("sent_by", "recorded_by", "event__typed", "superseded_by")
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such referral on this case.")
    found.case = case
    return found


def _replies(referral: Referral) -> list[ReferralReply]:
    rows = ReferralReply.objects.filter(referral=referral.first_key)
    return list(rows.select_related("recorded_by"))
