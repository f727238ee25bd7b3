"""Finding a restricted case by its whole reference, and breaking the glass to open it.

A stranger who knows a reference learns that the case exists and is restricted, and nothing else of it.
"""

import re
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.http import require_http_methods

from regulator.accounts.desk import DeskModelAdmin
from regulator.accounts.policies import declare_all, needs, signed_in
from regulator.casework.attempt import ConfirmsIdentifiers, attempt
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.casework.services import break_glass
from regulator.casework.visibility import interest_refusal, may_see
from regulator.frontend.fields import PlainErrors

NOT_FOUND: Final = "No case that you could open has this reference."
_DRAFT: Final = re.compile(r"draft ?([0-9]{1,18})", re.IGNORECASE)


class LookForm(PlainErrors, forms.Form):
    """Which case: by its whole reference, however it is typed; a draft, which has none yet, as it is
    called."""

    reference = forms.CharField(label="Reference of the case", max_length=60)

    def clean_reference(self) -> Q:
        """The condition that finds the case."""
        typed = str(self.cleaned_data["reference"])
        if is_well_formed(typed):
            return Q(reference=normalise(typed))
        draft = _DRAFT.fullmatch(typed.strip())
        if draft is None:
            raise forms.ValidationError(
                "That is not a whole reference. Check each character, such as IRN-2026-00042-K."
            )
        return Q(reference__isnull=True, pk=int(draft[1]))


class GlassForm(ConfirmsIdentifiers, PlainErrors, forms.Form):
    """Why the case must be opened all the same."""

    reference = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why must you open it?",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Kept for good, and read by those who review who looked. Do not name a person.",
    )


class RestrictedCaseAdmin(DeskModelAdmin):
    """No list of restricted cases: only the way to one whose reference is known."""

    read_permission = "casework.break_glass"

    def get_urls(self) -> list[URLPattern | URLResolver]:  # type: ignore[override]
        view = self.admin_site.admin_view(restricted_case)
        return declare_all(
            needs(self.read_permission), [path("", view, name="casework_restriction_changelist")]
        )


@require_http_methods(["GET", "HEAD", "POST"])
def restricted_case(request: HttpRequest) -> HttpResponse:
    """GET asks for the reference, and where it names a restricted case, for the reason; POST breaks the
    glass.

    A case that this person may open anyway is gone to at once.
    """
    by = signed_in(request)
    sent = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and "reference" not in sent:
        return _page(request, look=LookForm(label_suffix=""))
    look = LookForm(sent, label_suffix="")
    if not look.is_valid():
        return _page(request, look=look, status=HTTPStatus.BAD_REQUEST)
    case = _found(look.cleaned_data["reference"])
    if case is None:
        look.add_error("reference", NOT_FOUND)
        return _page(request, look=look, status=HTTPStatus.NOT_FOUND)
    if may_see(case, by):
        return redirect("admin:casework_case_change", case.pk)
    if request.method == "POST":
        return _break(request, look, case)
    form = GlassForm(initial={"reference": str(case)}, label_suffix="")
    return _page(request, look=look, glass=form, case=case)


def _break(request: HttpRequest, look: LookForm, case: Case) -> HttpResponse:
    by = signed_in(request)
    form = GlassForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, look=look, glass=form, case=case, status=HTTPStatus.BAD_REQUEST)
    reason, why = form.cleaned_data["reason"], form.cleaned_data["identifies_nobody"]
    outcome = attempt(form, lambda: break_glass(case=case, by=by, reason=reason, identifies_nobody=why))
    if not outcome.done:
        return _page(request, look=look, glass=form, case=case, status=outcome.status)
    messages.warning(request, "You broke the glass. What you open from now on is recorded and reviewed.")
    return redirect("admin:casework_case_change", case.pk)


def _found(which: Q) -> Case | None:
    """The case, where CQC sees it at all: no employer's draft. One query."""
    case = Case.objects.filter(which).first()
    return None if case is None or case.status in case.spec.hidden_from_staff else case


def _page(
    request: HttpRequest,
    *,
    look: LookForm,
    glass: GlassForm | None = None,
    case: Case | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": f"{case} is restricted" if case else "Open a restricted case",
        "look": look,
        "glass": glass,
        "refusal": interest_refusal(case, "casework.break_glass", signed_in(request)) if case else "",
        "hours": settings.BREAK_GLASS_HOURS,
    }
    return TemplateResponse(request, "admin/casework/restriction/page.html", context, status=status)
