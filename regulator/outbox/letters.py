"""The kinds of letter. Each app registers its own; the text lies in ``templates/email/<name>.txt``."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter: the subject's template, and the version that rises when its text changes."""

    name: str
    version: int
    subject: str


LETTERS: Registry[Letter] = Registry("letter")


def render(letter: Letter, context: dict[str, Any]) -> tuple[str, str]:
    """Subject and plain-text body. A value that is missing raises ``jinja2.UndefinedError``: a letter
    with a gap in it must never leave."""
    values = {"portal_url": settings.PORTAL_URL, **context}
    subject = _subject(letter).render(values)
    body = _environment().get_template(f"{letter.name}.txt").render(values)
    return " ".join(subject.split())[:300], body.strip() + "\n"


@cache
def _subject(letter: Letter) -> Template:
    """Compiled once: compiling costs more than writing the letter."""
    return _environment().from_string(letter.subject)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(settings.BASE_DIR / "templates" / "email"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 (plain text: there is nothing to escape into)
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = lambda value: f"{value:%A} {value.day} {value:%B %Y}"
    return environment
