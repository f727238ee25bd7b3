"""What somebody typed when their session had ended: kept for an hour in the new session of the same browser.

Only for views that say so (``keeps_typed``), only fields, never files; see docs/decisions/0011.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final, TypeVar

from django.http import HttpRequest, QueryDict

from regulator import clock

View = TypeVar("View", bound=Callable[..., object])

_KEY: Final = "typed"
KEPT_FOR: Final = timedelta(hours=1)
MOST: Final = 1_000_000
"""Characters: several times the longest section, and little enough to keep for whoever sends it."""
_NOT_KEPT: Final = ("csrfmiddlewaretoken",)


def keeps_typed(view: View) -> View:
    """Say of a view that it shows what was kept for its address (``kept``)."""
    vars(view)["keeps_typed"] = True
    return view


def keep(request: HttpRequest, view: object) -> bool:
    """Keep what was sent to ``view`` until its form is looked at again; whether it was kept."""
    if request.method != "POST" or not getattr(view, "keeps_typed", False):
        return False
    sent = {name: request.POST.getlist(name) for name in request.POST if name not in _NOT_KEPT}
    if sum(len(name) + sum(map(len, values)) for name, values in sent.items()) > MOST:
        return False
    if request.session.is_empty():
        request.session.set_expiry(int(KEPT_FOR.total_seconds()))
    request.session[_KEY] = {"path": request.path, "sent": sent, "at": clock.now().timestamp()}
    return True


def kept(request: HttpRequest) -> QueryDict | None:
    """What was kept for this address, as it was sent. ``?typed=no`` looks past it; nothing is changed."""
    held: Mapping[str, Any] = request.session.get(_KEY) or {}
    if held.get("path") != request.path or request.GET.get("typed") == "no":
        return None
    if clock.now().timestamp() - held["at"] > KEPT_FOR.total_seconds():
        return None
    typed = QueryDict(mutable=True)
    for name, values in held["sent"].items():
        typed.setlist(name, values)
    return typed


def forget(request: HttpRequest) -> None:
    """Once the form was saved there is nothing more to keep."""
    if request.session.get(_KEY, {}).get("path") == request.path:
        del request.session[_KEY]
