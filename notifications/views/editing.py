"""One section of a draft: filling it in, saving half of it, and what a colleague saved meanwhile."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from notifications import queries, services
from notifications.advice import advised
from notifications.asides import asides_of
from notifications.content import content_of
from notifications.forms import SectionForm
from notifications.in_force import criteria_in_force
from notifications.lfpse import still_to_send
from notifications.models import Notification
from notifications.sections import Section, former_section, section, sections_of
from notifications.summary import differences
from notifications.views.drafting import draft_of
from notifications.views.posting import page, posted, refused, sent
from regulator.accounts.policies import declare, needs, signed_in
from regulator.accounts.typed import keeps_typed


@keeps_typed
@declare(needs("notifications.draft"))
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One section. Saving goes on to the next, to the task list where that was asked for, or back to the
    check page whence it came (``?from=check``)."""
    notification = _as_sent(request, pk)
    try:
        part = section(slug, notification)
    except LookupError:
        return _without_section(request, notification, slug)
    content = content_of(notification)
    form = part.form(
        sent(request),
        initial=part.initial(content) | {"version": notification.case.version},
        notification=notification,
    )

    def deed() -> Notification:
        return services.save_draft(
            notification=notification,
            by=signed_in(request),
            version=form.cleaned_data["version"],
            content=part.changed(content, form.cleaned_data),
            identifies_nobody=form.cleaned_data["identifies_nobody"],
        )

    refusal = services.saving_refusal(notification.case)
    outcome = refused(form, refusal) if refusal else posted(request, form, deed, notification)
    if outcome.done:
        if part.slug == "lfpse" and (notification.on_lfpse or notification.lfpse_id):
            messages.info(request, still_to_send(notification))
        return _after(request, part.slug, outcome.value or notification)
    told = advised(content, criteria_in_force()) if part.slug == "criterion" else {"advice": None}
    context: dict[str, Any] = {
        **told,
        "notification": notification,
        "section": part,
        "still_to_send": still_to_send(notification),
        "conflict": _conflict(request, pk, part, form) if outcome.stale else None,
        "asides": asides_of(notification, part.slug),
    }
    return page(request, "notifications/section.html", form, outcome, **context)


def _as_sent(request: HttpRequest, pk: int) -> Notification:
    """The draft to be looked at; where something was sent, also one that a colleague submitted or discarded
    meanwhile: saving refuses it, and what was typed stays on the page."""
    if request.method == "POST":
        return queries.draft(pk, signed_in(request))
    return draft_of(request, pk)


def _without_section(request: HttpRequest, notification: Notification, slug: str) -> HttpResponse:
    """What was typed in a section that a change of kind has taken away, to be copied elsewhere."""
    try:
        former = former_section(slug, notification)
    except LookupError:
        raise Http404("There is no such section.") from None
    if request.method != "POST":
        raise Http404("There is no such section.")
    version = {"version": notification.case.version}
    form = former.form(sent(request), initial=version, notification=notification)
    outcome = refused(
        form,
        "The kind of this notification was changed while you were writing, and this section does not belong "
        "to it any more. Nothing was saved. Copy what you need from here into another section.",
    )
    context: dict[str, Any] = {"advice": None, "notification": notification, "section": former}
    context |= {"still_to_send": still_to_send(notification), "conflict": None, "asides": []}
    return page(request, "notifications/section.html", form, outcome, **context)


def _conflict(request: HttpRequest, pk: int, part: Section, form: SectionForm) -> dict[str, Any]:
    """What a colleague's faster save left in this section, beside what was typed, and whose it is."""
    now = queries.draft(pk, signed_in(request))
    return {"answers": differences(part, now, form.cleaned_data), "saved": queries.last_save(now)}


def _after(request: HttpRequest, slug: str, notification: Notification) -> HttpResponse:
    """Where they asked to go; else on to the section after ``slug``, and to the check page after the last.

    The modality comes before all.
    """
    if request.POST.get("then") == "list":
        return redirect("notifications:draft", pk=notification.pk)
    slugs = [each.slug for each in sections_of(notification)]
    following = slugs.index(slug) + 1 if slug in slugs else 0
    if request.GET.get("from") == "check" or following >= len(slugs):
        return redirect("notifications:check", pk=notification.pk)
    return redirect(reverse("notifications:edit", args=[notification.pk, slugs[following]]))
