"""What every chart is drawn with: SVG elements, ticks of an axis, and text that keeps to a width. Pure.

Attributes stand on the elements themselves, never in a style: the pages' Content-Security-Policy forbids it,
and a PDF has no style sheet. What a chart shows, and where its parts lie, is each chart's own.
"""

import math
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

__all__ = ["Tick", "element", "lines_of", "round_ticks", "width_of"]

_EM: Final = 0.53
"""The mean width of a letter of Arial or Arimo in ems: lines are broken a little early rather than late."""
_STEPS: Final = (1, 2, 5, 10)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of an axis: where it lies, and what stands beside it."""

    at: float
    label: str


def element(tag: str, *inside: str, **attributes: str | float | None) -> Markup:
    """``<tag attributes>inside</tag>``, everything escaped that is no ``Markup``.

    An underscore in a name stands for a hyphen, and one at its end is dropped (``class_``); ``None``
    leaves an attribute out. Numbers are rounded to a tenth of a unit, so that equal charts are equal bytes.
    """
    told = "".join(
        f' {_name(name)}="{escape(_plain(value))}"' for name, value in attributes.items() if value is not None
    )
    return Markup(f"<{tag}{told}>{''.join(map(escape, inside))}</{tag}>")  # noqa: S704 - each part is escaped


def lines_of(text: str, *, width: float, size: float) -> list[str]:
    """``text`` in lines of at most ``width`` at a letter size of ``size``, broken between words, and within a
    word only where it is longer than a line. At least one line."""
    most = max(int(width / (size * _EM) + 1e-6), 1)
    lines: list[str] = []
    line = ""
    for word in text.split():
        while len(word) > most:
            room = most - len(line) - 1 if line else most
            if room < 1:
                lines.append(line)
                line, room = "", most
            line = f"{line} {word[:room]}" if line else word[:room]
            lines.append(line)
            line, word = "", word[room:]
        if line and len(line) + 1 + len(word) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line and word else line or word
    return [*lines, line] if line or not lines else lines


def width_of(text: str, *, size: float) -> float:
    """About how wide ``text`` is at a letter size of ``size``."""
    return len(text) * size * _EM


def round_ticks(largest: float, *, at_most: int = 6) -> list[int]:
    """Whole numbers from 0 at a round distance (1, 2 or 5 times a power of ten), the last of them at or above
    ``largest``; at most ``at_most`` + 1 of them."""
    wanted = max(largest, 1) / at_most
    power = 10 ** max(math.floor(math.log10(wanted)), 0)
    step = next(each * power for each in (*_STEPS, 20) if each * power >= wanted)
    return list(range(0, step * math.ceil(max(largest, 1) / step) + 1, step))


def _name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 1):g}"
