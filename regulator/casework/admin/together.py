"""One deed on the cases that were ticked: what will be done and what cannot, then what became of each."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from regulator.accounts.models import User
from regulator.accounts.policies import signed_in
from regulator.casework.admin.page import look
from regulator.casework.admin.queue import list_url
from regulator.casework.attempt import attempt
from regulator.casework.desk import DeskForm
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case
from regulator.casework.queue.registries import BULK_DEEDS, BulkDeed
from regulator.casework.queue.together import (
    Intended,
    Ticked,
    do_on_each,
    intended,
    read_ticks,
    refuse_words,
    tick,
    with_what_is_told,
)
from regulator.organisations.policies import may


@require_http_methods(["GET", "HEAD", "POST"])
def together_page(request: HttpRequest, name: str) -> HttpResponse:
    """GET lists what the deed would do to each ticked case and asks what it needs; POST does it and reports.

    400 for ticks or a form that cannot be understood, 403 where the role does not include the deed.
    """
    user = signed_in(request)
    if name not in BULK_DEEDS:
        raise Http404("There is no such deed.")
    deed = BULK_DEEDS.get(name)
    asked = request.POST if request.method == "POST" else request.GET
    if not may(user, deed.action.permission):
        why = "Your role does not include this."
        return _shown(request, deed, asked, {"refusal": why}, HTTPStatus.FORBIDDEN)
    try:
        ticked = read_ticks(asked.getlist("case"))
    except ValidationError as error:
        why = " ".join(error.messages)
        return _shown(request, deed, asked, {"refusal": why}, HTTPStatus.BAD_REQUEST)
    plan = intended(deed, ticked, user)
    for each in plan:
        look(request, each.case)
    if request.method == "POST":
        return _do(request, deed, ticked, plan)
    return _asked(request, deed, ticked, plan, _form(deed, plan, user))


def _do(request: HttpRequest, deed: BulkDeed, ticked: list[Ticked], plan: list[Intended]) -> HttpResponse:
    """A form that cannot be understood, or words in it that seem to identify somebody, do nothing on any."""
    user = signed_in(request)
    form = _form(deed, plan, user, request.POST)
    if form is None or not form.is_valid():
        return _asked(request, deed, ticked, plan, form, HTTPStatus.BAD_REQUEST)
    checked = attempt(form, lambda: refuse_words(plan, form, user))
    if not checked.done:
        return _asked(request, deed, ticked, plan, form, checked.status)
    outcomes = do_on_each(deed, ticked, user, form.cleaned_data)
    done = [each for each in outcomes if each.done]
    told = {
        "outcomes": outcomes,
        "done": done,
        "not_done": [each for each in outcomes if not each.done],
        "missing": len(ticked) - len(outcomes),
    }
    return _shown(request, deed, request.POST, told)


def _asked(
    request: HttpRequest,
    deed: BulkDeed,
    ticked: list[Ticked],
    plan: list[Intended],
    form: DeskForm | None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page before the deed. Its boxes carry the versions that it shows: what it shows is agreed to."""
    plan = with_what_is_told(deed, plan)
    able = [each for each in plan if not each.refusal]
    told = {
        "able": able,
        "unable": [each for each in plan if each.refusal],
        "missing": len(ticked) - len(plan),
        "ticks": [tick(each.case) for each in able],
        "form": form,
    }
    return _shown(request, deed, request.POST or request.GET, told, status)


def _form(deed: BulkDeed, plan: list[Intended], user: User, data: QueryDict | None = None) -> DeskForm | None:
    """What the deed asks for, once for all; ``None`` where it can be done on none of them."""
    able = [each.case for each in plan if not each.refusal] or [each.case for each in plan]
    return deed.action.form(data, case=able[0], by=user) if able else None


def _shown(
    request: HttpRequest,
    deed: BulkDeed,
    asked: QueryDict,
    told: dict[str, Any],
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    kind = asked.get("list", "") if asked.get("list", "") in KINDS else ""
    back = urlencode(parse_qsl(asked.get("back", "")[:4000]))
    context = {
        **admin.site.each_context(request),
        "title": f"{deed.action.label}: several cases",
        "opts": Case._meta,
        "deed": deed,
        "list": kind,
        "back_query": back,
        "back": f"{list_url(kind)}?{back}" if back else list_url(kind),
        **told,
    }
    return TemplateResponse(request, "admin/casework/case/together.html", context, status=status)
