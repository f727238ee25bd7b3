"""Default deny: no view runs unless it states a policy that lets this person in, and none of CQC's staff
without the second step of signing in. And what somebody signed in was shown stays out of every cache."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from regulator.accounts.policies import policy_of
from regulator.accounts.second_factor import is_owed, way_there
from regulator.accounts.sessions import note_use
from regulator.accounts.typed import keep

logger = logging.getLogger(__name__)


class PrivatePagesMiddleware:
    """``Cache-Control: private, no-store`` on every answer to a session or to an API key.

    Without asking the database who it is: a session that holds anything is enough. Static files are
    served further out and keep their own header.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.session.is_empty() or "Authorization" in request.headers:
            response["Cache-Control"] = "private, no-store"
        return response


class SessionUseMiddleware:
    """Keeps when a session was last used, to the hour (``regulator.accounts.sessions``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        note_use(request.session)
        return response


class PolicyMiddleware(LoginRequiredMiddleware):
    """Ask the view's policy before the view runs.

    A visitor who is not signed in is sent to sign in, and what they typed is kept (``typed``); a person whose
    role is not named gets 403; one who still owes the second step is sent to take it; a view without a policy
    is refused to everybody and logged, so that forgetting one cannot open a door. API views answer in the
    API's own words: REST framework asks ``DeclaredPolicy``.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        policy = policy_of(view_func)
        if policy is None:
            logger.error("route without a policy refused: %s", request.path)
            raise PermissionDenied("This page states no policy, so nobody may see it.")
        if policy.public or hasattr(view_func, "cls"):
            return None
        if not request.user.is_authenticated:
            if keep(request, view_func):
                messages.info(
                    request, "You were signed out. Sign in again: what you typed is kept for an hour."
                )
            return self.handle_no_permission(request, view_func)
        if not policy.allows(request.user):
            raise PermissionDenied("Your role does not include this page.")
        return self._second_step(request, view_func)

    def _second_step(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase | None:
        way = way_there(request) if is_owed(request) else None
        if way is None:
            return None
        keep(request, view_func)
        return HttpResponseRedirect(way)
