"""The script that shows a checklist without a connection. It is served beside the pages, so that it reaches
no further than they do."""

from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

FILE: Final = Path(__file__).parent.parent / "data" / "worker.js"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The script; the browser asks for it anew each time (no query)."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> bytes:
    return FILE.read_bytes()
