"""What search engines may read, and where (https://www.sitemaps.org/protocol.html).

The pages that always stand are named here, those that come and go by each app (``frontend.sitemaps``).
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from regulator.accounts.policies import PUBLIC, declare
from regulator.frontend.caching import Publication
from regulator.frontend.sitemaps import SITEMAPS, Place

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
"""Pages that stand whatever is published."""
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
_NAMELESS: Final = "register"
"""Whose parts are known by their numbers alone: they were before any other was."""
_HERE: Final = "regulator/sitemap.py"
_A_DAY: Final = "public, max-age=86400"


@declare(PUBLIC)
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the register and what explains it; nothing of employers', staff's or sign-in."""
    closed = "".join(f"Disallow: {path}\n" for path in CLOSED)
    where = f"{settings.PORTAL_URL}{reverse('sitemap')}"
    told = f"User-agent: *\n{closed}Allow: /\n\nSitemap: {where}\n"
    response = HttpResponse(told, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = _A_DAY
    return response


@declare(PUBLIC)
@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponseBase:
    """The sitemaps: one of the fixed pages, and of each publication one for each 50,000 keys among which a
    page stands. One query for each publication to whoever has the present one, else two and for the dashboard
    four."""
    revisions = {name: each.publication.present() for name, each in SITEMAPS.items()}
    number, last = sum(one for one, _ in revisions.values()), max(at for _, at in revisions.values())
    code = dict.fromkeys(place for each in SITEMAPS.values() for place in each.publication.code)
    whole = Publication("sitemap", lambda: (number, last), (*code, _HERE))

    @whole.revisioned
    def index(request: HttpRequest) -> HttpResponse:
        parts = (
            _sitemap(_named(name, part), f"<lastmod>{_in_utc(revisions[name][1])}</lastmod>")
            for name, each in SITEMAPS.items()
            for part in each.parts(PER_PAGE)
        )
        return _xml("sitemapindex", [_sitemap("pages"), *parts])

    return index(request)


@declare(PUBLIC)
@require_safe
def sitemap_part(request: HttpRequest, name: str) -> HttpResponseBase:
    """The addresses of one sitemap, each page's with the moment of its last change. Three queries at
    most, and for the dashboard nine; streamed."""
    if name == "pages":
        response = _xml("urlset", [f"<url><loc>{escape(_at(reverse(each)))}</loc></url>\n" for each in PAGES])
        response["Cache-Control"] = _A_DAY
        return response
    source, _, number = name.rpartition("-")
    kind, part = source or _NAMELESS, int(number[:6]) if number.isascii() and number.isdigit() else 0
    if kind not in SITEMAPS or not 1 <= part <= MOST_PAGES or _named(kind, part) != name:
        raise Http404("There is no such sitemap.")
    found = SITEMAPS.get(kind)
    publication = replace(found.publication, code=(*found.publication.code, _HERE))

    @publication.revisioned
    def one(request: HttpRequest) -> HttpResponseBase:
        first, last = (part - 1) * PER_PAGE + 1, part * PER_PAGE
        with closing(found.places(first, last)) as any_of_them:
            if next(any_of_them, None) is None:
                raise Http404("There is no such sitemap.")
        return StreamingHttpResponse(_urls(found.places(first, last)), content_type=_TYPE)

    return one(request)


def _named(name: str, part: int) -> str:
    """What stands for a part in its address."""
    return str(part) if name == _NAMELESS else f"{name}-{part}"


def _sitemap(name: str, rest: str = "") -> str:
    where = escape(_at(reverse("sitemap_part", args=[name])))
    return f"<sitemap><loc>{where}</loc>{rest}</sitemap>\n"


def _xml(root: str, lines: Iterable[str]) -> HttpResponse:
    return HttpResponse(f"{_HEAD}<{root} {_NS}>\n{''.join(lines)}</{root}>\n", content_type=_TYPE)


def _urls(places: Iterable[Place]) -> Iterator[bytes]:
    yield f"{_HEAD}<urlset {_NS}>\n".encode()
    for path, changed_at in places:
        where = escape(_at(path))
        yield f"<url><loc>{where}</loc><lastmod>{_in_utc(changed_at)}</lastmod></url>\n".encode()
    yield b"</urlset>\n"


def _in_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _at(path: str) -> str:
    return f"{settings.PORTAL_URL}{path}"
