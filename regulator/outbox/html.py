"""The HTML part of a letter, made of its text and of nothing else: paragraphs, lines, and links.

No picture, no style, nothing that a mail program would fetch. Only an address of the portal itself becomes a
link: one that somebody typed into the summary of a case is shown, and leads nowhere in CQC's name.
"""

import re
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LAYOUT: Final = 1
"""Rises when the HTML of the same text changes, so that what left can be told from what would leave now."""
_PARAGRAPHS: Final = re.compile(r"\n(?:[ \t]*\n)+")
_ADDRESS: Final = re.compile(r"(?<!\S)(https?://\S*[^\s.,;:!?)\]”’'\"])")


def document(subject: str, body: str) -> str:
    """The whole part, as it is sent."""
    return format_html(
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n<title>{}</title>\n</head>\n'
        "<body>\n{}\n</body>\n</html>\n",
        subject,
        fragment(body),
    )


def fragment(body: str, *, home: str = "") -> SafeString:
    """The paragraphs of a text, escaped. Addresses below ``home`` (the portal's, unless said) are links."""
    own = (home or settings.PORTAL_URL).rstrip("/")
    paragraphs = _PARAGRAPHS.split(body.replace("\r\n", "\n").strip("\n"))
    return format_html_join("\n", "<p>{}</p>", ((_paragraph(each, own),) for each in paragraphs))


def _paragraph(text: str, own: str) -> SafeString:
    first, *others = text.split("\n")
    return format_html(
        "{}{}", _line(first, own), format_html_join("", "<br>\n{}", ((_line(each, own),) for each in others))
    )


def _line(text: str, own: str) -> SafeString:
    return format_html_join("", "{}", ((each,) for each in _words(text, own)))


def _words(text: str, own: str) -> Iterator[str]:
    """What stands between addresses as it is, and each address as a link where it is the portal's own."""
    for piece in _ADDRESS.split(text):
        is_own = piece == own or piece.startswith(f"{own}/")
        yield format_html('<a href="{}">{}</a>', piece, piece) if is_own else piece
