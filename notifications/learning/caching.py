"""What caches may do with the library's public answers, and the answer to whoever has the present one.

Every answer follows from the library's ``LibraryRevision``, the address asked for and this release of the
portal, so a conditional request reads one small row and nothing else.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from notifications.learning.models import LibraryRevision

CONTROL: Final = "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
"""A page that was withdrawn is shown by no cache that keeps to this for longer than 21 minutes."""
_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)
_CODE: Final = (
    "templates",
    "notifications/learning",
    "notifications/guidance",
    "regulator/frontend",
    "regulator/assets",
)
_KEPT: Final = "learning_revision"
View = Callable[..., HttpResponseBase]


def present_of(request: HttpRequest) -> tuple[int, datetime]:
    """The number of the library's last change, and when it was: no query where ``revisioned`` asked."""
    known: tuple[int, datetime] | None = getattr(request, _KEPT, None)
    return known or _present()


def revisioned(view: View) -> View:
    """A public view whose answer follows from the library alone: it carries an ``ETag``, a ``Cache-Control``
    for shared caches, and who has the present one gets 304 after one query. To whoever is signed in the
    answer is private (``PrivatePagesMiddleware``), because the header of a page says so."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.session.is_empty():
            return view(request, *args, **kwargs)
        present = _present()
        setattr(request, _KEPT, present)
        tag = _tag(request, *present)
        known = None
        if request.headers.get("If-None-Match", "").strip() != "*":
            known = get_conditional_response(request, etag=tag)
        return _marked(known if known is not None else view(request, *args, **kwargs), tag)

    return answered


def _present() -> tuple[int, datetime]:
    found = LibraryRevision.objects.filter(pk=1).values_list("number", "changed_at").first()
    return found or (0, _NEVER)


def _marked(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response["ETag"] = tag
        response["Cache-Control"] = CONTROL
    patch_vary_headers(response, ["Cookie"])
    return response


def _tag(request: HttpRequest, number: int, changed_at: datetime) -> str:
    """Weak: a server before the portal may press the same words into other bytes."""
    told = f"{number} {changed_at.isoformat()} {_release()} {request.build_absolute_uri()}"
    return f'W/"l{number}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


@cache
def _release() -> str:
    """A digest of the code that makes the pages: with another release, every kept answer is another."""
    told = hashlib.sha256()
    for folder in _CODE:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                told.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + file.read_bytes())
    return told.hexdigest()
