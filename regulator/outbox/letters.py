"""The kinds of letter. Each app registers its own; the text lies in ``templates/email/<name>.txt``, until an
edition of it holds (``outbox.texts``)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from regulator import clock
from regulator.editions.holding import Held, held_on
from regulator.outbox.payload import Payload
from regulator.registry import Registry


@dataclass(frozen=True, slots=True)
class Letter:
    """One kind of letter: the subject's template, and the version that rises when its text changes.

    ``forgotten`` says that it carries a secret (a link, a one-time code), so that its text is erased from the
    outbox as soon as it has left or never will (docs/decisions/0009). ``payload`` names what a text may say,
    and of what kind each is: whoever writes the letter gives all of it. Without a payload the text is the
    code's alone. ``needs`` are what any text must say, or the letter would be of no use. ``headers`` answers
    the further headers of a letter as it leaves, by the key of its row: a link in them is not kept either.
    """

    name: str
    version: int
    subject: str
    forgotten: bool = False
    payload: Payload | None = None
    needs: tuple[str, ...] = ()
    headers: Callable[[int], Mapping[str, str]] | None = None


LETTER: Final = "letter"
"""The kind of edition."""

FORGOTTEN: Final = "The text of this letter carried a secret and was not kept.\n"
"""What stands in the outbox in place of the text of such a letter."""


LETTERS: Registry[Letter] = Registry("letter")


def is_forgotten(name: str) -> bool:
    """Whether the text of letters of that name is erased once they are settled."""
    return name in LETTERS and LETTERS.get(name).forgotten


def headers_of(name: str, key: int) -> dict[str, str]:
    """The further headers of the letter whose row has that key."""
    asked = LETTERS.get(name).headers if name in LETTERS else None
    return dict(asked(key)) if asked is not None else {}


class Incomplete(Exception):
    """Whoever writes the letter did not give all of its payload."""


def edition_of(letter: Letter) -> Held | None:
    """The edition of the letter's text that holds today. No query inside ``writing``, one outside."""
    return held_on(LETTER, letter.name, clock.today()) if letter.payload is not None else None


def render(letter: Letter, context: dict[str, Any], edition: Held | None = None) -> tuple[str, str]:
    """Subject and plain-text body: the shipped text's, or that of ``edition``. A value that is missing raises
    ``jinja2.UndefinedError`` or, where the payload names it, ``Incomplete``: a letter with a gap in it must
    never leave."""
    missing = sorted(set(letter.payload or ()) - set(context))
    if missing:
        raise Incomplete(f"the letter {letter.name} was written without {', '.join(missing)}")
    if edition is not None:
        return rendered(edition.content["subject"], edition.content["body"], context)
    values = {"portal_url": settings.PORTAL_URL, **context}
    body = _environment().get_template(f"{letter.name}.txt").render(values)
    return _tidied(_subject(letter.subject).render(values), body)


def rendered(subject: str, body: str, context: dict[str, Any]) -> tuple[str, str]:
    """The same of a text that an administrator wrote, which reaches nothing but the values."""
    values = {"portal_url": settings.PORTAL_URL, **context}
    templates = (_written(subject), _written(body))
    return _tidied(*(template.render(values) for template in templates))


def shipped(letter: Letter) -> tuple[str, str]:
    """The templates of subject and body as they come with the code."""
    environment = _environment()
    loader = environment.loader
    if loader is None:
        raise LookupError("letters have no folder")
    body, _, _ = loader.get_source(environment, f"{letter.name}.txt")
    return letter.subject, body


def _tidied(subject: str, body: str) -> tuple[str, str]:
    return " ".join(subject.split())[:300], body.strip() + "\n"


@cache
def _subject(template: str) -> Template:
    """Compiled once: compiling costs more than writing the letter."""
    return _environment().from_string(template)


@cache
def _written(text: str) -> Template:
    return sandbox().from_string(text)


@cache
def _environment() -> Environment:
    folder = FileSystemLoader(settings.BASE_DIR / "templates" / "email")
    return _made(Environment, loader=folder)


@cache
def sandbox() -> Environment:
    """Where texts that administrators write are read and rendered: without files, and without reach."""
    return _made(ImmutableSandboxedEnvironment)


def _made(kind: type[Environment], **options: Any) -> Environment:
    environment = kind(
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **options,
    )
    environment.filters["day"] = lambda value: f"{value:%A} {value.day} {value:%B %Y}"
    return environment
