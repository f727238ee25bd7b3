"""The portal's doors: the front page, where each person goes after signing in, and the sign on the door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, SIGNED_IN, STAFF, declare


@declare(PUBLIC)
@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    """What the portal is for, and the ways in."""
    return render(request, "front/front_page.html")


@declare(SIGNED_IN)
@require_safe
def home_for_role(request: HttpRequest) -> HttpResponse:
    """CQC's staff to the desk, an employer's people to their notifications."""
    return redirect("admin:index" if STAFF.allows(request.user) else "notifications:home")


@declare(PUBLIC)
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for an icon beside what is no page of ours and names none, such as a PDF."""
    return redirect(static("portal/favicon.svg"))
