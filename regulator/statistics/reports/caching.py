"""What caches may do with the published reports, and the answer to whoever has the present one.

Every answer follows from which editions are published, the address asked for and this release of the portal.
A report changes a few times a year, so whether something changed is one small query.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from regulator.statistics.reports.models import Report

CONTROL: Final = "public, max-age=60, s-maxage=600, stale-while-revalidate=600"
_CODE: Final = ("templates/reports", "templates/layouts", "regulator/statistics", "regulator/frontend")
View = Callable[..., HttpResponseBase]


def published_only(view: View) -> View:
    """A public view whose answer follows from the published editions alone.

    Its answers carry ``ETag`` and a ``Cache-Control`` for shared caches; who has the present one gets 304
    after one query. Only what was found (200) may be kept. To whoever is signed in the answer is private
    (``PrivatePagesMiddleware``), because the header of a page says so: no copy of it is kept or compared.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not request.session.is_empty():
            return view(request, *args, **kwargs)
        tag = _tag(request)
        known = get_conditional_response(request, etag=tag)
        return _marked(known or view(request, *args, **kwargs), tag)

    return answered


def _marked(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    if response.status_code in (200, 304):
        response["ETag"] = tag
        response["Cache-Control"] = CONTROL
    is_page = response.get("Content-Type", "").startswith("text/html")
    if is_page and not hasattr(response, "accepted_media_type"):
        patch_vary_headers(response, ["Cookie"])
    else:  # anybody's script may read what anybody may read; no cookie is looked at
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Content-Disposition"
    return response


def _tag(request: HttpRequest) -> str:
    """Weak: a server before the portal may press the same words into other bytes."""
    rows = Report.objects.public().order_by("pk").values_list("pk", "state", "version")
    told = f"{list(rows)} {_release()} {settings.PORTAL_URL} {request.build_absolute_uri()}"
    return f'W/"s-{hashlib.sha256(told.encode()).hexdigest()[:24]}"'


@cache
def _release() -> str:
    """A digest of the code that makes the pages: with another release, every kept answer is another."""
    told = hashlib.sha256()
    for folder in _CODE:
        for file in sorted((settings.BASE_DIR / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                told.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + file.read_bytes())
    return told.hexdigest()
