"""What search engines may read, and where (https://www.sitemaps.org/protocol.html)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import F, IntegerField
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from enforcement.register.caching import present_of, revisioned
from enforcement.register.models import RegisterEntry
from enforcement.register.records import in_utc, page_address
from regulator.accounts.policies import PUBLIC, declare

PER_PAGE: Final = 50_000
"""As many addresses as one sitemap may hold."""
MOST_PAGES: Final = 50_000
PAGES: Final = (
    "front_page",
    "guidance:list",
    "learning:list",
    "register:list",
    "register:employers",
    "register:places",
    "register:regions",
    "register:regulations",
    "register_open:download",
    "register_open:columns",
    "snapshots:index",
    "reports:list",
    "reports:methods",
    "reports:disagreements",
    "statistics:home",
)
"""Pages that stand whatever the register holds."""
CLOSED: Final = (
    "/account/",
    "/api/v1/activity/",
    "/api/v1/notifications/",
    "/check/draft/",
    "/desk/",
    "/diary/",
    "/digest/",
    "/employer/",
    "/feedback/",
    "/home/",
    "/inspections/",
    "/invitation/",
    "/joining/",
    "/notices/",
    "/notifications/",
    "/register-alerts/",
    "/sign-off/",
)
"""Where nothing is for the public, or where an address is a secret."""
_TYPE: Final = "application/xml; charset=utf-8"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS: Final = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_AT_ONCE: Final = 500


@declare(PUBLIC)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the register and what explains it; nothing of employers', staff's or sign-in."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    where = f"{settings.PORTAL_URL}{reverse('sitemap')}"
    told = f"User-agent: *\n{closed}Allow: /\n\nSitemap: {where}\n"
    response = HttpResponse(told, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "public, max-age=86400"
    return response


@declare(PUBLIC)
@require_safe
@revisioned
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The sitemaps: one of the fixed pages, and one for each 50,000 keys of entries among which one stands
    (two queries)."""
    _, changed_at = present_of(request)
    block = Cast((F("pk") - 1) / PER_PAGE, IntegerField())
    blocks = RegisterEntry.objects.order_by().annotate(block=block).values_list("block", flat=True).distinct()
    names = ["pages", *(str(each + 1) for each in sorted(blocks))]
    told = "".join(
        f"<sitemap><loc>{escape(_at(reverse('sitemap_part', args=[name])))}</loc>"
        f"<lastmod>{in_utc(changed_at)}</lastmod></sitemap>\n"
        for name in names
    )
    return HttpResponse(f"{_HEAD}<sitemapindex {_NS}>\n{told}</sitemapindex>\n", content_type=_TYPE)


@declare(PUBLIC)
@require_safe
@revisioned
def sitemap_part(request: HttpRequest, name: str) -> HttpResponseBase:
    """The addresses of one sitemap, each entry's with the moment of its last change. One query, streamed."""
    if name == "pages":
        told = "".join(f"<url><loc>{escape(_at(reverse(each)))}</loc></url>\n" for each in PAGES)
        return HttpResponse(f"{_HEAD}<urlset {_NS}>\n{told}</urlset>\n", content_type=_TYPE)
    if not (name.isascii() and name.isdigit() and 1 <= int(name[:6]) <= MOST_PAGES and len(name) < 6):
        raise Http404("There is no such sitemap.")
    last = int(name) * PER_PAGE
    rows = RegisterEntry.objects.filter(pk__gt=last - PER_PAGE, pk__lte=last).order_by("pk")
    found = rows.values_list("slug", "updated_at")
    if not found.exists():
        raise Http404("There is no such sitemap.")
    return StreamingHttpResponse(_urls(found.iterator(chunk_size=_AT_ONCE)), content_type=_TYPE)


def _urls(rows: Iterator[tuple[str, datetime]]) -> Iterator[bytes]:
    yield f"{_HEAD}<urlset {_NS}>\n".encode()
    for slug, updated_at in rows:
        where = escape(page_address(slug))
        yield f"<url><loc>{where}</loc><lastmod>{in_utc(updated_at)}</lastmod></url>\n".encode()
    yield b"</urlset>\n"


def _at(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
