"""Setting a document: a template and plain facts in, a tagged PDF out. Pure, without network or clock.

The facts go in as JSON and are shown as text, so whatever markup somebody typed is inert. Nothing can be read
but the template's own folder and the one font that the portal brings along.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg_arimo
import typst

from regulator.documents.coverage import characters_of

FONT_FOLDER: Final = fontpkg_arimo.ROOT / "files"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_KEPT: Final = frozenset("\n\t")
_FORBIDDEN: Final = frozenset({0x0000, 0xFEFF, 0xFFFE})
"""What PDF/UA-1 allows in no text (ISO 14289-1:2014, 7.21.7), whatever the font has."""


def render(template: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """A PDF/UA-1 of ``template``, which reads ``json(bytes(sys.inputs.data))``.

    ``made_at`` (aware) is the document's own date, to the second: the same template, facts and moment give
    the same bytes. A character that the font lacks (an emoji, Arabic, Chinese) is shown as the replacement
    character, since PDF/UA-1 forbids text without a glyph (ISO 14289-1:2014, 7.21.8). Raises
    ``typst.TypstError`` for a fault of the template, never for a text.
    """
    compiler = typst.Compiler(
        template, root=template.parent, font_paths=_fonts(), sys_inputs={"data": _as_json(data)}
    )
    moment = made_at.astimezone(UTC).replace(microsecond=0)
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=moment)
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _as_json(data: Mapping[str, Any]) -> str:
    return json.dumps(_displayable(data), ensure_ascii=False, sort_keys=True)


def _displayable(value: Any) -> Any:
    """``value`` with every character that has no glyph replaced, at any depth."""
    if isinstance(value, str):
        return "".join(each if each in _KEPT or ord(each) in _covered() else REPLACEMENT for each in value)
    if isinstance(value, Mapping):
        return {str(key): _displayable(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_displayable(each) for each in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    """Read once a process: the portal's own font alone, so that no machine's fonts change a document."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT_FOLDER)]
    )


@cache
def _covered() -> frozenset[int]:
    """What can be shown: the font has it, and the standard allows it."""
    return characters_of(FONT_FOLDER / "Arimo[wght].ttf") - _FORBIDDEN
