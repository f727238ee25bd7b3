"""A page that is only shown asks once which editions hold, so that all of it rests on the same ones."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from regulator.editions.holding import one_look


class OneLookMiddleware:
    """One look (``holding.one_look``) for each page that is read; what is sent may approve an edition."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with one_look():
            return self.get_response(request)
