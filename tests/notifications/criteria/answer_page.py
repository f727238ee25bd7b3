"""The answer page of the checker, read back as data: what it says, not how it is set."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from django.test import Client
from django.urls import reverse

_OUTCOMES: Final = {
    "Met": "met",
    "Not met": "not_met",
    "Not known": "unknown",
    "Doubtful": "doubtful",
    "Does not apply": "not_concerned",
}


@dataclass
class _Reader(HTMLParser):
    """Headings, list items, paragraphs and the rows of tables, each as text; links behind their text."""

    heading: str = ""
    blocks: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td", "h1", "h2", "h3", "li", "p"):
            self.cell = []
        if tag == "a" and self.cell is not None:
            self.cell.append(f"<{dict(attrs).get('href')}> ")

    def handle_endtag(self, tag: str) -> None:
        if self.cell is None or tag not in ("th", "td", "h1", "h2", "h3", "li", "p"):
            return
        text = re.sub(r"\s+", " ", "".join(self.cell)).strip()
        if tag in ("th", "td"):
            self.rows[-1].append(text)
        elif tag == "h1":
            self.heading = text
        else:
            self.blocks.append((tag, text))
        self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)


@dataclass(frozen=True)
class AnswerPage:
    """``rules`` are code, outcome, arithmetic, whether it is verified, and the address of its source (or its
    words), as the table of each version of the criteria has them."""

    html: str
    heading: str
    code: str
    others: list[str]
    reasons: list[str]
    regimes: list[str]
    rules: list[tuple[str, str, str, bool, str]]


def answer_page(client: Client, facts: dict[str, str]) -> AnswerPage:
    """The page of these facts."""
    answer: Any = client.get(reverse("criteria:answer"), facts)
    assert answer.status_code == 200
    html = answer.content.decode()
    return read(html)


def read(html: str) -> AnswerPage:
    """What a page, or a part of one, says."""
    reader = _Reader()
    reader.feed(html)
    given = re.search(r"Give code <strong>([^<]+)</strong>(?:; also met: ([\d., ab]+)\.)?", html)
    told = reader.blocks
    why = next((at for at, block in enumerate(told) if block == ("h2", "Why")), len(told))
    reasons = []
    for tag, text in told[why + 1 :]:
        if tag != "li":
            break
        reasons.append(text)
    return AnswerPage(
        html,
        reader.heading,
        given[1] if given else "",
        given[2].split(", ") if given and given[2] else [],
        reasons,
        [text for tag, text in told if tag == "h3" and text != "How words are read"],
        [_rule(row) for row in reader.rows if row[:1] != ["Code"]],
    )


def _rule(row: list[str]) -> tuple[str, str, str, bool, str]:
    code, _, arithmetic, outcome, verified = row
    link = re.search(r"<([^>]+)>", verified)
    source = link[1] if link else verified
    return code, _OUTCOMES[outcome], arithmetic, verified.startswith("Yes"), source
