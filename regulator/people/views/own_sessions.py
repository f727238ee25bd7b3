"""Where one is signed in oneself: the list, and ending any session or all others."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from regulator.accounts.models import PortalSession
from regulator.accounts.policies import SIGNED_IN, declare, signed_in
from regulator.accounts.sessions import digest_of
from regulator.people import services
from regulator.people.forms import ConfirmForm
from regulator.people.queries import own_sessions


@declare(SIGNED_IN)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    """On what, since when and when last one is signed in."""
    found = own_sessions(signed_in(request), request.session)  # type: ignore[arg-type]
    return render(request, "people/sessions.html", {"sessions": found})


@declare(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest, key: str) -> HttpResponse:
    """End one session of one's own; the present one is signing out."""
    user = signed_in(request)
    if key == digest_of(str(request.session.session_key)):
        return redirect("account_logout")
    session = PortalSession.objects.of(user.pk).filter(pk=key).first()
    if session is None:
        raise Http404("You have no such session.")
    if request.method == "POST":
        services.end_own_session(session=session, by=user)
        messages.success(request, f"Signed out: {session}.")
        return redirect("own_sessions")
    return render(request, "people/session_end.html", {"session": session, "form": ConfirmForm()})


@declare(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def end_others(request: HttpRequest) -> HttpResponse:
    """End all sessions of one's own but the present."""
    if request.method == "POST":
        count = services.end_other_sessions(but=request.session, by=signed_in(request))  # type: ignore[arg-type]
        messages.success(request, f"Signed out of {count} other session{'' if count == 1 else 's'}.")
        return redirect("own_sessions")
    return render(request, "people/session_end.html", {"session": None, "form": ConfirmForm()})
