"""The snapshots' pages and files: for anybody, without sign-in."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from enforcement.register import licence
from enforcement.register.api_asking import MOST
from enforcement.register.caching import CONTROL, revisioned
from enforcement.register.exports import batched_lines
from enforcement.register.models import Change
from enforcement.register.records import in_utc
from enforcement.register.wording import WHY_REMOVED
from enforcement.snapshots.models import Snapshot, SnapshotFile
from enforcement.snapshots.services import awaits_cleaning
from regulator.accounts.policies import PUBLIC, declare

Answer = TypeVar("Answer", bound=HttpResponseBase)

SHOWN: Final = 60
LISTED: Final = 2000
_RETRY_SECONDS: Final = 3600


@declare(PUBLIC)
@require_safe
def index_page(request: HttpRequest) -> HttpResponse:
    """The latest snapshots (two queries)."""
    context = {"snapshots": _latest(SHOWN), "shown": SHOWN, "licence": licence, "why_removed": WHY_REMOVED}
    response = render(request, "snapshots/index.html", context)
    response["Cache-Control"] = CONTROL
    patch_vary_headers(response, ["Cookie"])  # its header says who is signed in
    return response


@declare(PUBLIC)
@require_safe
def index_json(request: HttpRequest) -> JsonResponse:
    """The same for programs, of the latest 2,000 (two queries)."""
    told = [_told(each) for each in _latest(LISTED)]
    return _open(JsonResponse({"licence": licence.SPDX, "snapshots": told}))


@declare(PUBLIC)
@require_safe
def checksums(request: HttpRequest) -> HttpResponse:
    """As ``sha256sum --check`` reads it, of the files that are listed (two queries)."""
    lines = [f"{file.sha256}  {file.public_name}\n" for each in _latest(LISTED) for file in each.files.all()]
    return _open(HttpResponse("".join(lines), content_type="text/plain; charset=utf-8"))


@declare(PUBLIC)
@require_safe
@revisioned
def changes(request: HttpRequest, revision: int) -> HttpResponseBase:
    """What changed since the snapshot before, one change a line: what was removed, by its address alone."""
    snapshot = _one(revision)
    rows = Change.objects.filter(number__gt=snapshot.former_revision, number__lte=snapshot.revision)
    told = rows.order_by("number").values("number", "kind", "slug", "version", "at", "fields")
    return StreamingHttpResponse(
        _lines(told.iterator(chunk_size=1000)), content_type="application/jsonl; charset=utf-8"
    )


@declare(PUBLIC)
@require_safe
def take_away(request: HttpRequest, revision: int, form: str) -> HttpResponseBase:
    """One file. 503 for the while in which an entry that was removed is being taken out of it: not a byte of
    it is given out then."""
    _one(revision)
    kept = get_object_or_404(
        SnapshotFile.objects.select_related("snapshot"), snapshot__revision=revision, form=form
    )
    if awaits_cleaning(kept):
        return _not_now()
    tag = f'"{kept.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        try:
            file = default_storage.open(kept.file)
        except FileNotFoundError:  # replaced since the row was read
            return _not_now()
        response = FileResponse(
            file, as_attachment=True, filename=kept.public_name, content_type="application/gzip"
        )
    response["ETag"] = tag
    response["Link"] = f'<{licence.ADDRESS}>; rel="license"'
    return _open(response)


def _not_now() -> HttpResponse:
    told = "An entry was removed from the register, or shortened. This file is being made anew without it.\n"
    answer = HttpResponse(told, status=503, content_type="text/plain; charset=utf-8")
    answer["Retry-After"] = str(_RETRY_SECONDS)
    return answer


def _latest(most: int) -> QuerySet[Snapshot]:
    return Snapshot.objects.prefetch_related("files__snapshot").order_by("-revision")[:most]


def _one(revision: int) -> Snapshot:
    if revision > MOST:
        raise Http404("There is no such snapshot.")
    return get_object_or_404(Snapshot, revision=revision)


def _told(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "revision": snapshot.revision,
        "former_revision": snapshot.former_revision,
        "made_at": in_utc(snapshot.made_at),
        "changes": _at("snapshots:changes", snapshot.revision),
        "files": [
            {
                "form": file.form,
                "url": _at("snapshots:file", snapshot.revision, file.form),
                "name": file.public_name,
                "sha256": file.sha256,
                "size": file.size,
                "rows": file.rows,
                "replaced": file.replaced,
            }
            for file in snapshot.files.all()
        ],
    }


def _at(route: str, *parts: object) -> str:
    return f"{settings.PORTAL_URL}{reverse(route, args=parts)}"


def _lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    told = (json.dumps({**row, "at": in_utc(row["at"])}) for row in rows)
    for some in batched_lines(told):
        yield some.encode()


def _open(response: Answer) -> Answer:
    response["Cache-Control"] = CONTROL
    response["Access-Control-Allow-Origin"] = "*"
    return response
