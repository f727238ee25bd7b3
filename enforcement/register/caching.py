"""What caches may do with the register's public answers, and the answer to whoever has the present one.

Every answer follows from the register's ``Revision``, the address asked for and this release of the portal.
So whether something changed is one small row, and a conditional request touches nothing else.
"""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from enforcement.register.models import Revision
from regulator import clock

BROWSER_SECONDS: Final = 60
SHARED_SECONDS: Final = 600
STALE_SECONDS: Final = 600
LONGEST_IN_CACHES: Final = timedelta(seconds=BROWSER_SECONDS + SHARED_SECONDS + STALE_SECONDS)
"""After so long (21 minutes) no cache that keeps to its header shows what was removed: the law gives 7 days
(ESIA 1988 s3(4)). A browser's own copy may be of what a shared cache still held at its last moment."""
CONTROL: Final = (
    f"public, max-age={BROWSER_SECONDS}, s-maxage={SHARED_SECONDS}, stale-while-revalidate={STALE_SECONDS}"
)
_TWO_SECONDS: Final = timedelta(seconds=2)
_CODE: Final = ("templates", "enforcement/register", "regulator/frontend", "regulator/assets")
_KEPT: Final = "register_revision"
_NEVER: Final = datetime(2020, 1, 1, tzinfo=UTC)

View = Callable[..., HttpResponseBase]


def present() -> tuple[int, datetime]:
    """The number of the register's last change, and when it was (one query)."""
    found = Revision.objects.filter(pk=1).values_list("number", "changed_at").first()
    return found or (0, _NEVER)


def present_of(request: object) -> tuple[int, datetime]:
    """The same, as it was when the request was begun to be answered: no query where ``revisioned`` asked."""
    known: tuple[int, datetime] | None = getattr(request, _KEPT, None)
    return known or present()


def revisioned(view: View) -> View:
    """A public view whose answer follows from the register alone.

    Its answers carry ``ETag``, ``Last-Modified`` and a ``Cache-Control`` for shared caches; who has the
    present one gets 304 after one query, before the view runs. Only what was found (200) may be kept. To
    whoever is signed in, or sends a key, the answer is private (``PrivatePagesMiddleware``), because the
    header of a page says so: no copy of it is kept or compared.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not request.session.is_empty():
            return view(request, *args, **kwargs)
        number, changed_at = present()
        setattr(request, _KEPT, (number, changed_at))
        tag = _tag(request, number, changed_at)
        modified = _last_modified(changed_at)
        if request.headers.get("If-None-Match", "").strip() != "*":
            known = get_conditional_response(
                request, etag=tag, last_modified=int(modified.timestamp()) if modified else None
            )
            if known is not None:
                return _marked(known, tag, modified)
        return _marked(view(request, *args, **kwargs), tag, modified)

    return answered


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


def _tag(request: HttpRequest, number: int, changed_at: datetime) -> str:
    """Weak: a server before the portal may press the same words into other bytes."""
    told = f"{number} {changed_at.isoformat()} {_release()} {settings.PORTAL_URL}"
    told += f" {request.build_absolute_uri()}"
    return f'W/"r{number}-{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


def _last_modified(changed_at: datetime) -> datetime | None:
    """When the register changed; nothing within two seconds of it, because the header knows whole seconds
    and a second change in the same one would go unnoticed."""
    return changed_at if clock.now() - changed_at > _TWO_SECONDS else None


@cache
def _release() -> str:
    """A digest of the code that makes the pages: with another release, every kept answer is another."""
    told = hashlib.sha256()
    for folder in _CODE:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                told.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + file.read_bytes())
    return told.hexdigest()
