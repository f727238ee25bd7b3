"""The monthly digest: asking for it and changing it, for employers' people; and ending it by its link."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.guidance import services
from notifications.guidance.forms import NO, YES, WishForm
from notifications.guidance.links import wish_of
from notifications.guidance.models import Wish
from notifications.guidance.telling import about
from regulator.accounts.policies import EMPLOYER, PUBLIC, declare, signed_in
from regulator.frontend.unkept import unkept
from regulator.organisations.views.posting import done, sent, status


@declare(EMPLOYER)
@require_http_methods(["GET", "HEAD", "POST"])
def setting(request: HttpRequest) -> HttpResponse:
    """Whether this person gets the digest, and on what. It is off until they say so."""
    user = signed_in(request)
    wish = Wish.objects.filter(user=user).first()
    initial = {"wanted": YES if wish else NO, "modalities": wish.modalities if wish else []}
    form = WishForm(sent(request), initial=initial)

    def deed() -> None:
        if form.cleaned_data["wanted"] == YES:
            services.wish_for_digest(by=user, modalities=form.cleaned_data["modalities"])
        else:
            services.end_wish(by=user)

    if done(form, deed):
        is_wanted = form.cleaned_data["wanted"] == YES
        told = "You will get the monthly email." if is_wanted else "You will get no monthly email."
        messages.success(request, told)
        return redirect("digest:setting")
    context = {"form": form, "email": user.email}
    return render(request, "guidance/digest.html", context, status=status(form))


@declare(PUBLIC)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@unkept
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the digest: by the button of the page, or by a mail program's one click (RFC 8058), which has
    neither a cookie nor a token of a form. Ended once more it is ended too."""
    wish = wish_of(token)
    if request.method == "POST":
        if wish is not None:
            services.stop_wish(wish=wish)
        return render(request, "guidance/digest_stopped.html")
    if wish is None:
        return render(request, "guidance/digest_gone.html", status=HTTPStatus.NOT_FOUND)
    return render(request, "guidance/digest_stop.html", {"about": about(wish.modalities)})
