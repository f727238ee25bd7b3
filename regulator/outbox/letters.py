"""The kinds of letter. Each app registers its own; the text lies in ``templates/email/<name>.txt``."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter: the subject's template, and the version that rises when its text changes.

    ``forgotten`` says that it carries a secret (a link, a one-time code), so that its text is erased from the
    outbox as soon as it has left or never will (docs/decisions/0009).
    """

    name: str
    version: int
    subject: str
    forgotten: bool = False


FORGOTTEN: Final = "The text of this letter carried a secret and was not kept.\n"
"""What stands in the outbox in place of the text of such a letter."""


LETTERS: Registry[Letter] = Registry("letter")


def is_forgotten(name: str) -> bool:
    """Whether the text of letters of that name is erased once they are settled."""
    return name in LETTERS and LETTERS.get(name).forgotten


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
