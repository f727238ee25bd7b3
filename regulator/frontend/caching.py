"""What caches may do with public answers, and the answer to whoever has the present one.

Each answer of a publication follows from its revision, the address asked for and this release of the portal.
So whether something changed is one small row, and a conditional request touches nothing else.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from regulator import clock

__all__ = ["BROWSER_SECONDS", "CONTROL", "SHARED_SECONDS", "STALE_SECONDS", "Publication", "View"]

BROWSER_SECONDS: Final = 60
SHARED_SECONDS: Final = 600
STALE_SECONDS: Final = 600
CONTROL: Final = (
    f"public, max-age={BROWSER_SECONDS}, s-maxage={SHARED_SECONDS}, stale-while-revalidate={STALE_SECONDS}"
)
_TWO_SECONDS: Final = timedelta(seconds=2)
_FRAME: Final = ("templates", "regulator/frontend", "regulator/assets")

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Publication:
    """What is published as one: ``present()`` gives the number of its last change and when that was, in one
    query; ``code`` are the folders and files that make its answers, beside the frame of all pages."""

    name: str
    present: Callable[[], tuple[int, datetime]]
    code: tuple[str, ...]

    def present_of(self, request: object) -> tuple[int, datetime]:
        """As ``present``, as it was when the request was begun to be answered: no query where ``revisioned``
        asked."""
        known: tuple[int, datetime] | None = getattr(request, self._kept, None)
        return known or self.present()

    def revisioned(self, view: View) -> View:
        """A public view whose answer follows from this publication alone.

        Its answers carry ``ETag``, ``Last-Modified`` and a ``Cache-Control`` for shared caches; who has the
        present one gets 304 after one query, before the view runs. Only what was found (200) may be kept. To
        whoever is signed in, or sends a key, the answer is private (``PrivatePagesMiddleware``), because the
        header of a page says so: no copy of it is kept or compared.
        """

        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") or not request.session.is_empty():
                return view(request, *args, **kwargs)
            number, changed_at = self.present()
            setattr(request, self._kept, (number, changed_at))
            tag = self._tag(request, number, changed_at)
            modified = _last_modified(changed_at)
            if request.headers.get("If-None-Match", "").strip() != "*":
                known = get_conditional_response(
                    request, etag=tag, last_modified=int(modified.timestamp()) if modified else None
                )
                if known is not None:
                    return _marked(known, tag, modified)
            return _marked(view(request, *args, **kwargs), tag, modified)

        return answered

    @property
    def _kept(self) -> str:
        return f"{self.name}_revision"

    def _tag(self, request: HttpRequest, number: int, changed_at: datetime) -> str:
        """Weak: a server before the portal may press the same words into other bytes."""
        told = f"{number} {changed_at.isoformat()} {release(self.code)} {settings.PORTAL_URL}"
        told += f" {request.build_absolute_uri()}"
        return f'W/"r{number}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


@cache
def release(code: tuple[str, ...]) -> str:
    """A digest of the code that makes the pages: with another release, every kept answer is another."""
    told = hashlib.sha256()
    for place in (*_FRAME, *code):
        at = settings.BASE_DIR / place
        for file in [at] if at.is_file() else sorted(at.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                told.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + file.read_bytes())
    return told.hexdigest()


def _marked(response: HttpResponseBase, tag: str, modified: datetime | None) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response["ETag"] = tag
        response["Cache-Control"] = CONTROL
        if modified is not None:
            response["Last-Modified"] = http_date(modified.timestamp())
    if _is_page(response):
        patch_vary_headers(response, ["Cookie"])
    else:  # anybody's script may read what anybody may read; no cookie is looked at
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Link, Content-Disposition"
    return response


def _is_page(response: HttpResponseBase) -> bool:
    """Whether people are shown it, with a header that says who is signed in. Of the API's answers the type
    is not known before they are written."""
    is_html = response.get("Content-Type", "").startswith("text/html")
    return is_html and not hasattr(response, "accepted_media_type")


def _last_modified(changed_at: datetime) -> datetime | None:
    """When it changed; nothing within two seconds of it, because the header knows whole seconds and a second
    change in the same one would go unnoticed."""
    return changed_at if clock.now() - changed_at > _TWO_SECONDS else None
