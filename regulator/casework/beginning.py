"""How staff begin a case that no other gave rise to: first which employer it is about, then the form for it.

Each kind of case has its own form and words, in a template on ``admin/casework/begin.html``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from regulator.casework.attempt import attempt
from regulator.frontend.fields import PlainErrors
from regulator.organisations.deed_page import answer_deed
from regulator.organisations.employer_field import EmployerField
from regulator.organisations.models import Employer

__all__ = ["Beginning"]


class _ChooseForm(PlainErrors, forms.Form):
    employer = EmployerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


@dataclass(frozen=True, slots=True)
class Beginning:
    """The two pages of one kind of case. ``choosing`` and ``filling`` are their routes, ``button`` is what
    the second one offers to press."""

    title: str
    button: str
    model: type[models.Model]
    template: str
    choosing: str
    filling: str

    def choose(self, request: HttpRequest) -> HttpResponse:
        """Choose the employer: 302 to the form for it, else 400 with what was wrong (at most 3 queries)."""
        form = _ChooseForm(request.GET if "employer" in request.GET else None)
        if form.is_valid():
            return redirect(self.filling, form.cleaned_data["employer"].pk)
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        return self._page(request, form, status)

    def fill(
        self,
        request: HttpRequest,
        employer: Employer,
        form: forms.Form,
        deed: Callable[[], HttpResponse],
        *,
        done: str = "",
    ) -> HttpResponse:
        """What ``deed`` answers, as ``deed_page.answer_deed`` does, else the form with what was wrong."""

        def page(status: HTTPStatus) -> HttpResponse:
            return self._page(request, form, status, employer)

        return answer_deed(request, form, deed, page, done=done, trying=attempt)

    def _page(
        self, request: HttpRequest, form: forms.Form, status: HTTPStatus, employer: Employer | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {
            **admin.site.each_context(request),
            "title": self.title,
            "opts": self.model._meta,
            "form": form,
            "employer": employer,
            "choosing": self.choosing,
            "button": self.button,
        }
        return TemplateResponse(request, self.template, context, status=status)
