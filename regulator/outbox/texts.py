"""Editions of the letters' texts: what an administrator wrote is checked against the letter's payload.

Every name that a text uses is known, whatever may be missing is asked for first (``{% if … %}``), and nothing
is reached but the values.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

from regulator.editions.forms import ContentForm
from regulator.editions.holding import held_on
from regulator.editions.kinds import Content, Difference, EditionKind, Touched
from regulator.outbox import html
from regulator.outbox.letters import LETTER, LETTERS, Letter, rendered, sandbox, shipped
from regulator.outbox.payload import EXAMPLE_HOME, Payload, contexts

LONGEST: Final = {"subject": 300, "body": 10_000}
_ALWAYS: Final = frozenset({"portal_url"})
_FILTERS: Final = frozenset({"day", "lower", "upper", "capitalize", "join"})
_ALLOWED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Filter, nodes.If,
    nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg,
    nodes.Const,
)  # fmt: skip
"""What a text may be made of: values, conditions, and lists one by one. No call, no arithmetic, no file."""


class LetterForm(ContentForm):
    """Subject and text of a letter."""

    subject = forms.CharField(label="Subject", max_length=LONGEST["subject"])
    body = forms.CharField(
        label="Text", max_length=LONGEST["body"], widget=forms.Textarea(attrs={"rows": 18}), strip=False
    )
    field_order = ("subject", "body", "holds_from", "reason")

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in LONGEST}


def whats() -> Sequence[tuple[str, str]]:
    """The letters whose text may be changed, by name."""
    named = ((letter.name, _title(letter)) for letter in LETTERS.values() if letter.payload is not None)
    return sorted(named, key=lambda each: each[1])


def present(what: str, day: date) -> Content:
    """What the letter says on ``day``."""
    held = held_on(LETTER, what, day)
    if held is not None:
        return held.content
    subject, body = shipped(LETTERS.get(what))
    return {"subject": subject, "body": body}


def check(what: str, holds_from: date, content: Content) -> dict[str, Any]:
    """The text as it is kept. Raises ``ValidationError`` for one that could come out with a gap."""
    letter = LETTERS.get(what)
    texts = {name: str(content.get(name, "")).strip() for name in LONGEST}
    faults = {name: found for name, text in texts.items() if (found := _faults(letter, name, text))}
    if faults:
        raise ValidationError(faults)
    used = set().union(*(find_undeclared_variables(sandbox().parse(text)) for text in texts.values()))
    missing = [name for name in letter.needs if name not in used]
    if missing:
        raise ValidationError({"body": f"The letter is of no use without {_listed(missing)}."})
    _write_with_everything(letter, texts)
    return texts


def differences(what: str, before: Content, after: Content) -> list[Difference]:
    """Subject and text, old beside new, and as an example would arrive: as text, and as HTML (escaped)."""
    found = [
        Difference(label, str(before[name]).strip(), str(after[name]).strip())
        for name, label in (("subject", "Subject"), ("body", "Text"))
        if str(before[name]).strip() != str(after[name]).strip()
    ]
    if found:
        example = next(contexts(_payload(LETTERS.get(what))))
        arrive = [rendered(each["subject"], each["body"], example) for each in (before, after)]
        found.append(Difference("As it arrives, with examples", *("\n\n".join(each) for each in arrive)))
        parts = (html.fragment(body, home=EXAMPLE_HOME) for _, body in arrive)
        found.append(Difference("As it arrives in a mail program that shows HTML", *parts))
    return found


def touched(what: str, holds_from: date, content: Content) -> Touched:
    """No case: letters that were written before stay as they are. The names that a text may use."""
    payload = _payload(LETTERS.get(what))
    names = [f"{name}{' (may be empty)' if value.may_be_empty else ''}" for name, value in payload.items()]
    return Touched(
        notes=("Letters that wait in the outbox go as they were written.", f"Known: {', '.join(names)}.")
    )


def _payload(letter: Letter) -> Payload:
    return letter.payload or {}


def _faults(letter: Letter, name: str, text: str) -> list[str]:
    """What is wrong with the text of one box, in words."""
    if not text:
        return ["Write something."]
    if len(text) > LONGEST[name]:
        return [f"Use {LONGEST[name]:,} characters or fewer."]
    try:
        tree = sandbox().parse(text)
    except TemplateSyntaxError as wrong:
        return [f"Line {wrong.lineno} cannot be read: {wrong.message}."]
    known = set(_payload(letter)) | _ALWAYS
    unknown = sorted(find_undeclared_variables(tree) - known)
    if unknown:
        return [f"No value is called {_listed(unknown)}. Known: {', '.join(sorted(known))}."]
    return list(dict.fromkeys(_what_is_not_allowed(tree)))


def _what_is_not_allowed(tree: nodes.Node) -> Iterator[str]:
    for node in tree.find_all(nodes.Node):
        if isinstance(node, nodes.Filter) and node.name not in _FILTERS:
            yield f"Line {node.lineno}: “{node.name}” is not among {', '.join(sorted(_FILTERS))}."
        elif isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            yield f"Line {node.lineno}: “{node.attr}” cannot be reached."
        elif not isinstance(node, _ALLOWED):
            yield f"Line {node.lineno}: a text holds values, conditions and lists only."


def _write_with_everything(letter: Letter, texts: dict[str, str]) -> None:
    """Write the letter with every combination of its examples. Raises ``ValidationError`` where one fails."""
    for context in contexts(_payload(letter)):
        for name, text in texts.items():
            try:
                rendered(text, "", context)
            except (TemplateError, TypeError, ValueError, AttributeError) as failed:
                raise ValidationError({name: _why(context, failed)}) from failed


def _why(context: dict[str, Any], failed: Exception) -> str:
    empty = [name for name, value in context.items() if value in (None, "", ())]
    with_gaps = f" where {_listed(empty)} {'is' if len(empty) == 1 else 'are'} empty" if empty else ""
    return f"It could not be written{with_gaps}: {failed}. Ask for the value first: {{% if … %}}."


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


def _title(letter: Letter) -> str:
    """ "Notifications: sign off request", for lists."""
    room, _, rest = letter.name.replace("/", "_").replace("-", "_").partition("_")
    return f"{room.capitalize()}: {rest.replace('_', ' ')}"


KIND: Final = EditionKind(
    name=LETTER,
    label="Letter",
    lead="What a letter says from a day on. Names in double braces are filled in when it is written.",
    whats=whats,
    form=lambda: LetterForm,
    present=present,
    check=check,
    differences=differences,
    touched=touched,
)
