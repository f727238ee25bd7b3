"""What there are editions of and what holds now; and proposing another, looked at before it is sent."""

from datetime import date
from http import HTTPStatus
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from regulator import clock
from regulator.accounts.policies import signed_in
from regulator.editions.forms import ContentForm
from regulator.editions.holding import held_on, one_look
from regulator.editions.kinds import KINDS, Content, EditionKind
from regulator.editions.models import Edition
from regulator.editions.services import PROPOSE, checked_by, propose
from regulator.organisations.attempt import add_errors, attempt

LOOK: Final = "look"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that there may be editions of, and since when what holds now does. One query."""
    today = clock.today()
    with one_look():
        groups = [
            (
                kind,
                [(what, name or kind.label, held_on(kind.name, what, today)) for what, name in kind.whats()],
            )
            for kind in KINDS.values()
        ]
    may = PROPOSE in signed_in(request).staff_grants
    context = {**admin.site.each_context(request), **_context("Reference data"), "groups": groups}
    context["may_propose"] = may
    return TemplateResponse(request, "admin/editions/overview.html", context)


@require_safe
def download(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """What holds today, as a file to begin another edition with."""
    spec, _ = _spec(kind, "")
    write = spec.files.get(ending)
    if write is None:
        raise Http404("There is no such file.")
    answer = HttpResponse(write(spec.present("", clock.today())), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{spec.name}.{ending}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def propose_page(request: HttpRequest, kind: str, what: str = "") -> HttpResponse:
    """GET shows what holds, ready to be changed, or an earlier edition to be taken up anew. POST looks at
    what would change, or proposes it."""
    spec, label = _spec(kind, what)
    if request.method != "POST":
        return _page(request, spec, what, label, _form_at_first(request, spec, what))
    form = spec.form()(request.POST, request.FILES)
    content = _content(spec, what, form)
    if content is None:
        return _page(request, spec, what, label, form, status=HTTPStatus.BAD_REQUEST)
    begins: date = form.cleaned_data["holds_from"]
    if request.POST.get("step") == LOOK:
        shown = _shown_again(request, spec, form, content)
        return _page(request, spec, what, label, shown, look=(begins, content))
    outcome = attempt(form, lambda: _propose(request, spec, what, form, content))
    if outcome.value is not None:
        messages.success(request, "Proposed. Another administrator decides.")
        return redirect("admin:editions_edition_change", outcome.value.pk)
    return _page(request, spec, what, label, form, status=outcome.status)


def _spec(kind: str, what: str) -> tuple[EditionKind, str]:
    """The kind, and what the thing is called. Raises ``Http404`` for one that there is not."""
    try:
        spec = KINDS.get(kind)
        return spec, spec.label_of(what)
    except LookupError as unknown:
        raise Http404("There is no such reference data.") from unknown


def _form_at_first(request: HttpRequest, spec: EditionKind, what: str) -> ContentForm:
    again = _again(request.GET.get("again", ""), spec, what)
    made = spec.form()
    content = again.content if again else spec.present(what, clock.today())
    return made(initial=made.initial_of(content) | {"again": again.pk if again else None})


def _again(key: str, spec: EditionKind, what: str) -> Edition | None:
    """The earlier edition of the same thing with that key, if there is one."""
    if not key.isascii() or not key.isdigit() or len(key) > 18:
        return None
    return Edition.objects.filter(pk=int(key), kind=spec.name, what=what).first()


def _content(spec: EditionKind, what: str, form: ContentForm) -> dict[str, Any] | None:
    """What the form says, in its one form; ``None`` where something is wrong with it, which the form then
    says."""
    if not form.is_valid():
        return None
    try:
        return checked_by(spec, what, form.cleaned_data["holds_from"], form.content())
    except ValidationError as wrong:
        add_errors(form, wrong)
        return None


def _shown_again(request: HttpRequest, spec: EditionKind, form: ContentForm, content: Content) -> ContentForm:
    """The form as it was sent, with what was read from a file in its box: a browser does not send it
    again."""
    data = request.POST.copy()
    for name, value in form.shown_again(content).items():
        data[name] = value
    return spec.form()(data)


def _propose(
    request: HttpRequest, spec: EditionKind, what: str, form: ContentForm, content: dict[str, Any]
) -> Edition:
    said = form.cleaned_data
    return propose(
        kind=spec.name,
        what=what,
        holds_from=said["holds_from"],
        content=content,
        reason=said["reason"],
        by=signed_in(request),
        again=_again(str(said["again"] or ""), spec, what),
    )


def _page(
    request: HttpRequest,
    spec: EditionKind,
    what: str,
    label: str,
    form: ContentForm,
    *,
    look: tuple[date, Content] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **_context(f"Propose an edition: {label}"),
        "kind": spec,
        "form": form,
        "looked": look is not None,
    }
    if look is not None:
        begins, content = look
        context["differences"] = spec.differences(what, spec.present(what, begins), content)
        context["touched"] = spec.touched(what, begins, content)
    return TemplateResponse(request, "admin/editions/propose.html", context, status=status)


def _context(title: str) -> dict[str, Any]:
    return {"title": title, "opts": Edition._meta}
